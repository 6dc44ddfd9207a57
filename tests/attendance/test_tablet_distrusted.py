"""What a tablet brings that is revoked, or was never given the class: nothing is lost, and no name is told."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.attendance.models import Scan
from classroom.core.db import db
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.learners.models import Learner
from classroom.sessions import services as sessions
from classroom.sessions.models import TrainingClass
from classroom.sessions.queries import badges
from tests.attendance.tablets import Device, make_taught, make_trainer, mark_of, places, scan
from tests.factories import at, vietnam

MORNING = vietnam(7, 31)


@pytest.fixture
def trainer(any_app: Flask) -> Staff:
    return make_trainer()


@pytest.fixture
def l01(trainer: Staff) -> TrainingClass:
    return make_taught(trainer, days=1)


@pytest.fixture
def device(any_app: Flask, trainer: Staff, l01: TrainingClass) -> Device:
    with at(vietnam(7)):
        return Device(any_app, trainer, l01)


@pytest.fixture
def anew(any_app: Flask, trainer: Staff, l01: TrainingClass) -> Device:
    """A browser that was let in again as another tablet, and has fetched no list since."""
    with at(vietnam(7)):
        return Device(any_app, trainer, name="Máy 02")


def waiting(kind: str = "attendance.quarantined") -> list[InboxItem]:
    db.session.rollback()
    return list(db.session.scalars(select(InboxItem).where(InboxItem.kind == kind, InboxItem.decided_at.is_(None))))


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
