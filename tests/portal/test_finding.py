"""The way to one's own page without a known phone: code or account and four digits."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from classroom.attendance.models import Mark
from classroom.certification.services.listing import list_learner
from classroom.core.db import db
from classroom.core.models import Throttle
from classroom.learners.models import Learner
from classroom.online.models import Account
from classroom.portal import services
from classroom.portal.rules import TRIES_FROM_EVERYWHERE, TRIES_PER_CLAIM, network_of, site_of
from classroom.portal.services import find_person
from classroom.sessions.models import ClassSession, Enrolment
from tests.factories import LONG_AGO, at, vietnam
from tests.support.deciding import Deciding

DAY = date(2026, 10, 9)


@pytest.fixture
def world(app: Flask) -> Deciding:
    return Deciding()


@pytest.fixture
def learner(world: Deciding) -> Learner:
    return world.learner(phone="+84912345678", id_number="040190001234")


def find(client: FlaskClient, who: str, digits: str, address: str = "127.0.0.1", hour: int = 9) -> tuple[int, str]:
    with at(vietnam(hour, day=DAY)):
        form = {"who": who, "digits": digits}
        answer = client.post("/me/find", data=form, environ_base={"REMOTE_ADDR": address})
    return answer.status_code, re.sub(r'name="csrf_token" value="[^"]*"', "", answer.get_data(as_text=True))


def me(client: FlaskClient, minutes: int = 1) -> str:
    with at(vietnam(9, day=DAY) + timedelta(minutes=minutes)):
        return client.get("/me").get_data(as_text=True)


def fetch(client: FlaskClient, path: str) -> TestResponse:
    with at(vietnam(9, 1, day=DAY)):
        return client.get(path)


def give_account(world: Deciding, learner: Learner, name: str) -> Account:
    made = Account(
        organisation_id=world.course.organisation_id, intake_id=world.intake.id, learner_id=learner.id, name=name,
        key=name.casefold(), issued_on=date(2026, 10, 1), issued_how="hand", created_at=LONG_AGO,
    )  # fmt: skip
    db.session.add(made)
    db.session.commit()
    return made


def marked(learner: Learner, half_days: Iterable[ClassSession]) -> None:
    """Present at these half-days, in the one place that the learner has."""
    place = db.session.scalars(select(Enrolment).where(Enrolment.learner_id == learner.id)).one()
    common = {"organisation_id": learner.organisation_id, "enrolment_id": place.id, "updated_at": LONG_AGO}
    db.session.add_all(Mark(**common, class_session_id=each.id, status="present") for each in half_days)
    db.session.commit()


@pytest.mark.parametrize("digits", ["5678", "1234", " 56 78 "])
def test_code_with_four_digits_of_phone_or_id_number_opens_the_own_page(
    client: FlaskClient, learner: Learner, digits: str
) -> None:
    code = f"{learner.code[:4].lower()}-{learner.code[4:]}"
    assert find(client, code, digits)[0] == 303
    assert learner.name in me(client)


def test_an_account_number_opens_it_too(client: FlaskClient, world: Deciding, learner: Learner) -> None:
    account = give_account(world, learner, "NgheAn01-0001")
    assert find(client, "nghean01-0001", "5678")[0] == 303
    account = db.session.get_one(Account, account.id)
    account.annulled_at = LONG_AGO
    db.session.commit()
    client.delete_cookie("me")
    assert find(client, "nghean01-0001", "5678")[0] == 422


def test_unknown_and_wrong_are_answered_alike(client: FlaskClient, learner: Learner) -> None:
    wrong = find(client, learner.code, "0000")
    unknown = find(client, "ZZZZZZZZ", "5678")
    assert wrong == unknown
    assert wrong[0] == 422
    assert client.get_cookie("me") is None


def test_hostile_input_finds_nobody(client: FlaskClient, world: Deciding) -> None:
    world.learner(phone="", id_number="")
    for who in ("", " ", "?", "x" * 5000, "' OR 1=1 --", "<script>", "\U0001f600", "٠١٢٣٤٥٦٧"):
        for digits in ("", "٥٦٧٨"):
            status, page = find(client, who, digits)
            assert status in (422, 429), who
            assert "<script>" not in page


def test_who_has_neither_phone_nor_id_number_is_found_by_no_digits(client: FlaskClient, world: Deciding) -> None:
    bare = world.learner(phone="", id_number="")
    assert [find(client, bare.code, digits)[0] for digits in ("", "0000", "?")] == [422, 422, 422]


def test_four_digits_cannot_be_guessed(client: FlaskClient, learner: Learner) -> None:
    tried = [find(client, learner.code, f"{guess:04}")[0] for guess in range(TRIES_PER_CLAIM + 1)]
    assert tried == [422] * TRIES_PER_CLAIM + [429]
    assert find(client, learner.code.lower(), "5678")[0] == 429
    with at(vietnam(10, 30, day=DAY)):
        again = client.post("/me/find", data={"who": learner.code, "digits": "5678"})
    assert again.status_code == 303


def test_the_limit_holds_for_unknown_codes_alike(client: FlaskClient, world: Deciding) -> None:
    tried = [find(client, "ZZZZZZZZ", "5678")[0] for _ in range(TRIES_PER_CLAIM + 1)]
    assert tried == [422] * TRIES_PER_CLAIM + [429]


def test_wrong_tries_from_elsewhere_keep_nobody_out(client: FlaskClient, learner: Learner) -> None:
    for hour in (9, 10, 11):
        tried = [find(client, learner.code, "0000", "2001:db8::7", hour)[0] for _ in range(TRIES_PER_CLAIM + 1)]
        assert tried[-1] == 429
        assert find(client, learner.code, "5678", "203.0.113.5", hour)[0] == 303
    assert "vào ngày mai" in find(client, learner.code, "0000", "2001:db8::7", 12)[1]
    assert find(client, learner.code, "5678", "2001:db8::8", 12)[0] == 429, "the same network"
    assert find(client, learner.code, "5678", "203.0.113.5", 12)[0] == 303


def test_a_day_has_so_many_tries_from_everywhere(client: FlaskClient, learner: Learner) -> None:
    with at(vietnam(9, day=DAY)):
        for network in range(TRIES_FROM_EVERYWHERE // TRIES_PER_CLAIM):
            for _ in range(TRIES_PER_CLAIM):
                assert find_person(learner.code, "0000", f"198.51.100.{network}") is None
    assert find(client, learner.code, "5678", "203.0.113.5")[0] == 429
    assert find(client, learner.code, "5678", "203.0.113.5", 23)[0] == 429
    with at(vietnam(9, day=DAY + timedelta(days=1))):
        assert find_person(learner.code, "5678", "203.0.113.5").id == learner.id


@pytest.mark.parametrize(("limit", "free_at"), [("WRONG_PER_ADDRESS", 10), ("WRONG_A_DAY", None)])
def test_who_guesses_across_many_people_is_stopped_and_who_is_right_is_not_counted(
    client: FlaskClient, learner: Learner, monkeypatch: pytest.MonkeyPatch, limit: str, free_at: int | None
) -> None:
    monkeypatch.setattr(services, limit, 5)
    there = "198.51.100.7"
    for _ in range(8):
        assert find(client, learner.code, "5678", there)[0] == 303
    assert [find(client, f"nghean{guess:04}", "5678", there)[0] for guess in range(6)] == [422] * 5 + [429]
    status, page = find(client, learner.code, "5678", there)
    assert status == 429
    assert "Mạng này đã thử quá nhiều lần" in page
    assert find(client, learner.code, "5678", "203.0.113.5")[0] == 303
    assert find(client, learner.code, "5678", there, free_at or 23)[0] == (303 if free_at else 429)


def test_who_has_many_networks_of_ipv6_is_stopped_as_one(
    client: FlaskClient, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "WRONG_PER_ADDRESS", 5)
    tried = [find(client, f"nghean{n:04}", "5678", f"2001:db8:1:{n:x}::9")[0] for n in range(6)]
    assert tried == [422] * 5 + [429]
    assert find(client, learner.code, "5678", "2001:db8:2::9")[0] == 303


def test_who_waits_because_others_guessed_keeps_their_own_tries(
    client: FlaskClient, learner: Learner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "WRONG_PER_ADDRESS", 5)
    there = "198.51.100.7"
    for guess in range(5):
        find(client, f"nghean{guess:04}", "5678", there)
    for _ in range(TRIES_PER_CLAIM + 1):
        assert find(client, learner.code, "5678", there)[0] == 429
    monkeypatch.setattr(services, "WRONG_PER_ADDRESS", 100)
    assert find(client, learner.code, "5678", there)[0] == 303


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:0:1:2:3:4:5", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_network_is_what_one_household_has_to_itself(address: str, network: str) -> None:
    assert network_of(address) == network
    assert site_of(address) == network.replace("2001:db8:0:1::/64", "2001:db8::/48").replace("/64", "/48")


def test_a_right_try_starts_the_count_anew(client: FlaskClient, learner: Learner) -> None:
    for _ in range(3):
        find(client, learner.code, "0000")
    find(client, learner.code, "5678")
    assert db.session.scalars(select(Throttle).where(Throttle.scope == "me.claim")).all() == []
    assert db.session.scalars(select(Throttle).where(Throttle.scope == "me.claim.day")).all() == []


def test_the_cookie_is_for_one_person_and_one_hour(client: FlaskClient, world: Deciding, learner: Learner) -> None:
    other = world.learner(phone="+84912340000")
    find(client, learner.code, "5678")
    with at(vietnam(9, 1, day=DAY)):
        assert other.name not in client.get(f"/me?who={other.public_id}").get_data(as_text=True)
    assert learner.name in me(client, minutes=59)
    assert learner.name not in me(client, minutes=61)


def test_a_cookie_of_another_making_opens_nothing(client: FlaskClient, learner: Learner) -> None:
    find(client, learner.code, "5678")
    cookie = client.get_cookie("me")
    assert cookie
    client.set_cookie("me", cookie.value[:-2] + "xx")
    assert learner.name not in me(client)


def test_forgetting_leaves_nothing_on_the_machine(client: FlaskClient, learner: Learner) -> None:
    find(client, learner.code, "5678")
    assert "Quên tôi trên máy này" in me(client)
    client.post("/me/forget")
    assert learner.name not in me(client)


def test_who_was_found_by_a_number_does_not_get_the_code_that_checks_in(client: FlaskClient, learner: Learner) -> None:
    find(client, learner.code, "5678")
    with at(vietnam(9, 1, day=DAY)):
        assert learner.code not in client.get("/me/badge").get_data(as_text=True)


def test_who_was_merged_is_found_as_the_kept_one_and_who_was_annulled_not_at_all(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    kept = world.learner(phone="+84987654321")
    find(client, learner.code, "5678")
    learner.annulled_at, learner.merged_into_id = LONG_AGO, kept.id
    db.session.commit()
    assert learner.name not in me(client)
    assert find(client, learner.code, "5678")[0] == 422
    assert find(client, learner.code, "4321")[0] == 303
    assert kept.name in me(client)
    kept.annulled_at = LONG_AGO
    db.session.commit()
    assert find(client, kept.code, "4321")[0] == 422
    assert kept.name not in me(client)


def test_two_people_behind_one_account_number_and_digits_are_nobody(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    give_account(world, learner, "hv1")
    world.intake = world.another_intake("Đợt 2")
    give_account(world, world.learner(phone="+84900005678"), "hv1")
    assert find(client, "hv1", "5678")[0] == 422


def test_the_pages_are_kept_by_nobody(client: FlaskClient, learner: Learner) -> None:
    assert client.get("/me/find").headers["Cache-Control"] == "no-store"
    find(client, learner.code, "5678")
    page = client.get("/me")
    assert page.headers["Cache-Control"] == "no-store"
    assert len(page.data) < 40_000


def test_the_online_state_is_told_with_the_days_left(client: FlaskClient, world: Deciding, learner: Learner) -> None:
    world.online(learner, completed_at=None, progress=Decimal("62.5"), score=None)
    find(client, learner.code, "5678")
    page = me(client)
    for words in ("62,5%", "còn 2 ngày", "hoàn thành khóa học trực tuyến chậm nhất trong ngày 11/10/2026"):
        assert words in page


def test_completed_in_time_is_told(client: FlaskClient, world: Deciding, learner: Learner) -> None:
    world.online(learner)
    find(client, learner.code, "5678")
    page = me(client)
    assert "Đúng hạn" in page
    assert "85/100" in page


def test_before_anything_is_decided_one_sentence_says_what_is_missing(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    world.saved()
    world.in_class(0, letters="", learner=learner)
    find(client, learner.code, "5678")
    assert "ông/bà còn cần: dự thêm 5 buổi, làm bài kiểm tra." in me(client)


def test_what_was_decided_goes_before_what_would_be(client: FlaskClient, world: Deciding, learner: Learner) -> None:
    world.in_class(6, "bb", learner)
    world.online(learner, completed_at=None, progress=Decimal(50))
    world.saved()
    world.applied()
    find(client, learner.code, "5678")
    page = me(client)
    assert "đạt bài kiểm tra; hoặc: hoàn thành khóa học trực tuyến" in page
    assert "Giấy chứng nhận (PDF)" not in page


def test_what_was_done_since_the_rule_was_applied_is_not_asked_for_again(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    world.in_class(2, "", learner)
    world.saved()
    world.applied()
    find(client, learner.code, "5678")
    assert "ông/bà còn cần: dự thêm 3 buổi, làm bài kiểm tra." in me(client)
    marked(learner, world.training_class.sessions[2:])
    world.tested(learner, "bb")
    assert "ông/bà còn cần: đạt bài kiểm tra." in me(client)
    world.tested(learner, "aa", number=2)
    assert "Theo kết quả đến nay, ông/bà đã đủ điều kiện" in me(client)


def test_a_pass_that_was_applied_holds_unless_there_is_a_doubt_about_the_person(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    record = world.online(learner)
    world.saved()
    world.applied()
    find(client, learner.code, "5678")
    record.score = Decimal(10)
    db.session.commit()
    assert "Giấy chứng nhận được cấp sau khi có quyết định" in me(client)
    case = world.questioned(learner)
    assert "đang xác minh" in me(client)
    case.state = "different"
    db.session.commit()
    assert "Giấy chứng nhận được cấp sau khi có quyết định" in me(client)
    list_learner(world.course.public_id, learner.public_id, "deny", "Thi hộ", actor=world.actor)
    assert "quyết định không cấp Giấy chứng nhận" in me(client)


def test_the_certificate_is_the_own_one_and_nobody_elses(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    other = world.online(world.learner(phone="+84900001111")).learner
    world.online(learner)
    assert other
    world.saved()
    world.applied()
    mine = world.certified(learner)
    find(client, learner.code, "5678")
    page = me(client)
    assert mine.number in page
    assert f"/me/certificate/{mine.public_id}.pdf" in page
    assert f"/v/{mine.code}" in page
    paper = fetch(client, f"/me/certificate/{mine.public_id}.pdf")
    assert paper.data.startswith(b"%PDF")
    assert paper.headers["Cache-Control"] == "no-store"
    client.post("/me/forget")
    assert fetch(client, f"/me/certificate/{mine.public_id}.pdf").status_code == 404
    find(client, other.code, "1111")
    assert fetch(client, f"/me/certificate/{mine.public_id}.pdf").status_code == 404


def test_who_had_the_certificate_revoked_is_told_so_and_promised_no_other(
    client: FlaskClient, world: Deciding, learner: Learner
) -> None:
    world.online(learner)
    world.saved()
    world.applied()
    held = world.certified(learner)
    held.state, held.revoked_at, held.revoke_reason = "revoked", vietnam(8, day=DAY), "Nhờ người thi hộ"
    db.session.commit()
    find(client, learner.code, "5678")
    page = me(client)
    assert "Giấy chứng nhận của ông/bà đã bị thu hồi ngày 09/10/2026" in page
    assert "Nhờ người thi hộ" in page
    assert "Giấy chứng nhận được cấp sau khi có quyết định" not in page
