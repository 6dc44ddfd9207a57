"""What attendance answers when lower rooms change sessions, places and lists."""

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.attendance import services as attendance
from classroom.attendance.models import Register
from classroom.attendance.rules import Status
from classroom.attendance.services.by_hand import Choice, Decision
from classroom.core import signals
from classroom.core.actor import Actor
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
