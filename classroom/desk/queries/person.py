"""Read what all rooms know about one learner."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.attendance.models import Binding, Mark, Register
from classroom.attendance.rules import Attendance, CourseRule, Credit, PlannedSession, Status, credit
from classroom.core.db import db
from classroom.core.models import StoredFile
from classroom.desk.queries.record import Cell, as_status, is_not_yet, is_on_roster
from classroom.learners.models import Learner
from classroom.sessions import queries as sessions
from classroom.sessions.models import Badge, ClassSession, Enrolment, EnrolmentChange, RosterImport, TrainingClass


class Change(NamedTuple):
    """How an enrolment came about or changed, by whom, and by which file."""

    kind: str
    at: datetime
    reason: str
    by: str
    filename: str
    roster_import: str


class Half(NamedTuple):
    """A class session and the learner's place in it; `guest_in` names the other class of a make-up."""

    class_session: ClassSession
    cell: Cell
    guest_in: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a class, with its sessions, its history and where the course's rule sees the learner."""

    enrolment: Enrolment
    halves: tuple[Half, ...]
    changes: tuple[Change, ...]
    credit: Credit


def places_of(learner: Learner, at: datetime) -> list[Place]:
    """All places the learner has or had, the latest first; a fixed number of reads."""
    enrolments = sessions.enrolments_of_learner(learner.organisation_id, learner.id)
    keys = [one.id for one in enrolments]
    halves = _halves(enrolments)
    marks = _marks(keys)
    changes = _changes(keys)
    return [_place(one, enrolments, halves, marks, tuple(changes[one.id]), at) for one in enrolments]


def count_bound_phones(learner: Learner) -> int:
    """In how many browsers the learner is known."""
    query = select(func.count(Binding.id)).where(Binding.learner_id == learner.id, Binding.annulled_at.is_(None))
    return db.session.scalar(query) or 0


class Holdings(NamedTuple):
    """How much hangs on a learner: places living or ended, marks, phones and badges that are good now."""

    places: int
    marks: int
    phones: int
    badges: int


def holdings_of(learner: Learner) -> Holdings:
    """Count in one read what would go over with the learner."""
    places = select(func.count(Enrolment.id)).where(Enrolment.learner_id == learner.id)
    marks = select(func.count(Mark.id)).join(Enrolment, Enrolment.id == Mark.enrolment_id)
    marks = marks.where(Enrolment.learner_id == learner.id, Mark.status != "unmarked")
    phones = select(func.count(Binding.id)).where(Binding.learner_id == learner.id, Binding.annulled_at.is_(None))
    badges = select(func.count(Badge.id)).where(Badge.learner_id == learner.id, Badge.replaced_at.is_(None))
    counts = select(*(one.scalar_subquery() for one in (places, marks, phones, badges)))
    return Holdings(*db.session.execute(counts).one())


def _place(
    enrolment: Enrolment,
    siblings: Sequence[Enrolment],
    halves: dict[int, list[tuple[ClassSession, datetime | None]]],
    marks: Sequence[Any],
    changes: tuple[Change, ...],
    at: datetime,
) -> Place:
    own = {mark.class_session_id: mark for mark in marks if mark.enrolment_id == enrolment.id}
    of_course = {one.id for one in siblings if one.course_id == enrolment.course_id}
    attended = [
        Attendance(mark.number, status)
        for mark in marks
        if mark.enrolment_id in of_course and (status := as_status(mark.status))
    ]
    held = halves[enrolment.class_id]
    planned = [
        PlannedSession(one.number, one.ends_at <= at or closed_at is not None, one.cancelled_at is not None)
        for one, closed_at in held
    ]
    rule = CourseRule(required=enrolment.training_class.course.sessions_required)
    made_up = {mark.number: mark for mark in own.values() if mark.class_id != enrolment.class_id}
    return Place(
        enrolment,
        tuple(_half(enrolment, one, own.get(one.id), made_up.get(one.number)) for one, _ in held),
        changes,
        credit(rule, planned, attended),
    )


def _half(enrolment: Enrolment, one: ClassSession, mark: Any, made_up: Any) -> Half:
    on_roster = is_on_roster(enrolment, one)
    status = as_status(mark.status) if mark else None
    if status is None and on_roster and is_not_yet(enrolment, one):
        status = Status.NOT_APPLICABLE
    cell = Cell(on_roster, status)
    if mark:
        cell = Cell(on_roster, status, mark.arrived_at, mark.after_sign_off, mark.reason)
    return Half(one, cell, made_up.code if made_up and as_status(made_up.status) else "")


def _halves(enrolments: Sequence[Enrolment]) -> dict[int, list[tuple[ClassSession, datetime | None]]]:
    rows = db.session.execute(
        select(ClassSession, Register.closed_at)
        .outerjoin(Register, Register.class_session_id == ClassSession.id)
        .where(ClassSession.class_id.in_({one.class_id for one in enrolments}))
        .order_by(ClassSession.starts_at, ClassSession.number)
    )
    found: dict[int, list[tuple[ClassSession, datetime | None]]] = defaultdict(list)
    for one, closed_at in rows:
        found[one.class_id].append((one, closed_at))
    return found


def _marks(enrolment_ids: Sequence[int]) -> Sequence[Any]:
    return db.session.execute(
        select(
            Mark.class_session_id,
            Mark.enrolment_id,
            Mark.status,
            Mark.arrived_at,
            Mark.after_sign_off,
            Mark.reason,
            ClassSession.number,
            ClassSession.class_id,
            TrainingClass.code,
        )
        .join(ClassSession, ClassSession.id == Mark.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Mark.enrolment_id.in_(enrolment_ids))
    ).all()


def _changes(enrolment_ids: Sequence[int]) -> dict[int, list[Change]]:
    rows = db.session.execute(
        select(EnrolmentChange, Staff.name, StoredFile.filename, RosterImport.public_id)
        .outerjoin(Staff, Staff.id == EnrolmentChange.staff_id)
        .outerjoin(RosterImport, RosterImport.id == EnrolmentChange.roster_import_id)
        .outerjoin(StoredFile, StoredFile.id == RosterImport.file_id)
        .where(EnrolmentChange.enrolment_id.in_(enrolment_ids))
        .order_by(EnrolmentChange.at, EnrolmentChange.id)
    )
    found: dict[int, list[Change]] = defaultdict(list)
    for change, by, filename, key in rows:
        found[change.enrolment_id].append(
            Change(change.kind, change.at, change.reason, by or "", filename or "", key or "")
        )
    return found
