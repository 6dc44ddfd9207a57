"""Whom tablets take in, what is on them, and what becomes of a revoked one."""

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.attendance.models import Flag, TabletItem
from classroom.attendance.rules import stretched
from classroom.core.db import db
from classroom.desk import services as desk
from classroom.sessions import services as sessions
from classroom.sessions.models import TrainingClass
from classroom.sessions.queries import badges
from classroom.web.assets import built
from tests.attendance.tablets import HEADERS, Device, make_taught, make_trainer, mark_of, ms, places, scan, waiting
from tests.factories import FIRST_DAY, at, sign_in, vietnam

MORNING = vietnam(7, 31)


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(TabletItem.id))) or 0


def badge_of(device: Device, made: TrainingClass, index: int = 0) -> str:
    sessions.issue_badges(made.public_id, actor=device.office)
    return badges.living_badges_of_class(made.id)[index][1].code


# --- walk-ins and blank badges ---


def test_a_walk_in_is_taken_in_and_marked_with_the_time_at_the_door(device: Device, l01: TrainingClass) -> None:
    blank = sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code
    card = {"name": "Hồ Minh Đức", "number": "040201067890", "born": "2001-11-19", "sex": "male", "badge": blank}
    item = scan(l01, MORNING, "walk_in", **card)
    with at(vietnam(9)):
        assert device.outcomes([item, item]) == [("accepted", "")] * 2
        assert device.outcomes([scan(l01, vietnam(8), "badge", badge=blank)]) == [("duplicate", "")]
    place = places(l01)[-1]
    assert (place.walk_in, place.learner.born_on.isoformat(), mark_of(place)) == (
        "pending",
        "2001-11-19",
        ("present", MORNING),
    )
    assert len(waiting("sessions.walk_in")) == 1


def test_a_walk_in_whose_badge_is_somebody_elses_is_taken_in_all_the_same(device: Device, l01: TrainingClass) -> None:
    code = badge_of(device, l01)
    with at(vietnam(7, 40)):
        answers = device.outcomes([scan(l01, MORNING, "walk_in", name="Hồ Thị Mới", badge=code)])
    assert answers == [("accepted", "badge.tied")]
    assert len(places(l01)) == 4


def test_what_cannot_be_read_of_a_walk_in_is_left_out(device: Device, l01: TrainingClass) -> None:
    facts = {"name": "Hồ Thị Mới", "number": "12", "born": "hôm qua", "sex": "x", "phone": "zzz", "unit": "  UBND  xã "}
    with at(vietnam(7, 40)):
        device.send([scan(l01, MORNING, "walk_in", **facts)])
    learner = places(l01)[-1].learner
    assert (learner.id_number, learner.birth_year, learner.sex, learner.phone, learner.unit) == (
        "",
        None,
        "",
        "",
        "UBND xã",
    )


def test_a_blank_badge_is_tied_and_checks_in_at_once(device: Device, l01: TrainingClass) -> None:
    blank = sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code
    place = places(l01)[0]
    with at(vietnam(7, 40)):
        assert device.outcomes([scan(l01, MORNING, "tie", badge=blank, enrolment=place.public_id)]) == [
            ("accepted", "")
        ]
    assert mark_of(place) == ("present", MORNING)
    assert badges.find_badge(l01.organisation_id, blank).learner_id == place.learner_id


def test_whoever_cannot_get_the_badge_is_checked_in_all_the_same(device: Device, l01: TrainingClass) -> None:
    blank = sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code
    first, second, third = places(l01)
    items = [
        scan(l01, MORNING, "tie", badge=badge, enrolment=place.public_id)
        for badge, place in ((blank, first), (blank, second), ("0" * 16, third))
    ]
    with at(vietnam(7, 40)):
        answers = device.send(items)
    assert [(one["outcome"], one["code"]) for one in answers] == [
        ("accepted", ""),
        ("accepted", "badge.tied"),
        ("accepted", "badge.unknown"),
    ]
    assert first.learner.name in answers[1]["words"]
    assert [mark_of(place) for place in (first, second, third)] == [("present", MORNING)] * 3


