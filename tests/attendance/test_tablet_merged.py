"""A tablet that still has the list from before a merge marks the kept learner."""

import pytest
from flask import Flask

from classroom.accounts.models import Staff
from classroom.learners import services
from classroom.sessions import services as sessions
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import Device, make_taught, mark_of, places, scan
from tests.factories import at, vietnam

MORNING = vietnam(7, 31)


@pytest.mark.parametrize("way", ["picked", "card", "number", "code"])
def test_what_the_tablet_knows_of_the_gone_learner_marks_the_kept_one_in_the_same_class(
    any_app: Flask, trainer: Staff, l01: TrainingClass, way: str
) -> None:
    with at(vietnam(7)):
        device = Device(any_app, trainer, l01)
    kept, gone = places(l01)[:2]
    of_gone = {
        "picked": {"enrolment": gone.public_id},
        "card": {"enrolment": gone.public_id},
        "number": {"number": gone.learner.id_number, "name": gone.learner.name},
        "code": {"code": gone.learner.code},
    }[way]
    kind = {"number": "card", "code": "badge"}.get(way, way)
    services.merge_learners(kept.learner.public_id, gone.learner.public_id, "một người", actor=device.office)
    with at(vietnam(7, 40)):
        answer = device.send([scan(l01, MORNING, kind, **of_gone)])[0]
    assert (answer["outcome"], answer["enrolment"], answer["guest"]) == ("accepted", kept.public_id, False)
    assert (mark_of(kept), mark_of(gone)) == (("present", MORNING), None)


def test_where_the_kept_learner_sits_in_another_class_the_gone_ones_place_makes_a_guest(
    any_app: Flask, trainer: Staff, l01: TrainingClass
) -> None:
    l02 = make_taught(trainer, "L02", learners=1, course=l01.course, days=1)
    with at(vietnam(7)):
        device = Device(any_app, trainer, l01)
    kept, gone = places(l02)[0], places(l01)[0]
    services.merge_learners(kept.learner.public_id, gone.learner.public_id, "một người", actor=device.office)
    with at(vietnam(7, 40)):
        answer = device.send([scan(l01, MORNING, enrolment=gone.public_id)])[0]
    assert (answer["outcome"], answer["enrolment"], answer["guest"]) == ("accepted", kept.public_id, True)


def test_a_badge_of_the_gone_learner_is_the_kept_ones(any_app: Flask, trainer: Staff, l01: TrainingClass) -> None:
    with at(vietnam(7)):
        device = Device(any_app, trainer, l01)
    kept, gone = places(l01)[:2]
    badge = sessions.issue_badge(gone.learner.public_id, actor=device.office).code
    services.merge_learners(kept.learner.public_id, gone.learner.public_id, "một người", actor=device.office)
    with at(vietnam(7, 40)):
        assert device.outcomes([scan(l01, MORNING, "badge", badge=badge)]) == [("accepted", "")]
    assert mark_of(kept) == ("present", MORNING)
