"""Answers of an attempt that came too late or from a device that had lost it, and wait for a decision."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from classroom.core.db import db
from classroom.exams.models import Attempt, StrayAnswer


@dataclass(frozen=True, slots=True)
class LateAnswer:
    """One of them; `position` counts from 0, `kind` is late or other_device."""

    id: int
    position: int
    kind: str
    received_at: datetime


def late_answers(attempt_public_id: str) -> list[LateAnswer]:
    """Those that nobody has let count yet, in the order in which they came."""
    rows = db.session.execute(
        select(StrayAnswer.id, StrayAnswer.position, StrayAnswer.kind, StrayAnswer.received_at)
        .join(Attempt, Attempt.id == StrayAnswer.attempt_id)
        .where(Attempt.public_id == attempt_public_id, StrayAnswer.taken_at.is_(None))
        .order_by(StrayAnswer.received_at, StrayAnswer.id)
    )
    return [LateAnswer(*row) for row in rows]
