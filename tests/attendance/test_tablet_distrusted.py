"""What a tablet brings that is revoked, or was never given the class: nothing is lost, and no name is told."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.attendance.models import KeptItem, Scan
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.desk import services as desk
from classroom.learners.models import Learner
from classroom.sessions import services as sessions
from classroom.sessions.models import TrainingClass
from classroom.sessions.queries import badges
from tests.attendance.tablets import Device, mark_of, places, scan, waiting
from tests.factories import at, sign_in, vietnam
from tests.support.pages import check_page

MORNING = vietnam(7, 31)


@pytest.fixture
def anew(any_app: Flask, trainer: Staff, l01: TrainingClass) -> Device:
    """A browser that was let in again as another tablet, and has fetched no list since."""
    with at(vietnam(7)):
        return Device(any_app, trainer, name="Máy 02")


def every_way_in(device: Device, made: TrainingClass) -> list[Any]:
    sessions.issue_badges(made.public_id, actor=device.office)
    one, two, three = ((place.public_id, place.learner) for place in places(made))
    blank = sessions.make_blanks(made.public_id, 1, actor=device.office)[0].code
    old = badges.living_badges_of_class(made.id)[0][1].code
    sessions.reissue_badge(badges.living_badges_of_class(made.id)[0][0].learner.public_id, "mất", actor=device.office)
    living = [badge.code for _place, badge in badges.living_badges_of_class(made.id)]
    return [
        scan(made, MORNING, "card", number=one[1].id_number, name="x"),
        scan(made, MORNING, "card", enrolment=two[0], card_name="x"),
        scan(made, MORNING, "badge", code=three[1].code),
        scan(made, MORNING, "badge", badge=living[0]),
        scan(made, MORNING, "badge", badge=old),
        scan(made, MORNING, enrolment=two[0]),
        scan(made, MORNING, "tie", badge=blank, enrolment=three[0]),
    ]


def names_nobody(answers: Any) -> bool:
    told = json.dumps(answers, ensure_ascii=False)
    known = db.session.scalars(select(Learner)).all()
    assert known
    return not any(each in told for one in known for each in (one.name, one.code, one.unit) if each)


def test_what_an_old_browser_brings_under_a_new_name_waits_and_can_be_released(
    anew: Device, l01: TrainingClass
) -> None:
    items = [scan(l01, MORNING, enrolment=place.public_id) for place in places(l01)]
    with at(vietnam(7, 40)):
        assert anew.outcomes(items) == [("quarantined", "tablet.not_its_class")] * 3
        questions = waiting()
        assert len(questions) == 3
        for one in questions:
            desk.decide_question(one.public_id, "release", actor=anew.office)
    assert [mark_of(place) for place in places(l01)] == [("present", MORNING)] * 3


def test_once_it_has_the_list_its_scans_count(anew: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    with at(vietnam(7, 40)):
        anew.ask("rosters", classes=[l01.public_id])
        assert anew.outcomes([scan(l01, MORNING, enrolment=place.public_id)]) == [("accepted", "")]


def test_a_tablet_without_the_list_is_told_no_name_however_it_asks(anew: Device, l01: TrainingClass) -> None:
    items = every_way_in(anew, l01)
    with at(vietnam(7, 40)):
        answers, again = anew.send(items), anew.send(items)
    assert answers == again
    assert names_nobody(answers)
    assert [one["outcome"] for one in answers] == [*["quarantined"] * 4, "refused", *["quarantined"] * 2]
    assert all("%(" not in one["words"] for one in answers)
    assert {(one["name"], one["unit"], one["enrolment"]) for one in answers} == {("", "", "")}


def test_a_revoked_tablet_is_told_no_name_however_it_asks(device: Device, l01: TrainingClass) -> None:
    items = every_way_in(device, l01)
    with at(vietnam(7, 40)):
        device.revoke()
        answers, again = device.send(items), device.send(items)
    assert answers == again
    assert names_nobody(answers)
    assert {(one["name"], one["unit"], one["enrolment"]) for one in answers} == {("", "", "")}


def test_what_was_answered_before_the_revocation_is_answered_without_names_after_it(
    device: Device, l01: TrainingClass
) -> None:
    items = every_way_in(device, l01)
    with at(vietnam(7, 40)):
        before = device.send(items)
        assert not names_nobody(before)
        device.revoke()
        after = device.send(items)
    assert names_nobody(after)
    assert [(one["outcome"], one["code"]) for one in after] == [(one["outcome"], one["code"]) for one in before]


@pytest.mark.parametrize("scanned", [MORNING, vietnam(9)])
@pytest.mark.parametrize("revoked", [False, True])
def test_whoever_is_off_the_list_is_refused_and_nobody_is_promised_a_decision(
    device: Device, l01: TrainingClass, scanned: Any, revoked: bool
) -> None:
    place = places(l01)[0]
    sessions.withdraw(place.public_id, "chuyển đi", actor=device.office)
    if revoked:
        device.revoke()
    with at(vietnam(7, 40)):
        assert device.outcomes([scan(l01, scanned, enrolment=place.public_id)]) == [("refused", "scan.withdrawn")]
    assert waiting() == []
    assert db.session.scalars(select(Scan.outcome)).all() == ["refused"]


def test_the_question_tells_the_name_on_a_card_whose_number_is_anothers(
    any_app: Flask, device: Device, l01: TrainingClass
) -> None:
    number = places(l01)[0].learner.id_number
    device.revoke()
    with at(vietnam(7, 40)):
        device.send([scan(l01, MORNING, "card", number=number, name="Trần Khác Tên")])
        assert "Trần Khác Tên" in inbox_page(any_app, device)


# --- walk-ins ---

CARD: dict[str, Any] = {
    "name": "Hồ Minh Đức",
    "number": "040201067890",
    "born": "2001-11-19",
    "sex": "male",
    "phone": "0912345678",
}


@pytest.fixture
def item(device: Device, l01: TrainingClass) -> Any:
    """A walk-in with a blank badge that a tablet delivers after it was revoked."""
    blank = sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code
    device.revoke()
    return scan(l01, MORNING, "walk_in", **CARD, unit="UBND xã Tân Kỳ", badge=blank, note="đi thay chị Hoa")


def inbox_page(app: Flask, device: Device) -> str:
    office = db.session.get_one(Staff, device.office.staff_id)
    page = sign_in(app.test_client(), office).get("/inbox").text
    check_page(page)
    return page


def test_a_walk_in_of_a_revoked_tablet_waits_with_everything_that_was_typed(
    any_app: Flask, device: Device, l01: TrainingClass, item: Any
) -> None:
    with at(vietnam(9)):
        answers = device.send([item, item])
        page = inbox_page(any_app, device)
    assert [(one["outcome"], one["code"], one["name"]) for one in answers] == [
        ("quarantined", "tablet.revoked", "")
    ] * 2
    assert len(places(l01)) == 3
    assert len(waiting()) == 1
    for text in ("Hồ Minh Đức", "2001-11-19", "7890", "0912345678", "UBND xã Tân Kỳ", "đi thay chị Hoa"):
        assert text in page
    assert CARD["number"] not in page


def test_a_walk_in_for_a_class_without_a_list_waits_too(anew: Device, l01: TrainingClass) -> None:
    with at(vietnam(9)):
        answers = anew.outcomes([scan(l01, MORNING, "walk_in", name="Hồ Thị Mới")])
    assert answers == [("quarantined", "tablet.not_its_class")]
    assert len(waiting()) == 1


def test_releasing_a_walk_in_takes_the_person_in_and_counts_from_the_time_at_the_door(
    device: Device, l01: TrainingClass, item: Any
) -> None:
    with at(vietnam(9)):
        device.send([item])
        desk.decide_question(waiting()[0].public_id, "release", actor=device.office)
    place = places(l01)[-1]
    learner = place.learner
    assert (learner.name, learner.id_number, str(learner.born_on), learner.sex, learner.phone) == (
        "Hồ Minh Đức",
        "040201067890",
        "2001-11-19",
        "male",
        "+84912345678",
    )
    assert (learner.unit, learner.note, place.walk_in) == ("UBND xã Tân Kỳ", "đi thay chị Hoa", "pending")
    assert mark_of(place) == ("present", MORNING)
    badge = badges.find_badge(l01.organisation_id, item["badge"])
    assert badge is not None
    assert badge.learner_id == learner.id
    assert len(waiting("sessions.walk_in")) == 1


def test_taking_the_release_back_takes_everything_back_and_it_can_be_released_again(
    device: Device, l01: TrainingClass, item: Any
) -> None:
    with at(vietnam(9)):
        device.send([item])
        question = waiting()[0].public_id
        desk.decide_question(question, "release", actor=device.office)
        desk.take_back_decision(question, actor=device.office)
        gone = places(l01)[-1]
        assert (gone.walk_in, gone.ended_at is None, gone.learner.annulled_at is None) == ("removed", False, False)
        assert mark_of(gone) == ("unmarked", None)
        assert waiting("sessions.walk_in") == []
        desk.decide_question(question, "release", actor=device.office)
    assert mark_of(places(l01)[-1]) == ("present", MORNING)


def test_a_held_walk_in_whose_number_is_known_takes_nobody_in_twice(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    device.revoke()
    with at(vietnam(9)):
        device.send([scan(l01, MORNING, "walk_in", name="Ai Đó", number=place.learner.id_number)])
        question = waiting()[0].public_id
        desk.decide_question(question, "release", actor=device.office)
        assert mark_of(place) == ("present", MORNING)
        desk.take_back_decision(question, actor=device.office)
    assert len(places(l01)) == 3
    assert (places(l01)[0].ended_at, mark_of(place)) == (None, ("unmarked", None))


def test_what_was_typed_can_be_erased_and_the_question_says_so(
    any_app: Flask, device: Device, l01: TrainingClass, item: Any
) -> None:
    with at(vietnam(9)):
        device.send([item])
        db.session.scalars(select(KeptItem)).one().texts = None
        db.session.commit()
        assert "Hồ Minh Đức" not in inbox_page(any_app, device)
        with pytest.raises(Refusal, match="erased"):
            desk.decide_question(waiting()[0].public_id, "release", actor=device.office)
    assert len(places(l01)) == 3


def test_an_undo_takes_a_held_walk_in_off_the_list(device: Device, l01: TrainingClass, item: Any) -> None:
    with at(vietnam(9)):
        device.send([item, scan(l01, vietnam(7, 32), "undo", target=item["uuid"])])
    assert waiting() == []
