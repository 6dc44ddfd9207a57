"""Hold classes before anything that hangs on them changes."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.core import signals
from classroom.core.db import transaction
from classroom.sessions.models import TrainingClass


def hold_rosters(class_ids: Iterable[int]) -> None:
    """Let changes of these rosters follow each other until the open transaction ends, so that seats are counted right.

    Higher rooms hold what hangs on the classes after them: whoever asks for a class may hold none of that yet.
    """
    keys = sorted(set(class_ids))
    with transaction() as session:
        lock_classes(session, keys)
        signals.rosters_holding.send(class_ids=keys)


def lock_classes(session: Session, class_ids: Iterable[int]) -> None:
    """Hold the rows of the classes alone, in the order of their keys, for whoever holds what hangs on them itself."""
    session.execute(
        select(TrainingClass.id)
        .where(TrainingClass.id.in_(class_ids))
        .order_by(TrainingClass.id)
        .with_for_update(key_share=True)
    ).all()
