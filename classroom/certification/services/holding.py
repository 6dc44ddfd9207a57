"""Keep people as they are while something is written about them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.learners.models import Learner


def hold_living(session: Session, learner_ids: Collection[int]) -> set[int]:
    """Those who are neither merged nor erased; until the transaction ends, nobody merges or erases them."""
    return set(
        session.scalars(
            select(Learner.id)
            .where(Learner.id.in_(learner_ids), Learner.annulled_at.is_(None))
            .order_by(Learner.id)
            .with_for_update(read=True)
        )
    )