def test_a_walk_in_with_somebody_elses_number_is_shown_to_the_trainer(
    any_app: Flask, device: Device, l01: TrainingClass
) -> None:
    blank = sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code
    learner = places(l01)[0].learner
    typed: dict[str, Any] = {"name": "Trần Khác Hẳn", "number": learner.id_number, "badge": blank}
    with at(vietnam(7, 40)):
        (answer,) = device.send([scan(l01, MORNING, "walk_in", **typed)])
        board = device.client.get(f"/sessions/{l01.sessions[0].public_id}/board").text
    assert (answer["outcome"], answer["code"]) == ("accepted", "walk_in.number_known")
    assert learner.name in answer["words"]
    assert db.session.scalars(select(Flag.kind)).all() == ["card_name"]
    assert "Trần Khác Hẳn" in board
    badge = badges.find_badge(l01.organisation_id, blank)
    assert badge is not None
    assert badge.learner_id is None


@pytest.mark.parametrize("name", ["NGUYỄN  VĂN ĐỨC", "Nguyen van duc"])
def test_the_same_name_written_otherwise_raises_no_flag(device: Device, l01: TrainingClass, name: str) -> None:
    place = places(l01)[0]
    place.learner.name = "Nguyễn Văn Đức"
    db.session.commit()
    number = place.learner.id_number
    with at(vietnam(7, 40)):
        items = [scan(l01, MORNING, "card", name=name, number=number)]
        items.append(scan(l01, vietnam(7, 32), "walk_in", name=name, number=number))
        assert device.outcomes(items) == [("accepted", ""), ("duplicate", "")]
    assert db.session.scalars(select(Flag.kind)).all() == []


# --- revoked, signed out, foreign ---


