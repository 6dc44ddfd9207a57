"""What attendance answers when lower rooms change sessions, places and lists."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.attendance import services as attendance
from classroom.attendance.models import Register
from classroom.attendance.queries import get_session_facts
from classroom.attendance.rules import Phase, Status
from classroom.attendance.services.by_hand import Choice, Decision
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.sessions import services as sessions
from classroom.sessions.models import Enrolment, TrainingClass
from classroom.sessions.rules.times import AFTERNOON
from tests.factories import FIRST_DAY, StaffFactory, actor_for, at, make_class, vietnam


@pytest.fixture
def taught(any_app: Flask) -> TrainingClass:
    return make_class(learners=2)


@pytest.fixture
def coordinator(taught: TrainingClass) -> Actor:
    return actor_for(StaffFactory(organisation=db.session.get_one(Organisation, taught.organisation_id)))


def places(taught: TrainingClass) -> list[Enrolment]:
    return list(db.session.scalars(select(Enrolment).where(Enrolment.class_id == taught.id)))


def mark(taught: TrainingClass, coordinator: Actor) -> str:
    """One learner is present in the first session; its public id."""
    first = taught.sessions[0].public_id
    decision = Decision(Status.PRESENT, "Không có điện thoại")
    with at(vietnam(7, 40)):
        attendance.mark_by_hand(first, [Choice(places(taught)[0].public_id)], decision, actor=coordinator)
    return first


def version(class_session_id: int) -> int:
    return db.session.scalars(select(Register.version).where(Register.class_session_id == class_session_id)).one()


def test_a_session_with_marks_is_not_moved(taught: TrainingClass, coordinator: Actor) -> None:
    first = mark(taught, coordinator)
    with pytest.raises(Refusal, match=r"session\.has_marks"):
        sessions.move_session(first, FIRST_DAY, AFTERNOON, "Mất điện", actor=coordinator)


def test_a_session_without_marks_may_move(taught: TrainingClass, coordinator: Actor) -> None:
    last = taught.sessions[5].public_id
    moved = sessions.move_session(last, taught.sessions[5].held_on, AFTERNOON, "Mất điện", actor=coordinator)
    assert moved.move_reason == "Mất điện"


def test_a_moved_session_begins_anew_however_early_it_was_opened(taught: TrainingClass, coordinator: Actor) -> None:
    first, key = taught.sessions[0].public_id, taught.sessions[0].id
    with at(vietnam(6)):
        attendance.open_register(first, actor=coordinator)
        before = db.session.scalars(select(Register.secret).where(Register.class_session_id == key)).one()
        sessions.move_session(first, FIRST_DAY + timedelta(days=7), AFTERNOON, "Mất điện", actor=coordinator)
        assert get_session_facts(coordinator, first).phase(now()) is Phase.NOT_YET
    with at(vietnam(13, 10, day=FIRST_DAY + timedelta(days=7))):
        assert get_session_facts(coordinator, first).phase(now()) is Phase.OPEN
    secret = db.session.scalars(select(Register.secret).where(Register.class_session_id == key)).one()
    assert secret == before  # a poster that was printed still works


def test_a_closing_of_the_old_time_does_not_close_the_new_one(taught: TrainingClass, coordinator: Actor) -> None:
    for place in places(taught):
        with at(vietnam(6)):
            sessions.withdraw(place.public_id, "đổi lịch", actor=coordinator)
    first = taught.sessions[0].public_id
    with at(vietnam(8)):
        attendance.close_register(first, head_count=0, actor=coordinator)
        sessions.move_session(first, FIRST_DAY + timedelta(days=7), AFTERNOON, "Không ai đến", actor=coordinator)
    with at(vietnam(14, day=FIRST_DAY + timedelta(days=7))):
        assert get_session_facts(coordinator, first).phase(now()) is Phase.OPEN


def test_a_signed_off_session_is_not_cancelled(taught: TrainingClass, coordinator: Actor) -> None:
    first = mark(taught, coordinator)
    with at(vietnam(11, 20)):
        attendance.close_register(first, head_count=1, actor=coordinator)
        attendance.sign_off(first, actor=coordinator)
    with pytest.raises(Refusal, match=r"session\.signed_off"):
        sessions.cancel_session(first, "Bão", actor=coordinator)


def test_cancelling_a_session_with_marks_keeps_them_and_tells_its_board(
    taught: TrainingClass, coordinator: Actor
) -> None:
    first = mark(taught, coordinator)
    key = taught.sessions[0].id
    seen = version(key)
    sessions.cancel_session(first, "Bão", actor=coordinator)
    assert version(key) > seen
    answers = signals.enrolment_changing.send(enrolment_id=places(taught)[0].id, change="withdraw")
    assert answers == [{"marks": 1}]


def test_a_learner_who_leaves_leaves_the_boards_that_are_open(taught: TrainingClass, coordinator: Actor) -> None:
    key = taught.sessions[0].id
    seen = version(key)
    sessions.withdraw(places(taught)[1].public_id, "Chuyển công tác", actor=coordinator)
    assert version(key) == seen + 1


def test_a_list_whose_people_were_marked_is_not_undone(taught: TrainingClass, coordinator: Actor) -> None:
    untouched, touched = places(taught)[1], places(taught)[0]
    with transaction():
        signals.import_undoing.send(learner_ids=[untouched.learner_id], enrolment_ids=[untouched.id])
    mark(taught, coordinator)
    with pytest.raises(Refusal, match=r"import\.undo_attendance"), transaction():
        signals.import_undoing.send(learner_ids=[touched.learner_id], enrolment_ids=[touched.id])
