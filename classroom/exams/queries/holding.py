"""Which device holds the attempt that a learner runs."""

from typing import Any

from sqlalchemy import select

from classroom.core.db import db
from classroom.exams.models import Attempt, AttemptDevice


def running_attempt(sitting_id: int, learner_id: int) -> Any | None:
    """The running attempt of a learner in a sitting (public_id, device_hash), or None."""
    return db.session.execute(
        select(Attempt.public_id, Attempt.device_hash).where(
            Attempt.sitting_id == sitting_id, Attempt.learner_id == learner_id, Attempt.state == "running"
        )
    ).first()


def is_refused(attempt_public_id: str, device_hash: bytes) -> bool:
    """Whether the trainer said no to this device, and it has not asked again since."""
    query = (
        select(AttemptDevice.id)
        .join(Attempt, Attempt.id == AttemptDevice.attempt_id)
        .where(
            Attempt.public_id == attempt_public_id,
            AttemptDevice.device_hash == device_hash,
            AttemptDevice.refused_at >= AttemptDevice.asked_at,
        )
    )
    return db.session.scalar(query) is not None
