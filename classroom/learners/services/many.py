"""Write many learners at once; the caller holds the transaction and keeps the record of why."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, insert, update

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.ids import public_id
from classroom.learners import queries
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts, derived_columns, make_learner_code


def add_many(people: Sequence[LearnerFacts], *, actor: Actor) -> list[int]:
    """Add learners and return their keys in the given order; an ID number held already breaks the constraint."""
    if not people:
        return []
    at = now()
    with transaction() as session:
        codes = fresh_codes(actor.organisation_id, len(people))
        rows = [
            {
                "public_id": public_id(),
                "organisation_id": actor.organisation_id,
                "code": code,
                "created_at": at,
                "updated_at": at,
                **facts.columns(),
            }
            for code, facts in zip(codes, people, strict=True)
        ]
        made = session.execute(insert(Learner).returning(Learner.public_id, Learner.id), rows).all()
    keys: dict[str, int] = {row[0]: row[1] for row in made}
    return [keys[row["public_id"]] for row in rows]


def change_many(changes: Iterable[tuple[int, Mapping[str, Any]]]) -> None:
    """Change the given facts (`birth` as a `Birth`) of the learners with these keys."""
    at = now()
    with transaction() as session:
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for key, facts in changes:
            columns = derived_columns(facts)
            groups.setdefault(tuple(sorted(columns)), []).append({"key": key, **columns})
        for columns_changed, rows in groups.items():
            values: dict[str, Any] = {column: bindparam(column) for column in columns_changed}
            statement = update(Learner.__table__).where(Learner.__table__.c.id == bindparam("key"))  # type: ignore[arg-type]
            session.connection().execute(statement.values(updated_at=at, **values), rows)
        session.expire_all()


def annul_many(keys: Sequence[int]) -> None:
    """Let learners count no longer; their rows stay, their ID numbers become free."""
    if keys:
        with transaction() as session:
            session.execute(update(Learner).where(Learner.id.in_(keys)).values(annulled_at=now()))


def fresh_codes(organisation_id: int, count: int) -> list[str]:
    """Learner codes that nobody has, all different."""
    chance = random.SystemRandom()
    codes: set[str] = set()
    while len(codes) < count:
        codes |= {make_learner_code(chance) for _ in range(count - len(codes))}
        codes -= queries.taken_codes(organisation_id, codes)
    return list(codes)
