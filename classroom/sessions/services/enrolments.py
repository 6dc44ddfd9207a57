"""Enrol learners, let them leave, come back, and change class."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.learners.models import Learner
from classroom.sessions import queries
from classroom.sessions.models import Enrolment, EnrolmentChange, TrainingClass
from classroom.sessions.rules.classes import effective_from
from classroom.sessions.services.half_days import check_class_lives
from classroom.sessions.services.holding import hold_rosters
from classroom.sessions.services.refusing import check_reason, constraint


def enrol(class_id: str, learner_id: str, *, actor: Actor, over_capacity: bool = False) -> Enrolment:
    """Give the learner a seat; one who has it already keeps it, one who left comes back.

    Raises `enrolment.class_full` unless `over_capacity`, and `enrolment.other_class` with the class in which the
    learner takes this course.
    """
    with transaction() as session:
        training_class = queries.get_class(actor, class_id)
        learner = _get_learner(session, actor, learner_id)
        hold_rosters([training_class.id])
        present = queries.find_enrolment(training_class.id, learner.id)
        if present and present.ended_at is None:
            return present
        made = seat(session, training_class, learner, over_capacity=over_capacity)
        kind = "rejoined" if present else "enrolled"
        tell(session, made, kind, actor)
        return made


def withdraw(enrolment_id: str, reason: str, *, actor: Actor) -> Enrolment:
    """Take the learner out of the class; marks stay. Withdrawing twice changes nothing."""
    reason = check_reason(reason)
    with transaction() as session:
        found = locked_place(session, actor, enrolment_id)
        if found.ended_at is None:
            hangs_on(found, "withdraw")
            end_place(found, reason, now())
            tell(session, found, "withdrawn", actor, reason)
        return found


def rejoin(enrolment_id: str, *, actor: Actor, over_capacity: bool = False) -> Enrolment:
    """Give a learner who left the same seat again, unless the class is full or another one has been joined."""
    with transaction() as session:
        found = locked_place(session, actor, enrolment_id)
        if found.ended_at is not None:
            seat(session, found.training_class, found.learner, over_capacity=over_capacity)
            tell(session, found, "rejoined", actor)
        return found


def move_enrolment(
    enrolment_id: str, to_class_id: str, reason: str, *, actor: Actor, over_capacity: bool = False
) -> Enrolment:
    """Let the learner go on in another class of the same course, and return the new place.

    In a class that has begun, sessions before now are not applicable; marks of the old class stay with it.
    """
    reason = check_reason(reason)
    with transaction() as session:
        target = queries.get_class(actor, to_class_id)
        old = queries.get_enrolment(actor, enrolment_id)
        hold_rosters([old.class_id, target.id])
        session.refresh(old)
        _check_move(old, target)
        hangs_on(old, "move")
        end_place(old, reason, now())
        session.flush()
        made = seat(session, target, old.learner, over_capacity=over_capacity)
        tell(session, old, "moved_out", actor, reason)
        tell(session, made, "moved_in", actor, reason)
        return made


def hangs_on(enrolment: Enrolment, change: str) -> dict[str, int]:
    """What hangs on an enrolment that is to change ("withdraw" or "move"), counted by the higher rooms."""
    counts: dict[str, int] = {}
    for answer in signals.enrolment_changing.send(enrolment_id=enrolment.id, change=change):
        counts.update(answer or {})
    return counts


def _check_move(old: Enrolment, target: TrainingClass) -> None:
    if old.ended_at is not None:
        raise Refusal("enrolment.ended")
    if target.course_id != old.course_id:
        raise Refusal("enrolment.other_course", class_code=target.code)
    if target.id == old.class_id:
        raise Refusal("enrolment.same_class", class_code=target.code)


def seat(session: Session, training_class: TrainingClass, learner: Learner, *, over_capacity: bool) -> Enrolment:
    """A living enrolment in a class whose row is locked: the earlier one again, or a new one."""
    check_class_lives(training_class)
    if queries.seats_taken(training_class.id) >= training_class.capacity and not over_capacity:
        raise Refusal("enrolment.class_full", class_code=training_class.code, capacity=training_class.capacity)
    other = queries.find_active_enrolment(training_class.course_id, learner.id)
    elsewhere = Refusal(
        "enrolment.other_class",
        name=learner.name,
        class_code=other.training_class.code if other else training_class.code,
    )
    if other and other.class_id != training_class.id:
        raise elsewhere
    marks = ("enrolment.course_id, enrolment.learner_id", "uq_enrolment_one_class_per_course")
    try:
        with constraint(session, *marks, refusal=elsewhere):
            seat = queries.find_enrolment(training_class.id, learner.id)
            if seat is None:
                seat = _new_enrolment(training_class, learner)
                session.add(seat)
            seat.ended_at = None
            seat.end_reason = ""
    except Refusal as refused:
        raise _named(refused, training_class.course_id, learner) from refused
    return seat


def _new_enrolment(training_class: TrainingClass, learner: Learner) -> Enrolment:
    at = now()
    begins = queries.first_start(training_class.id)
    return Enrolment(
        organisation_id=training_class.organisation_id,
        class_id=training_class.id,
        course_id=training_class.course_id,
        learner_id=learner.id,
        enrolled_at=at,
        effective_from=effective_from(training_class.created_at, begins, at),
    )


def _named(refused: Refusal, course_id: int, learner: Learner) -> Refusal:
    """The refusal with the class that won a race, which can be seen only now."""
    winner = queries.find_active_enrolment(course_id, learner.id)
    if winner is None:
        return refused
    return Refusal(refused.code, name=learner.name, class_code=winner.training_class.code)


def end_place(enrolment: Enrolment, reason: str, at: datetime) -> None:
    """Let a place count no longer; its marks stay with it."""
    enrolment.ended_at = at
    enrolment.end_reason = reason


def locked_place(session: Session, actor: Actor, enrolment_id: str) -> Enrolment:
    found = queries.get_enrolment(actor, enrolment_id)
    hold_rosters([found.class_id])
    session.refresh(found)
    return found


def _get_learner(session: Session, actor: Actor, public_id: str) -> Learner:
    found = session.scalar(
        select(Learner).where(
            Learner.organisation_id == actor.organisation_id,
            Learner.public_id == public_id,
            Learner.annulled_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    return found


def tell(session: Session, enrolment: Enrolment, kind: str, actor: Actor, reason: str = "") -> None:
    """Write the change down: in the enrolment's history, in the log, and to the higher rooms."""
    session.flush()
    session.add(EnrolmentChange(enrolment_id=enrolment.id, kind=kind, at=now(), staff_id=actor.staff_id, reason=reason))
    session.flush()
    record(
        f"enrolment.{kind}",
        "enrolment",
        enrolment.id,
        actor=actor,
        facts={"code": enrolment.training_class.code, "learner_code": enrolment.learner.code},
        personal={"reason": reason} if reason else None,
    )
    signals.enrolment_changed.send(enrolment_id=enrolment.id, change=kind, actor=actor)
