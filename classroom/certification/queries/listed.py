"""Who stands on a list beside the rule."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, or_, select

from classroom.accounts.models import Staff
from classroom.certification.models import ListedLearner
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.learners.models import Learner


def listed(course_id: int, text: str = "", limit: int = 300) -> Sequence[Row[Any]]:
    """Living entries with the learner and who wrote them, by name; `text` narrows by name, unit or code."""
    query = (
        select(ListedLearner, Learner, Staff.name.label("by"))
        .join(Learner, Learner.id == ListedLearner.learner_id)
        .outerjoin(Staff, Staff.id == ListedLearner.staff_id)
        .where(ListedLearner.course_id == course_id, ListedLearner.annulled_at.is_(None))
        .order_by(ListedLearner.kind.desc(), Learner.sort_key, ListedLearner.id)
    )
    if text.strip():
        wanted = fold(text)
        query = query.where(
            or_(
                Learner.name_fold.contains(wanted, autoescape=True),
                Learner.unit_fold.contains(wanted, autoescape=True),
                Learner.code == text.strip().upper(),
            )
        )
    return db.session.execute(query.limit(limit)).all()


def count_listed(course_id: int) -> dict[str, int]:
    """How many are to be certified, and how many not."""
    query = select(ListedLearner.kind, func.count()).where(
        ListedLearner.course_id == course_id, ListedLearner.annulled_at.is_(None)
    )
    return {row[0]: row[1] for row in db.session.execute(query.group_by(ListedLearner.kind))}


def get_listed(actor: Actor, public_id: str, *, lock: bool = False) -> ListedLearner:
    """An entry, living or annulled; raises NotFound."""
    query = select(ListedLearner).where(
        ListedLearner.public_id == public_id, ListedLearner.organisation_id == actor.organisation_id
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found
