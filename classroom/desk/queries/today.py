"""Read a day: what is held, what is left to settle, what comes next."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import contains_eager, joinedload

from classroom.attendance.models import Mark, Register
from classroom.attendance.rules import Phase, Status, Tally, tally
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.desk.queries.phases import phase_of
from classroom.desk.queries.record import as_status
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Course, Enrolment, Programme, Room, TrainingClass
from classroom.sessions.queries.scope import visible_classes

#: How long an unsettled register is brought up again.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A class session with where its register stands and, if they were asked for, its numbers."""

    class_session: ClassSession
    register: Register | None
    phase: Phase
    tally: Tally | None = None

    @property
    def training_class(self) -> TrainingClass:
        """Whose session it is."""
        return self.class_session.training_class


class FirstSteps(NamedTuple):
    """What exists at all, to say what to do first."""

    programme: Programme | None
    has_class: bool


def sessions_on(actor: Actor, day: date, at: datetime) -> list[SessionLine]:
    """The day's sessions in the order of time, cancelled ones among them, those of cancelled classes not."""
    return _lines(_visible(actor).where(ClassSession.held_on == day), actor, at)


def unsettled(actor: Actor, today: date, at: datetime) -> list[SessionLine]:
    """Sessions before today that nobody has signed off, the oldest first."""
    query = _visible(actor).where(
        ClassSession.held_on < today,
        ClassSession.held_on >= today - LOOK_BACK,
        ClassSession.cancelled_at.is_(None),
        Register.signed_off_at.is_(None),
    )
    return _lines(query, actor, at)


def coming(actor: Actor, today: date, at: datetime, limit: int = 6) -> list[SessionLine]:
    """The next sessions after today."""
    query = _visible(actor).where(ClassSession.held_on > today, ClassSession.cancelled_at.is_(None)).limit(limit)
    return _lines(query, actor, at)


def counted(lines: Iterable[SessionLine]) -> list[SessionLine]:
    """The same lines with their numbers, in two reads for all of them."""
    lines = list(lines)
    places = _places({line.class_session.class_id for line in lines})
    marks = _marks([line.class_session.id for line in lines])
    return [
        SessionLine(
            line.class_session,
            line.register,
            line.phase,
            _tally(line.class_session, places[line.class_session.class_id], marks[line.class_session.id]),
        )
        for line in lines
    ]


def first_steps(actor: Actor) -> FirstSteps:
    """The newest open programme, and whether the actor can see any class."""
    programme = db.session.scalar(
        select(Programme)
        .where(Programme.organisation_id == actor.organisation_id, Programme.closed_at.is_(None))
        .order_by(Programme.created_at.desc(), Programme.id.desc())
        .limit(1)
    )
    has_class = db.session.scalar(select(exists().where(*visible_classes(actor), TrainingClass.cancelled_at.is_(None))))
    return FirstSteps(programme, bool(has_class))


def _visible(actor: Actor) -> Select[Any]:
    return (
        select(ClassSession, Register)
        .join(ClassSession.training_class)
        .join(TrainingClass.course)
        .outerjoin(Register, Register.class_session_id == ClassSession.id)
        .options(
            contains_eager(ClassSession.training_class)
            .contains_eager(TrainingClass.course)
            .joinedload(Course.programme),
            joinedload(ClassSession.room).joinedload(Room.venue),
            joinedload(ClassSession.trainer),
            joinedload(ClassSession.substitute),
        )
        .where(*visible_classes(actor), TrainingClass.cancelled_at.is_(None))
        .order_by(ClassSession.starts_at, TrainingClass.code)
    )


def _lines(query: Select[Any], actor: Actor, at: datetime) -> list[SessionLine]:
    return [
        SessionLine(
            one,
            register,
            phase_of(one, one.training_class, register, actor.time_zone, at),
        )
        for one, register in db.session.execute(query)
    ]


class _Place(NamedTuple):
    enrolment_id: int
    effective_from: datetime
    ended_at: datetime | None


def _places(class_ids: Iterable[int]) -> dict[int, list[_Place]]:
    found: dict[int, list[_Place]] = defaultdict(list)
    rows = db.session.execute(
        select(Enrolment.class_id, Enrolment.id, Enrolment.effective_from, Enrolment.ended_at)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(Enrolment.class_id.in_(list(class_ids)), Learner.merged_into_id.is_(None))
    )
    for class_id, *place in rows:
        found[class_id].append(_Place(*place))
    return found


def _marks(session_ids: Sequence[int]) -> dict[int, dict[int, Status | None]]:
    found: dict[int, dict[int, Status | None]] = defaultdict(dict)
    rows = db.session.execute(
        select(Mark.class_session_id, Mark.enrolment_id, Mark.status)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(Mark.class_session_id.in_(session_ids), Learner.merged_into_id.is_(None))
    )
    for session_id, enrolment_id, status in rows:
        found[session_id][enrolment_id] = as_status(status)
    return found


def _tally(one: ClassSession, places: Sequence[_Place], marks: dict[int, Status | None]) -> Tally:
    roster = [place for place in places if place.ended_at is None or place.ended_at > one.starts_at]
    not_yet = {place.enrolment_id for place in roster if place.effective_from >= one.ends_at}
    return tally([place.enrolment_id for place in roster], marks, not_yet)
