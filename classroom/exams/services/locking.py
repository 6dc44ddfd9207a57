"""Hold sittings and attempts before they change: a sitting before its attempts, attempts in the order of their keys."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from classroom.core.actor import Actor
from classroom.core.prepared import Prepared
from classroom.exams.models import Attempt, Sitting
from classroom.exams.queries.sitting_facts import get_sitting

_SITTING: Any = Sitting.__table__
_STATE = (
    _SITTING.c.opened_at, _SITTING.c.paused_at, _SITTING.c.ended_at, _SITTING.c.annulled_at,
)  # fmt: skip
#: As it is now, nobody held up.
SITTING_NOW = Prepared(select(*_STATE).where(_SITTING.c.id == bindparam("wanted")))
#: As it is now and stays until the transaction ends; others may hold it so at the same time.
SITTING_KEPT = Prepared(select(*_STATE).where(_SITTING.c.id == bindparam("wanted")).with_for_update(read=True))


def hold_sitting(session: Session, public_id: str, actor: Actor, permission: str = "exam.run") -> Sitting:
    """The sitting, locked, its board told, of a class that the actor may see; raises NotFound for any other."""
    actor.require(permission)
    facts = get_sitting(actor, public_id)
    return lock_sitting(session, facts.id)


def lock_sitting(session: Session, sitting_id: int) -> Sitting:
    """The sitting as of now, locked, its board told."""
    query = update(Sitting).where(Sitting.id == sitting_id).values(version=Sitting.version + 1)
    session.execute(query.execution_options(synchronize_session=False))
    return session.scalars(
        select(Sitting).where(Sitting.id == sitting_id).execution_options(populate_existing=True)
    ).one()


def lock_attempts(session: Session, *conditions: Any) -> list[Attempt]:
    """Attempts under these conditions, locked in the order of their keys, as of now."""
    query = select(Attempt).where(*conditions).order_by(Attempt.id).with_for_update(key_share=True)
    return list(session.scalars(query.execution_options(populate_existing=True)))


def lock_attempts_by_id(session: Session, keys: Collection[int], *conditions: Any) -> list[Attempt]:
    """The same for known keys."""
    return lock_attempts(session, Attempt.id.in_(keys), *conditions)
