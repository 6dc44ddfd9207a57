"""Read what waits for a decision beside the questions that rooms asked: files not yet confirmed."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.models import StoredFile
from classroom.inbox import queries as inbox
from classroom.sessions.models import Course, RosterImport, TrainingClass

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
    return db.session.scalar(select(imports + items)) or 0
