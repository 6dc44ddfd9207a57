"""Make, change, copy and cancel classes with their sessions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import delete
from sqlalchemy.orm import Session

from classroom.accounts import queries as accounts
from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.sessions import queries
from classroom.sessions.models import ClassSession, ClassTrainer, Course, Room, TrainingClass
from classroom.sessions.rules.classes import ClassFacts, check_capacity
from classroom.sessions.rules.schedule import PlannedSession, Span, local_range, number_plan, shift_plan, spans
from classroom.sessions.services.bookings import book
from classroom.sessions.services.half_days import (
    cancel,
    check_class_lives,
    restore,
    set_first_day,
    staff_key,
    write_sessions,
)
from classroom.sessions.services.refusing import check_reason, constraint


def create_class(
    course_id: str,
    facts: ClassFacts,
    plan: Sequence[PlannedSession],
    *,
    actor: Actor,
    knowingly: bool = False,
) -> TrainingClass:
    """A class with its sessions, rooms and trainers taken, all or nothing.

    `knowingly` says that a capacity above the usual 100 or the room's seats is meant. Raises `class.code_taken`,
    `class.capacity_large`, `booking.room_taken`, `booking.trainer_taken`, `plan.…`.
    """
    with transaction() as session:
        course = queries.get_course(actor, course_id)
        return _create(session, course, facts, plan, actor, knowingly=knowingly)


def copy_class(
    class_id: str, facts: ClassFacts, first_day: date, *, actor: Actor, knowingly: bool = False
) -> TrainingClass:
    """The same sessions and topics from another day on, under the facts given; learners are not copied."""
    with transaction() as session:
        source = queries.get_class(actor, class_id)
        plan = shift_plan(plan_of(source, facts, actor.time_zone), first_day)
        return _create(session, source.course, facts, plan, actor, knowingly=knowingly, copied_from=source.code)


def foresee(facts: ClassFacts, plan: Sequence[PlannedSession], *, actor: Actor) -> list[list[queries.Clash]]:
    """What is taken already, for each planned session: all that `create_class` would be refused for."""
    room = queries.get_room(actor, facts.room).id if facts.room else None
    staff = {one.public_id: one.id for one in accounts.staff_of(actor.organisation_id)}
    lead = staff.get(facts.trainers[0]) if facts.trainers else None
    wishes = [
        [
            wish
            for span in spans(one.held_on, one.ranges, actor.time_zone)
            for wish in (queries.Wish(span, room_id=room), queries.Wish(span, trainer_id=staff.get(one.trainer, lead)))
        ]
        for one in plan
    ]
    found = queries.clashes([wish for row in wishes for wish in row])
    return [[clash for clash in found if any(clash.wish is wish for wish in row)] for row in wishes]


def update_class(class_id: str, facts: ClassFacts, *, actor: Actor, knowingly: bool = False) -> TrainingClass:
    """Change a class; sessions still to come follow its new room, and its new first trainer where theirs left."""
    facts.check_in.check()
    with transaction() as session:
        found = queries.hold_class(actor, class_id)
        room = queries.get_room(actor, facts.room) if facts.room else None
        if facts.capacity != found.capacity or (room and room.id) != found.room_id:
            check_capacity(facts.capacity, room.seats if room else None, knowingly=knowingly)
        enrolled = queries.seats_taken(found.id)
        if facts.capacity < enrolled and facts.capacity < found.capacity:
            raise Refusal("class.capacity_below", enrolled=enrolled)
        old_room, old_trainers = found.room_id, {one.staff_id for one in found.trainers}
        _fill(session, found, facts, room)
        lead = _set_trainers(session, found, facts.trainers, actor)
        left = old_trainers - {one.staff_id for one in found.trainers}
        changed = []
        for one in _to_come(found):
            follows = one.room_id == old_room, one.trainer_id is None or one.trainer_id in left
            if follows[0] and one.room_id != found.room_id:
                one.room_id = found.room_id
                changed.append(one)
            if follows[1] and one.trainer_id != lead:
                one.trainer_id = lead
                changed.append(one)
        book(list(dict.fromkeys(changed)), actor.time_zone)
        record("class.changed", "training_class", found.id, actor=actor, facts=_told(found))
        return found


def cancel_class(class_id: str, reason: str, *, actor: Actor) -> TrainingClass:
    """Cancel the class and its sessions to come; what was held, its marks and its learners stay."""
    reason = check_reason(reason)
    with transaction():
        found = queries.hold_class(actor, class_id)
        check_class_lives(found)
        coming = _to_come(found)
        cancel(coming, reason, actor=actor)
        found.cancelled_at = now()
        found.cancel_reason = reason
        told = {**_told(found), "reason": reason, "sessions": [one.id for one in coming]}
        record("class.cancelled", "training_class", found.id, actor=actor, facts=told)
        return found


def restore_class(class_id: str, *, actor: Actor) -> TrainingClass:
    """Take a cancelled class back, with the sessions that were cancelled with it and are still to come."""
    with transaction() as session:
        found = queries.hold_class(actor, class_id)
        if found.cancelled_at is None:
            return found
        went_along = queries.cancelled_along(found)
        went = [one for one in queries.sessions_of(found) if one.id in went_along and one.ends_at > now()]
        found.cancelled_at = None
        found.cancel_reason = ""
        restore(session, went, actor=actor)
        set_first_day(session, found)
        record("class.restored", "training_class", found.id, actor=actor, facts=_told(found))
        return found


def plan_of(source: TrainingClass, facts: ClassFacts, time_zone: str) -> list[PlannedSession]:
    """The sessions of a class as a plan for another one with these trainers; empty means the class's own."""
    return [
        PlannedSession(
            one.held_on,
            tuple(local_range(Span(part.starts_at, part.ends_at), time_zone) for part in one.ranges),
            one.topic,
            one.trainer.public_id if one.trainer and one.trainer.public_id in facts.trainers else "",
            one.room.public_id if one.room and one.room_id != source.room_id and not one.room.archived_at else "",
        )
        for one in queries.sessions_to_copy(source)
    ]


