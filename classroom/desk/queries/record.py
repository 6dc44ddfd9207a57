"""The record of a class: its roster, its sessions, every mark, and what they come to. A fixed number of reads."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, or_, select

from classroom.accounts.models import Staff
from classroom.attendance.models import Mark, Register
from classroom.attendance.rules import (
    Attendance,
    CourseRule,
    Credit,
    Phase,
    PlannedSession,
    Status,
    Tally,
    credit,
    tally,
)
from classroom.core.db import db
from classroom.desk.queries.phases import phase_of
from classroom.learners.models import Learner
from classroom.sessions import queries as sessions
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass


class MarkRow(NamedTuple):
    """A mark with whose it is: of this class's roster, of a guest, or of our learner in another class."""

    session_id: int
    enrolment_id: int
    status: str
    arrived_at: datetime | None
    corrected: bool
    reason: str
    learner_id: int
    name: str
    class_id: int
    class_code: str
    held_in: int
    number: int
    left_at: datetime | None
    minutes: int | None
    minutes_estimated: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the roster in one class session; `status` None is unmarked, also while not on its roster."""

    on_roster: bool
    status: Status | None = None
    arrived_at: datetime | None = None
    corrected: bool = False
    reason: str = ""
    left_at: datetime | None = None
    #: Whole minutes in the room, once they are known or the session is over.
    minutes: int | None = None
    minutes_estimated: bool = False


@dataclass(frozen=True, slots=True)
class RosterPlace:
    """A learner's place: a cell for each session, and where the course's rule sees the learner."""

    enrolment: Enrolment
    cells: tuple[Cell, ...]
    credit: Credit

    @property
    def learner(self) -> Learner:
        """Who has the place."""
        return self.enrolment.learner

    @property
    def left(self) -> bool:
        """Whether the place has been given up."""
        return self.enrolment.ended_at is not None


class Guest(NamedTuple):
    """Somebody of another class who came to a session of this one."""

    name: str
    class_code: str
    status: Status


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A class session with its register; the counts of the tally add up to its roster."""

    class_session: ClassSession
    register: Register | None
    signed_off_by: str
    phase: Phase
    tally: Tally
    corrections: int
    guests: tuple[Guest, ...]


@dataclass(frozen=True, slots=True)
class ClassRecord:
    """Everything a class page and its papers tell about attendance; places in Vietnamese order."""

    training_class: TrainingClass
    sessions: tuple[SessionRecord, ...]
    places: tuple[RosterPlace, ...]

    @property
    def roster(self) -> list[RosterPlace]:
        """Who is in the class now."""
        return [place for place in self.places if not place.left]

    @property
    def gone(self) -> list[RosterPlace]:
        """Who has left it."""
        return [place for place in self.places if place.left]

    @property
    def recorded(self) -> list[RosterPlace]:
        """Who belongs into the attendance table: everybody who was on the roster of a session."""
        return [place for place in self.places if not place.left or any(cell.on_roster for cell in place.cells)]


def class_record(training_class: TrainingClass, time_zone: str, at: datetime) -> ClassRecord:
    """The record of a class that the caller may see."""
    held = sessions.sessions_of(training_class)
    registers = _registers([one.id for one in held])
    enrolments = [*sessions.roster(training_class.id), *sessions.history_of(training_class.id)]
    marks = _marks(training_class)
    here = {(mark.session_id, mark.enrolment_id): mark for mark in marks if mark.held_in == training_class.id}
    credits_of = _credits(training_class, held, registers, marks, at)
    return ClassRecord(
        training_class,
        tuple(_session(one, registers.get(one.id), enrolments, here, training_class, time_zone, at) for one in held),
        tuple(
            RosterPlace(one, tuple(_cell(one, half, here, at) for half in held), credits_of(one.learner_id))
            for one in sorted(enrolments, key=_in_order)
        ),
    )


def count_marks(enrolment_ids: Sequence[int]) -> int:
    """How many marks these places have."""
    query = select(func.count(Mark.id)).where(Mark.enrolment_id.in_(enrolment_ids), Mark.status != "unmarked")
    return db.session.scalar(query) or 0


def is_on_roster(enrolment: Enrolment, class_session: ClassSession) -> bool:
    """Whether the place had not been given up when the session began; somebody who was merged into another one of the
    class stands there once, as the one who was kept.
    """
    if enrolment.learner.merged_into_id is not None:
        return False
    return enrolment.ended_at is None or enrolment.ended_at > class_session.starts_at


def is_not_yet(enrolment: Enrolment, class_session: ClassSession) -> bool:
    """Whether the place was taken only after the session."""
    return enrolment.effective_from >= class_session.ends_at


