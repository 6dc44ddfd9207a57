"""Read what waits for a decision: files not yet confirmed, and what the questions of the rooms are about."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import case, func, select

from classroom.accounts.models import Staff
from classroom.attendance.models import Mark, Scan
from classroom.attendance.queries.kept import scans_placed
from classroom.attendance.rules import CAME
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.models import StoredFile
from classroom.inbox import queries as inbox
from classroom.learners.models import Learner
from classroom.learners.queries import birth_of
from classroom.online.queries import matching
from classroom.sessions.models import ClassSession, Course, Enrolment, RosterImport, TrainingClass

#: A learner made so shortly before the place was made at the door, too.
_JUST_MADE = timedelta(minutes=1)
_WAITING = "uploaded"


class WaitingImport(NamedTuple):
    """A file with people that was brought and never confirmed."""

    roster_import: str
    filename: str
    course: str
    class_code: str
    uploaded_at: datetime
    uploaded_by: str


def waiting_imports(actor: Actor) -> list[WaitingImport]:
    """The files that wait, the oldest first."""
    rows = db.session.execute(
        select(
            RosterImport.public_id,
            StoredFile.filename,
            Course.name,
            TrainingClass.code,
            RosterImport.uploaded_at,
            Staff.name,
        )
        .join(Course, Course.id == RosterImport.course_id)
        .join(StoredFile, StoredFile.id == RosterImport.file_id)
        .outerjoin(TrainingClass, TrainingClass.id == RosterImport.class_id)
        .outerjoin(Staff, Staff.id == RosterImport.uploaded_by)
        .where(RosterImport.organisation_id == actor.organisation_id, RosterImport.state == _WAITING)
        .order_by(RosterImport.uploaded_at, RosterImport.id)
    )
    return [WaitingImport(row[0], row[1], row[2], row[3] or "", row[4], row[5] or "") for row in rows]


def count_waiting(actor: Actor) -> int:
    """How many things wait for a decision; asked on every page of the staff: one statement."""
    imports = (
        select(func.count(RosterImport.id))
        .where(RosterImport.organisation_id == actor.organisation_id, RosterImport.state == _WAITING)
        .scalar_subquery()
    )
    items = inbox.count_open(actor.organisation_id).scalar_subquery()
    matches = case((matching.count_waiting(actor.organisation_id).scalar_subquery() > 0, 1), else_=0)
    return db.session.scalar(select(imports + items + matches)) or 0


def waiting_matches(actor: Actor) -> int:
    """How many online results wait for somebody to say whose they are: one thing of the inbox, with its own page."""
    return db.session.scalar(matching.count_waiting(actor.organisation_id)) or 0


class LateScan(NamedTuple):
    """A scan that came after sign-off: who, where and when."""

    scan_id: int
    name: str
    unit: str
    class_code: str
    session: str
    day_number: int
    part: str
    scanned_at: datetime
    going: bool = False


class AskedSession(NamedTuple):
    """The class session that a question is about."""

    session: str
    class_code: str
    day_number: int
    part: str
    held_on: date


def late_scans(scan_ids: Collection[int]) -> dict[int, LateScan]:
    """What the inbox says about late scans, by their keys."""
    rows = db.session.execute(
        scans_placed(scan_ids, Learner.name, Learner.unit)
        .add_columns(Scan.direction == "out")
        .join(Learner, Learner.id == Scan.learner_id)
    )
    return {row[0]: LateScan(*row) for row in rows}


def name_of(learner: str) -> str:
    """The name of a learner by the id in addresses, also of one merged or annulled; "" for nobody."""
    return db.session.scalar(select(Learner.name).where(Learner.public_id == learner)) or ""


class WalkIn(NamedTuple):
    """Somebody who was taken in at the door: who, where, and how much hangs on it."""

    enrolment: str
    learner: str
    name: str
    birth: str
    unit: str
    class_code: str
    marks: int
    known: bool


def walk_ins(enrolments: Collection[str]) -> dict[str, WalkIn]:
    """What the inbox says about walk-ins, by the ids of their places."""
    marks = select(func.count(Mark.id)).where(Mark.enrolment_id == Enrolment.id, Mark.status.in_(CAME))
    rows = db.session.execute(
        select(Enrolment, Learner, TrainingClass.code, marks.scalar_subquery())
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .where(Enrolment.public_id.in_(enrolments))
    )
    return {
        place.public_id: WalkIn(
            place.public_id,
            learner.public_id,
            learner.name,
            str(birth_of(learner) or ""),
            learner.unit,
            code,
            count,
            learner.created_at < place.enrolled_at - _JUST_MADE,
        )
        for place, learner, code, count in rows
    }


def asked_sessions(session_ids: Collection[str]) -> dict[str, AskedSession]:
    """What the inbox says about class sessions, by the ids in their addresses."""
    rows = db.session.execute(
        select(
            ClassSession.public_id,
            TrainingClass.code,
            ClassSession.day_number,
            ClassSession.part,
            ClassSession.held_on,
        )
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(ClassSession.public_id.in_(session_ids))
    )
    return {row[0]: AskedSession(*row) for row in rows}