def _create(
    session: Session,
    course: Course,
    facts: ClassFacts,
    plan: Sequence[PlannedSession],
    actor: Actor,
    *,
    knowingly: bool,
    copied_from: str = "",
) -> TrainingClass:
    numbered = number_plan(plan)
    facts.check_in.check()
    room = queries.get_room(actor, facts.room) if facts.room else None
    check_capacity(facts.capacity, room.seats if room else None, knowingly=knowingly)
    made = TrainingClass(
        organisation_id=actor.organisation_id,
        course_id=course.id,
        starts_on=numbered[0].plan.held_on,
        created_at=now(),
    )
    _fill(session, made, facts, room)
    _set_trainers(session, made, facts.trainers, actor)
    rows = write_sessions(session, made, numbered, actor)
    book(rows, actor.time_zone)
    told = {**_told(made), "sessions": len(rows)} | ({"copied_from": copied_from} if copied_from else {})
    record("class.created", "training_class", made.id, actor=actor, facts=told)
    for row in rows:
        signals.class_session_changed.send(class_session_id=row.id, change="create", actor=actor)
    return made


def _fill(session: Session, training_class: TrainingClass, facts: ClassFacts, room: Room | None) -> None:
    code = clean_name(facts.code)
    if not code:
        raise Invalid("class.code_missing")
    taken = Refusal("class.code_taken", class_code=code)
    other = queries.find_class_by_code(training_class.course_id, code)
    if other and other is not training_class:
        raise taken
    marks = ("training_class.course_id, training_class.code", "uq_training_class_course_id_code")
    with constraint(session, *marks, refusal=taken):
        training_class.code = code
        training_class.title = clean_name(facts.title)
        training_class.room_id = room.id if room else None
        training_class.capacity = facts.capacity
        training_class.code_period = facts.check_in.code_period
        training_class.opens_before = facts.check_in.opens_before
        training_class.late_after = facts.check_in.late_after
        training_class.typed_code = facts.check_in.typed_code
        training_class.fixed_code = facts.check_in.fixed_code
        training_class.check_out = facts.check_in.check_out
        training_class.left_early_before = facts.check_in.left_early_before
        session.add(training_class)


def _set_trainers(session: Session, training_class: TrainingClass, trainers: Sequence[str], actor: Actor) -> int | None:
    """Name the trainers, the first in charge; returns the key of that one."""
    keys = [key for one in dict.fromkeys(trainers) if (key := staff_key(actor, one))]
    session.execute(delete(ClassTrainer).where(ClassTrainer.class_id == training_class.id))
    session.add_all(
        ClassTrainer(class_id=training_class.id, staff_id=key, position=place) for place, key in enumerate(keys)
    )
    session.flush()
    session.expire(training_class, ["trainers", "room"])
    return keys[0] if keys else None


def _to_come(training_class: TrainingClass) -> list[ClassSession]:
    return [one for one in queries.sessions_of(training_class) if one.cancelled_at is None and one.ends_at > now()]


def _told(training_class: TrainingClass) -> dict[str, object]:
    return {"code": training_class.code, "capacity": training_class.capacity}
