"""Attendance of everybody in a course in three statements: the same as `standing.standings_of` says of each."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select

from classroom.attendance.models import Mark, Register
from classroom.attendance.rules import ATTENDED, Status
from classroom.attendance.rules.sat import SatCourse, SatHalfDay
from classroom.core.db import db
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass

_KNOWN = {status.value: status for status in Status}
#: By number of the session: the mark and the class in which it was made.
Marks = Mapping[int, list[tuple[Status | None, int]]]


def course_attendance(
    organisation_id: int, course_id: int, at: datetime, learners: Collection[int] | None = None
) -> dict[int, SatCourse]:
    """By learner key, whoever sits in a class of the course or has sat in one; with `learners` only these."""
    places = _places(organisation_id, course_id, learners)
    if not places:
        return {}
    planned, codes = _planned(organisation_id, course_id, at)
    marks = _marks(organisation_id, course_id, learners)
    return {
        learner_id: SatCourse(
            place.class_id,
            place.code,
            place.ended_at is not None,
            _half_days(planned.get(place.class_id, []), place.class_id, marks.get(learner_id, {}), codes),
        )
        for learner_id, place in places.items()
    }


def _places(organisation_id: int, course_id: int, learners: Collection[int] | None) -> dict[int, Row[Any]]:
    """The class by which each belongs to the course: a living place before one that ended, then the latest."""
    query = (
        select(Enrolment.learner_id, Enrolment.class_id, Enrolment.ended_at, TrainingClass.code)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .where(Enrolment.organisation_id == organisation_id, Enrolment.course_id == course_id)
        .order_by(Enrolment.ended_at.is_not(None), TrainingClass.starts_on.desc(), Enrolment.id.desc())
    )
    found: dict[int, Row[Any]] = {}
    for row in db.session.execute(_only(query, learners)):
        found.setdefault(row.learner_id, row)
    return found


def _planned(organisation_id: int, course_id: int, at: datetime) -> tuple[dict[int, list[SatHalfDay]], dict[int, str]]:
    """The sessions of every class, and the codes of the classes, by their keys."""
    rows = db.session.execute(
        select(
            ClassSession.class_id,
            TrainingClass.code,
            ClassSession.number,
            ClassSession.held_on,
            ClassSession.part,
            ClassSession.ends_at,
            ClassSession.cancelled_at,
            Register.closed_at,
        )
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .outerjoin(Register, Register.class_session_id == ClassSession.id)
        .where(TrainingClass.organisation_id == organisation_id, TrainingClass.course_id == course_id)
        .order_by(ClassSession.number)
    )
    found: dict[int, list[SatHalfDay]] = defaultdict(list)
    codes = {}
    for row in rows:
        codes[row.class_id] = row.code
        cancelled = row.cancelled_at is not None
        held = not cancelled and (row.closed_at is not None or row.ends_at <= at)
        found[row.class_id].append(SatHalfDay(row.number, row.held_on, row.part, cancelled, held))
    return found, codes


def _marks(organisation_id: int, course_id: int, learners: Collection[int] | None) -> dict[int, Marks]:
    query = (
        select(Enrolment.learner_id, ClassSession.number, ClassSession.class_id, Mark.status)
        .select_from(Enrolment)
        .join(Mark, Mark.enrolment_id == Enrolment.id)
        .join(ClassSession, ClassSession.id == Mark.class_session_id)
        .where(Enrolment.organisation_id == organisation_id, Enrolment.course_id == course_id)
        .order_by(Mark.id)
    )
    found: dict[int, dict[int, list[tuple[Status | None, int]]]] = defaultdict(lambda: defaultdict(list))
    for learner_id, number, class_id, status in db.session.execute(_only(query, learners)):
        found[learner_id][number].append((_KNOWN.get(status), class_id))
    return dict(found)


def _half_days(
    planned: list[SatHalfDay], class_id: int, marks: Marks, codes: Mapping[int, str]
) -> tuple[SatHalfDay, ...]:
    return tuple(
        _marked(each, class_id, marks[each.number], codes) if each.number in marks else each for each in planned
    )


def _marked(
    planned: SatHalfDay, class_id: int, marks: list[tuple[Status | None, int]], codes: Mapping[int, str]
) -> SatHalfDay:
    """What counts comes first, then what was made in the own class."""
    status, there = min(marks, key=lambda one: (one[0] not in ATTENDED, one[0] is None, one[1] != class_id))
    return SatHalfDay(
        planned.number, planned.held_on, planned.part, planned.cancelled, planned.held, status, codes.get(there, "")
    )


def _only(query: Select[Any], learners: Collection[int] | None) -> Select[Any]:
    return query if learners is None else query.where(Enrolment.learner_id.in_(set(learners)))
