"""Whether a board of a sitting has anything new to show, time included."""

from datetime import datetime, timedelta

from sqlalchemy import case, func, select

from classroom.core.db import db
from classroom.exams.models import Attempt
from classroom.exams.queries.board import DISCONNECTED_AFTER, board_version
from classroom.exams.queries.sitting_facts import SittingFacts

#: So long a silence is somebody's to look after.
SILENT_AFTER = timedelta(minutes=1)


def board_pulse(sitting: SittingFacts, at: datetime) -> str:
    """Changes with all that the board shows: with minutes, which it counts down, and with devices that fall silent."""
    heard = func.coalesce(Attempt.last_seen_at, Attempt.started_at)
    quiet = [func.count(case((heard < at - each, Attempt.id))) for each in (DISCONNECTED_AFTER, SILENT_AFTER)]
    where = (Attempt.sitting_id == sitting.id, Attempt.state == "running")
    lost, silent = db.session.execute(select(*quiet).where(*where)).one()
    return f"{board_version(sitting.id)}-{lost}-{silent}-{int(at.timestamp()) // 60}"
