"""Edit, move, cancel and restore class sessions."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classroom.accounts import queries as accounts
from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.core.names import clean_name
from classroom.sessions import queries
from classroom.sessions.models import ClassSession, SessionRange, TrainingClass
from classroom.sessions.rules.schedule import NumberedSession, PlannedSession, day_number_on, spans
from classroom.sessions.rules.times import Ranges, part_of
from classroom.sessions.services.bookings import book
from classroom.sessions.services.refusing import check_reason


def edit_session(
    class_session_id: str, topic: str, *, actor: Actor, trainer: str = "", substitute: str = "", room: str = ""
) -> ClassSession:
    """Change topic, trainer, substitute and room (public ids, empty for none); raises `booking.…_taken`."""
    with transaction():
        found = _living(actor, class_session_id)
        found.topic = clean_name(topic)
        found.trainer_id = staff_key(actor, trainer)
        found.substitute_id = staff_key(actor, substitute)
        found.room_id = queries.get_room(actor, room).id if room else None
        book([found], actor.time_zone)
        record("session.changed", "class_session", found.id, actor=actor, facts=_told(found))
        signals.class_session_changed.send(class_session_id=found.id, change="edit", actor=actor)
        return found


def move_session(class_session_id: str, held_on: date, ranges: Ranges, reason: str, *, actor: Actor) -> ClassSession:
    """Hold the session on another day or at other times; it stays the same planned session of the course.

    Refused while attendance has been taken, where it would overlap another session of the class, and where room
    or trainer are taken.
    """
    reason = check_reason(reason)
    with transaction() as session:
        found = _living(actor, class_session_id)
        signals.class_session_changing.send(class_session_id=found.id, change="move")
        before = found.starts_at
        set_times(session, found, held_on, ranges, actor.time_zone)
        found.moved_at = now()
        found.move_reason = reason
        _check_own(session, found)
        book([found], actor.time_zone)
        set_first_day(session, found.training_class)
        facts = {**_told(found), "from": before.isoformat(), "to": found.starts_at.isoformat()}
        record("session.moved", "class_session", found.id, actor=actor, facts={**facts, "reason": reason})
        signals.class_session_changed.send(class_session_id=found.id, change="move", actor=actor)
        return found


def cancel_session(class_session_id: str, reason: str, *, actor: Actor) -> ClassSession:
    """Hold the session not at all: room and trainer become free, and it counts for nobody."""
    reason = check_reason(reason)
    with transaction() as session:
        found = _living(actor, class_session_id)
        cancel([found], reason, actor=actor)
        set_first_day(session, found.training_class)
        record(
            "session.cancelled",
            "class_session",
            found.id,
            actor=actor,
            facts={**_told(found), "reason": reason},
        )
        return found


def restore_session(class_session_id: str, *, actor: Actor) -> ClassSession:
    """Hold a cancelled session after all; refused when its room or trainer has been taken meanwhile."""
    with transaction() as session:
        queries.hold_class_of(actor, class_session_id)
        found = queries.get_session(actor, class_session_id)
        check_class_lives(found.training_class)
        if found.cancelled_at:
            restore(session, [found], actor=actor)
            set_first_day(session, found.training_class)
            record("session.restored", "class_session", found.id, actor=actor, facts=_told(found))
        return found


def add_session(class_id: str, plan: PlannedSession, *, actor: Actor) -> ClassSession:
    """One more session at the end of the numbering, whatever its day; a day that is new gets a new number, too."""
    with transaction() as session:
        training_class = queries.hold_class(actor, class_id)
        check_class_lives(training_class)
        present = queries.sessions_of(training_class)
        day = day_number_on(plan.held_on, [(one.held_on, one.day_number, bool(one.moved_at)) for one in present])
        number = max((one.number for one in present), default=0) + 1
        numbered = NumberedSession(number, day, part_of(plan.ranges), plan)
        made = write_sessions(session, training_class, [numbered], actor)[0]
        _check_own(session, made)
        book([made], actor.time_zone)
        set_first_day(session, training_class)
        record("session.added", "class_session", made.id, actor=actor, facts=_told(made))
        signals.class_session_changed.send(class_session_id=made.id, change="create", actor=actor)
        return made


def write_sessions(
    session: Session, training_class: TrainingClass, plan: Sequence[NumberedSession], actor: Actor
) -> list[ClassSession]:
    """Rows for the planned sessions: without a trainer or room of their own they have the class's."""
    staff = {one.public_id: one.id for one in accounts.staff_of(actor.organisation_id)}
    rooms = {one.public_id: one.id for one in queries.room_choices(actor, keep=[training_class.room_id])}
    lead = training_class.trainers[0].staff_id if training_class.trainers else None
    made = []
    for one in plan:
        trainer, room = one.plan.trainer, one.plan.room
        if (trainer and trainer not in staff) or (room and room not in rooms):
            raise NotFound
        row = ClassSession(
            organisation_id=training_class.organisation_id,
            class_id=training_class.id,
            number=one.number,
            day_number=one.day_number,
            topic=clean_name(one.plan.topic),
            trainer_id=staff.get(trainer, lead),
            room_id=rooms.get(room, training_class.room_id),
        )
        set_times(session, row, one.plan.held_on, one.plan.ranges, actor.time_zone)
        made.append(row)
    session.flush()
    return made