def _session(
    one: ClassSession,
    found: tuple[Register, str] | None,
    enrolments: Sequence[Enrolment],
    marks: dict[tuple[int, int], MarkRow],
    training_class: TrainingClass,
    time_zone: str,
    at: datetime,
) -> SessionRecord:
    register, signed_off_by = found or (None, "")
    places = {each.id: each for each in enrolments if is_on_roster(each, one)}
    its_marks = [mark for (session_id, _), mark in marks.items() if session_id == one.id]
    return SessionRecord(
        class_session=one,
        register=register,
        signed_off_by=signed_off_by,
        phase=phase_of(one, training_class, register, time_zone, at),
        tally=tally(
            places,
            {mark.enrolment_id: as_status(mark.status) for mark in its_marks},
            {each.id for each in places.values() if is_not_yet(each, one)},
        ),
        corrections=sum(mark.corrected for mark in its_marks),
        guests=tuple(
            Guest(mark.name, mark.class_code, status)
            for mark in its_marks
            if mark.enrolment_id not in places and (status := as_status(mark.status))
        ),
    )


def _cell(enrolment: Enrolment, one: ClassSession, marks: dict[tuple[int, int], MarkRow], at: datetime) -> Cell:
    if not is_on_roster(enrolment, one):
        return Cell(on_roster=False)
    mark = marks.get((one.id, enrolment.id))
    status = as_status(mark.status) if mark else None
    if status is None and is_not_yet(enrolment, one):
        status = Status.NOT_APPLICABLE
    if mark is None:
        return Cell(True, status)
    minutes = mark.minutes if mark.left_at or one.ends_at <= at else None
    spent = (mark.left_at, minutes, mark.minutes_estimated)
    return Cell(True, status, mark.arrived_at, mark.corrected, mark.reason, *spent)


def _credits(
    training_class: TrainingClass,
    held: Sequence[ClassSession],
    registers: dict[int, tuple[Register, str]],
    marks: Sequence[MarkRow],
    at: datetime,
) -> Any:
    rule = CourseRule(required=training_class.course.sessions_required)
    planned = [
        PlannedSession(one.number, is_held(one, registers.get(one.id), at), one.cancelled_at is not None)
        for one in held
    ]
    attended: dict[int, list[Attendance]] = defaultdict(list)
    for mark in marks:
        if status := as_status(mark.status):
            attended[mark.learner_id].append(Attendance(mark.number, status))
    return lambda learner_id: credit(rule, planned, attended[learner_id])


def is_held(one: ClassSession, found: tuple[Register, str] | None, at: datetime) -> bool:
    """Whether the session is over: by its register, or by the clock."""
    return one.ends_at <= at or bool(found and found[0].closed_at)


def as_status(text: str) -> Status | None:
    """A stored status as the rules take it; "unmarked" is None."""
    return None if text == "unmarked" else Status(text)


def _registers(session_ids: Sequence[int]) -> dict[int, tuple[Register, str]]:
    rows = db.session.execute(
        select(Register, Staff.name)
        .outerjoin(Staff, Staff.id == Register.signed_off_by)
        .where(Register.class_session_id.in_(session_ids))
    )
    return {register.class_session_id: (register, name or "") for register, name in rows}


def _marks(training_class: TrainingClass) -> list[MarkRow]:
    """Marks in this class's sessions, and those of its learners in other classes of the course."""
    learners = select(Enrolment.learner_id).where(Enrolment.class_id == training_class.id)
    rows = db.session.execute(
        select(
            Mark.class_session_id,
            Mark.enrolment_id,
            Mark.status,
            Mark.arrived_at,
            Mark.after_sign_off,
            Mark.reason,
            Enrolment.learner_id,
            Learner.name,
            Enrolment.class_id,
            TrainingClass.code,
            ClassSession.class_id,
            ClassSession.number,
            Mark.left_at,
            Mark.minutes,
            Mark.minutes_estimated,
        )
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .join(ClassSession, ClassSession.id == Mark.class_session_id)
        .where(
            Enrolment.course_id == training_class.course_id,
            Learner.merged_into_id.is_(None),
            or_(ClassSession.class_id == training_class.id, Enrolment.learner_id.in_(learners)),
        )
        .order_by(Mark.arrived_at, Mark.id)
    )
    return [MarkRow(*row) for row in rows]


def _in_order(enrolment: Enrolment) -> tuple[Any, ...]:
    learner = enrolment.learner
    return learner.sort_key, learner.birth_year or 0, learner.born_on or date.min, enrolment.id
