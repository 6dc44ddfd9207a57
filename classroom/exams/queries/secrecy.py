"""Who may see what is right: nobody but those who mark, while any of the questions is being asked somewhere."""

from collections.abc import Iterable

from sqlalchemy import select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Forbidden
from classroom.exams.models import Sitting


def keys_are_secret(actor: Actor, questions: Iterable[int]) -> bool:
    """Whether one of these questions is asked in a sitting that goes on, in any class and by any paper.

    Coordinators, who wrote the keys, always see them.
    """
    if actor.may("exam.mark"):
        return False
    pools = db.session.scalars(
        select(Sitting.pool).where(
            Sitting.organisation_id == actor.organisation_id,
            Sitting.ended_at.is_(None),
            Sitting.annulled_at.is_(None),
        )
    )
    asked = {question for pool in pools for part in pool for question, _ in part["versions"]}
    return not asked.isdisjoint(questions)


def check_keys(actor: Actor, questions: Iterable[int]) -> None:
    """Raise Forbidden `analysis.while_open` for whoever may not see them yet."""
    if keys_are_secret(actor, questions):
        raise Forbidden("analysis.while_open")
