"""Where a learner stands in a course: the half-days of the own class, what was attended, what is still needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, and_, bindparam, select
from sqlalchemy.orm import aliased

from classroom.attendance.models import Mark, Register
from classroom.attendance.rules import ATTENDED, Attendance, CourseRule, Credit, PlannedSession, Status, credit
from classroom.core.db import db
from classroom.core.prepared import Prepared
from classroom.sessions.models import ClassSession, Course, Enrolment, Programme, Room, TrainingClass, Venue


@dataclass(frozen=True, slots=True)
class HalfDay:
    """One planned session of the own class with the learner's best mark for it, wherever that was made."""

    number: int
    day_number: int
    part: str
    held_on: date
    starts_at: datetime
    ends_at: datetime
    cancelled: bool
    held: bool
    status: Status | None
    arrived_at: datetime | None
    elsewhere: bool
    #: Where the class checks out: known once the learner left, or estimated when the session is over.
    left_at: datetime | None
    minutes: int | None
    minutes_estimated: bool
    room: str
    venue: str
    address: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A learner in one course."""

    class_code: str
    course: str
    programme: str
    half_days: tuple[HalfDay, ...]
    credit: Credit
    #: When the learner left the class, if so.
    ended_at: datetime | None
    course_id: int = 0

    def next_one(self, at: datetime) -> HalfDay | None:
        """The first half-day to go to: not over, and not marked yet."""
        coming = (each for each in self.half_days if not each.cancelled and each.status is None and each.ends_at > at)
        return min(coming, key=lambda each: each.starts_at, default=None)


def standings_of(learner_id: int, organisation_id: int, at: datetime) -> list[Standing]:
    """Every course that a learner sits in, or has sat in, the latest first; one line for each course."""
    places = db.session.execute(
        select(
            Enrolment.class_id,
            Enrolment.course_id,
            Enrolment.effective_from,
            Enrolment.ended_at,
            TrainingClass.code.label("class_code"),
            Course.name.label("course"),
            Course.sessions_required,
            Programme.name.label("programme"),
        )
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .join(Course, Course.id == Enrolment.course_id)
        .join(Programme, Programme.id == Course.programme_id)
        .where(Enrolment.learner_id == learner_id, Enrolment.organisation_id == organisation_id)
        .order_by(Enrolment.ended_at.is_not(None), TrainingClass.starts_on.desc(), Enrolment.id.desc())
    ).all()
    first_of_course = {place.course_id: place for place in reversed(places)}
    return [_standing(place, learner_id, at) for place in places if first_of_course[place.course_id] is place]


def planned_in(class_id: int, course_id: int, learner_id: int) -> Sequence[Any]:
    """What `credit_with` counts; one statement, because every phone in the room asks at once."""
    return _CREDIT.all(**_keys(class_id, course_id, learner_id))


def credit_with(planned: Sequence[Any], number: int, status: Status | None, at: datetime) -> Credit:
    """What counts so far, together with a mark for the session of this number that was made since."""
    also = [Attendance(number, status)] if status else []
    return _credit(planned[0].sessions_required if planned else 0, planned, at, also)


def _standing(place: Row[Any], learner_id: int, at: datetime) -> Standing:
    rows = db.session.execute(
        _SESSIONS_AND_MARKS.add_columns(
            ClassSession.day_number,
            ClassSession.part,
            ClassSession.held_on,
            Room.name.label("room"),
            Venue.name.label("venue"),
            Venue.address,
            *_SPENT,
        )
        .outerjoin(Room, Room.id == ClassSession.room_id)
        .outerjoin(Venue, Venue.id == Room.venue_id),
        _keys(place.class_id, place.course_id, learner_id),
    ).all()
    return Standing(
        class_code=place.class_code,
        course=place.course,
        programme=place.programme,
        half_days=tuple(_half_days(rows, place.effective_from, at)),
        credit=_credit(place.sessions_required, rows, at),
        ended_at=place.ended_at,
        course_id=place.course_id,
    )


def _sessions_and_marks() -> tuple[Select[Any], Sequence[Any]]:
    """The sessions of a class, each with the learner's marks of that number in any class of the course.

    Beside it the columns that tell of the time in the room, for whoever wants to know.
    """
    there = aliased(ClassSession)
    spent = (Mark.left_at, Mark.minutes, Mark.minutes_estimated)
    marks = (
        select(there.number, there.class_id, Mark.status, Mark.arrived_at, *spent)
        .join(Mark, Mark.class_session_id == there.id)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .where(Enrolment.learner_id == bindparam("learner_id"), Enrolment.course_id == bindparam("course_id"))
        .subquery()
    )
    found = (
        select(
            ClassSession.number,
            ClassSession.starts_at,
            ClassSession.ends_at,
            ClassSession.cancelled_at,
            Register.closed_at,
            marks.c.status,
            marks.c.arrived_at,
            (marks.c.class_id != ClassSession.class_id).label("elsewhere"),
        )
        .select_from(ClassSession)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .join(Course, Course.id == TrainingClass.course_id)
        .outerjoin(Register, Register.class_session_id == ClassSession.id)
        .outerjoin(marks, and_(marks.c.number == ClassSession.number))
        .where(ClassSession.class_id == bindparam("class_id"))
        .order_by(ClassSession.number)
    )
    return found, (marks.c.left_at, marks.c.minutes, marks.c.minutes_estimated)


def _keys(class_id: int, course_id: int, learner_id: int) -> dict[str, int]:
    return {"class_id": class_id, "course_id": course_id, "learner_id": learner_id}


_SESSIONS_AND_MARKS, _SPENT = _sessions_and_marks()
#: Every phone of the room asks this at once.
_CREDIT = Prepared(_SESSIONS_AND_MARKS.add_columns(Course.sessions_required))


def _held(row: Any, at: datetime) -> bool:
    return row.cancelled_at is None and (row.closed_at is not None or row.ends_at <= at)


def _credit(required: int, rows: Sequence[Any], at: datetime, also: Sequence[Attendance] = ()) -> Credit:
    planned = {row.number: PlannedSession(row.number, _held(row, at), row.cancelled_at is not None) for row in rows}
    attendances = [Attendance(row.number, status) for row in rows if (status := _status(row))]
    return credit(CourseRule(required), planned.values(), [*attendances, *also])


def _half_days(rows: Sequence[Any], effective_from: datetime, at: datetime) -> list[HalfDay]:
    best: dict[int, Any] = {}
    for row in rows:
        if row.number not in best or _rank(row) < _rank(best[row.number]):
            best[row.number] = row
    return [_half_day(row, effective_from, at) for row in best.values()]


def _rank(row: Any) -> tuple[bool, bool, bool]:
    """What counts comes first, then what was made in the own class."""
    status = _status(row)
    return status not in ATTENDED, status is None, bool(row.elsewhere)


def _half_day(row: Any, effective_from: datetime, at: datetime) -> HalfDay:
    status = _status(row)
    if status is None and row.ends_at <= effective_from:
        status = Status.NOT_APPLICABLE
    return HalfDay(
        number=row.number,
        day_number=row.day_number,
        part=row.part,
        held_on=row.held_on,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        cancelled=row.cancelled_at is not None,
        held=_held(row, at),
        status=status,
        arrived_at=row.arrived_at,
        elsewhere=bool(row.elsewhere),
        left_at=row.left_at,
        minutes=row.minutes if row.left_at or row.ends_at <= at else None,
        minutes_estimated=bool(row.minutes_estimated),
        room=row.room or "",
        venue=row.venue or "",
        address=row.address or "",
    )


def _status(row: Any) -> Status | None:
    return Status(row.status) if row.status in set(Status) else None
