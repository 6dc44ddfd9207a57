"""A learner's own attempt, for the page of its result."""

from typing import Any

from sqlalchemy import exists, select

from classroom.core.db import db
from classroom.exams.models import Adjustment, Attempt


def own_attempt(public_id: str) -> Any:
    """State, marks and times of an attempt; `adjusted` where a person changed its points."""
    adjusted = exists().where(Adjustment.attempt_id == Attempt.id, Adjustment.annulled_at.is_(None))
    return db.session.execute(
        select(
            Attempt.id,
            Attempt.items,
            Attempt.answered,
            Attempt.finished_at,
            Attempt.finished_how,
            Attempt.marks,
            Attempt.mark,
            Attempt.out_of,
            Attempt.outcome,
            adjusted.label("adjusted"),
        ).where(Attempt.public_id == public_id)
    ).one()