def test_a_revoked_tablet_still_delivers_and_a_coordinator_decides(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    device.revoke()
    with at(vietnam(7, 40)):
        item = scan(l01, MORNING, enrolment=place.public_id)
        assert device.outcomes([item]) == [("quarantined", "tablet.revoked")]
        assert device.client.get("/tablet/state").status_code == 403
        assert device.ask("rosters", classes=[l01.public_id]).status_code == 403
        desk.decide_question(waiting()[0].public_id, "release", actor=device.office)
    assert mark_of(place) == ("present", MORNING)


def test_signing_out_leaves_the_way_for_what_is_unsent_open(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    with at(vietnam(7, 40)):
        device.client.post("/sign-out")
        assert device.client.get("/tablet/state").json["signed_in"] is None
        assert device.ask("rosters", classes=[l01.public_id]).status_code == 401
        assert device.outcomes([scan(l01, MORNING, enrolment=place.public_id)]) == [("accepted", "")]


def test_a_tablet_brings_nothing_for_classes_of_others(
    any_app: Flask, trainer: Staff, device: Device, l01: TrainingClass
) -> None:
    stranger = make_taught(make_trainer(), "L01", learners=1, days=1)
    with at(vietnam(7, 40)):
        item = scan(stranger, MORNING, enrolment=places(stranger)[0].public_id)
        assert device.outcomes([item]) == [("refused", "scan.foreign_session")]
        assert device.ask("rosters", classes=[stranger.public_id]).status_code == 404
        own = scan(l01, MORNING, enrolment=places(stranger)[0].public_id)
        assert device.outcomes([own]) == [("refused", "scan.place_unknown")]


def test_without_the_cookie_or_the_header_nothing_is_taken(any_app: Flask, device: Device, l01: TrainingClass) -> None:
    body = {"sent_at": 1, "items": []}
    stranger = any_app.test_client()
    assert stranger.post("/tablet/items", json=body, headers=HEADERS).status_code == 401
    assert device.client.post("/tablet/items", json=body).status_code == 403
    assert device.client.post("/tablet/items", data=body, headers=HEADERS).status_code == 403
    assert stranger.get("/tablet/state").json["error"] == "tablet.unknown"
    for broken in (
        {},
        {"items": 5, "sent_at": 1},
        {"items": [None] * 501, "sent_at": 1},
        {"items": [], "sent_at": "x"},
    ):
        assert device.client.post("/tablet/items", json=broken, headers=HEADERS).status_code == 422


def test_a_trainer_gets_the_rosters_of_classes_taught_only(any_app: Flask, device: Device, l01: TrainingClass) -> None:
    untaught = make_taught(make_trainer(), "L08", learners=1, course=l01.course, days=1)
    with at(vietnam(7)):
        assert device.ask("rosters", classes=[untaught.public_id]).status_code == 404
        shown = device.client.get("/tablet/state").json["sessions"]
    assert {one["class_id"] for one in shown} == {l01.public_id}


# --- what is on a tablet ---


def test_a_roster_holds_no_number_no_birth_and_no_phone(device: Device, l01: TrainingClass) -> None:
    with at(vietnam(7)):
        answer = device.ask("rosters", classes=[l01.public_id])
    assert answer.headers["Cache-Control"] == "no-store"
    text = json.dumps(answer.json)
    for place in places(l01):
        learner = place.learner
        assert learner.name in json.dumps(answer.json, ensure_ascii=False)
        assert learner.id_number not in text
        assert learner.phone[3:] not in text


def test_numbers_are_stretched_in_steps_and_only_once(device: Device, l01: TrainingClass, monkeypatch: Any) -> None:
    from classroom.attendance.services.tablets import rosters

    monkeypatch.setattr(rosters, "AT_ONCE", 2)
    with at(vietnam(7)):
        steps = [device.ask("hashes", **{"class": l01.public_id}).json for _ in range(3)]
        roster = device.ask("rosters", classes=[l01.public_id]).json["classes"][0]
    assert [(step["done"], step["of"], len(step["hashes"])) for step in steps] == [(2, 3, 2), (3, 3, 1), (3, 3, 0)]
    from base64 import b64decode, b64encode

    salt = b64decode(roster["salt"])
    wanted = {place.public_id: b64encode(stretched(place.learner.id_number, salt)).decode() for place in places(l01)}
    assert {one["enrolment"]: one["id_hash"] for one in roster["learners"]} == wanted
    assert (roster["hashes_missing"], roster["rounds"]) == (0, 100_000)


def test_a_number_that_changes_is_stretched_anew(device: Device, l01: TrainingClass) -> None:
    with at(vietnam(7)):
        device.ask("hashes", **{"class": l01.public_id})
        learner = places(l01)[0].learner
        learner.id_number = "040185012345"
        db.session.commit()
        roster = device.ask("rosters", classes=[l01.public_id]).json["classes"][0]
        assert roster["hashes_missing"] == 1
        assert device.ask("hashes", **{"class": l01.public_id}).json["done"] == 3


def test_what_a_tablet_says_of_itself_is_seen_by_the_office(device: Device) -> None:
    with at(vietnam(7, 30)):
        device.client.get("/tablet/state?queue=17&ahead=65000")
        assert (device.row().queue_length, device.row().clock_ahead_ms) == (17, 65_000)
        office = sign_in(device.client, db.session.get_one(Staff, device.office.staff_id))
        page = office.get("/tablets").text
    assert "17" in page
    assert "nhanh 65 giây" in page
    for nonsense in ("x", "9" * 30, "-", "1.5", "٣"):
        with at(vietnam(7, 32)):
            assert device.client.get(f"/tablet/state?queue={nonsense}&ahead={nonsense}").status_code == 200


def test_expiry_is_fourteen_days_after_the_class(device: Device, l01: TrainingClass) -> None:
    with at(vietnam(7)):
        roster = device.ask("rosters", classes=[l01.public_id]).json["classes"][0]
    assert roster["expires_at"] == ms(vietnam(0, day=FIRST_DAY + timedelta(days=15)))


def test_the_decoder_stands_inside_the_service_workers_scope(app: Flask) -> None:
    name = built().files["decoder.js"]
    client = app.test_client()
    answer = client.get(f"/tablet/{name}")
    assert answer.mimetype == "text/javascript"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "'wasm-unsafe-eval'" in answer.headers["Content-Security-Policy"]
    assert f"/tablet/{name}" in client.get("/tablet/sw.js").text
    for other in ("decoder-0000.js", "decoder-..%2Fmanifest.js", "decoder-.js"):
        assert client.get(f"/tablet/{other}").status_code == 404


def test_a_home_screen_gets_its_sign_as_a_picture(app: Flask) -> None:
    client = app.test_client()
    icons = client.get("/tablet/manifest.webmanifest").json["icons"]
    for each in icons:
        with client.get(each["src"]) as answer:
            assert answer.mimetype == each["type"]
            data = answer.data
        if each["type"] == "image/png":
            picture = Image.open(io.BytesIO(data))
            assert f"{picture.width}x{picture.height}" == each["sizes"]
            assert picture.getpixel((0, 0)) == (11, 92, 173)
            assert picture.getpixel((round(picture.width * 0.35), round(picture.width * 0.35))) == (255, 255, 255)
    assert {each["sizes"] for each in icons} == {"any", "192x192", "512x512"}
    assert client.get("/tablet/icon-180.png").status_code == 200
    assert client.get("/tablet/icon-9999.png").status_code == 404