def set_times(session: Session, row: ClassSession, held_on: date, ranges: Ranges, time_zone: str) -> None:
    """Put the session on a day, with the instants that its local times mean there."""
    stretches = spans(held_on, ranges, time_zone)
    for old in list(row.ranges):
        session.delete(old)
    row.held_on = held_on
    row.part = part_of(ranges)
    row.starts_at = stretches[0].starts_at
    row.ends_at = stretches[-1].ends_at
    row.ranges = [SessionRange(starts_at=one.starts_at, ends_at=one.ends_at) for one in stretches]
    session.add(row)


def marks_on(class_sessions: Sequence[ClassSession], change: str) -> int:
    """How many marks hang on sessions that are to change ("move" or "cancel"); higher rooms may refuse the change."""
    answers = [signals.class_session_changing.send(class_session_id=one.id, change=change) for one in class_sessions]
    return sum((counts or {}).get("marks", 0) for answer in answers for counts in answer)


def cancel(class_sessions: Sequence[ClassSession], reason: str, *, actor: Actor) -> None:
    """Cancel sessions at once, asking higher rooms before and telling them after, in the order of their keys."""
    class_sessions = sorted(class_sessions, key=lambda one: one.id)
    for one in class_sessions:
        signals.class_session_changing.send(class_session_id=one.id, change="cancel")
        one.cancelled_at = now()
        one.cancel_reason = reason
    book(class_sessions, actor.time_zone)
    for one in class_sessions:
        signals.class_session_changed.send(class_session_id=one.id, change="cancel", actor=actor)


def restore(session: Session, class_sessions: Sequence[ClassSession], *, actor: Actor) -> None:
    """Take cancelled sessions back, with their rooms and trainers, in the order of their keys."""
    class_sessions = sorted(class_sessions, key=lambda one: one.id)
    for one in class_sessions:
        one.cancelled_at = None
        one.cancel_reason = ""
        _check_own(session, one)
    book(class_sessions, actor.time_zone)
    for one in class_sessions:
        signals.class_session_changed.send(class_session_id=one.id, change="restore", actor=actor)


def set_first_day(session: Session, training_class: TrainingClass) -> None:
    """A class starts on the first day on which it is really held."""
    session.flush()
    first = session.scalar(
        select(func.min(ClassSession.held_on)).where(
            ClassSession.class_id == training_class.id, ClassSession.cancelled_at.is_(None)
        )
    )
    training_class.starts_on = first or training_class.starts_on


def check_class_lives(training_class: TrainingClass) -> None:
    """Refuse to plan for a cancelled class."""
    if training_class.cancelled_at:
        raise Refusal("class.cancelled", class_code=training_class.code)


def staff_key(actor: Actor, public_id: str) -> int | None:
    """The inner key of a member of staff of the organisation, None for nobody; raises NotFound."""
    return accounts.get_staff(actor.organisation_id, public_id).id if public_id else None


def _living(actor: Actor, class_session_id: str) -> ClassSession:
    queries.hold_class_of(actor, class_session_id)
    found = queries.get_session(actor, class_session_id)
    if found.cancelled_at:
        raise Refusal("session.cancelled", number=found.number)
    return found


def _check_own(session: Session, one: ClassSession) -> None:
    session.flush()
    other = session.scalars(
        select(ClassSession).where(
            ClassSession.class_id == one.class_id,
            ClassSession.id != one.id,
            ClassSession.cancelled_at.is_(None),
            ClassSession.starts_at < one.ends_at,
            ClassSession.ends_at > one.starts_at,
        )
    ).first()
    if other:
        raise Refusal("session.overlaps_own", number=other.number, at=other.starts_at)


def _told(one: ClassSession) -> dict[str, object]:
    return {"number": one.number, "code": one.training_class.code}
