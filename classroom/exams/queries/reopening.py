"""Whether the end of a test can be taken back."""

from datetime import datetime

from sqlalchemy import select

from classroom.attendance.rules import day_end
from classroom.core.db import db
from classroom.exams.models import Sitting
from classroom.exams.queries.sitting_facts import SittingFacts


def why_not_reopened(sitting: SittingFacts, at: datetime) -> str:
    """The code of what stands against it: its day is over, or the same paper has been opened again; else empty.

    Asked of a sitting that has not been annulled; one that goes on need not be opened.
    """
    if sitting.ended_at is None:
        return ""
    if at >= day_end(sitting.session.schedule):
        return "sitting.day_over"
    other = select(Sitting.id).where(
        Sitting.class_session_id == sitting.session.id,
        Sitting.paper_id == sitting.paper_id,
        Sitting.ended_at.is_(None),
        Sitting.annulled_at.is_(None),
    )
    return "sitting.open_already" if db.session.scalar(other.limit(1)) is not None else ""
