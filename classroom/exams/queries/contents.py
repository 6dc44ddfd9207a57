"""The questions of a sitting as they were pinned, remembered by each process: a pinned version never changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from classroom.core.db import db
from classroom.core.memory import Memory
from classroom.exams.models import QuestionVersion, Sitting
from classroom.exams.rules.drawing import PoolPart, Shown
from classroom.exams.rules.kinds import Kind, has_fixed_order, option_ids


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question of some version asks for."""

    kind: Kind
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Contents:
    """The parts of a sitting, and by version key what each asks and what of it is shown in a drawn order."""

    pool: tuple[PoolPart, ...]
    asked: Mapping[int, Asked]
    shown: Mapping[int, Shown]


_KEPT: Memory[Contents] = Memory(64)


def contents_of(sitting_public_id: str) -> Contents:
    """What is asked in a sitting. Remembered under its public id, which no other sitting anywhere has."""
    known = _KEPT.get(sitting_public_id)
    if known is not None:
        return known
    pool = db.session.execute(select(Sitting.pool).where(Sitting.public_id == sitting_public_id)).scalar_one()
    parts = tuple(PoolPart.from_json(part) for part in pool)
    made = Contents(parts, *described(version for part in parts for _, version in part.versions))
    return _KEPT.keep(sitting_public_id, made)


def described(versions: Iterable[int]) -> tuple[dict[int, Asked], dict[int, Shown]]:
    """What these versions ask, and what drawing must know of them."""
    query = select(QuestionVersion.id, QuestionVersion.kind, QuestionVersion.body)
    rows = db.session.execute(query.where(QuestionVersion.id.in_(set(versions)))).all()
    asked = {row.id: Asked(Kind(row.kind), row.body) for row in rows}
    return asked, {key: shown_of(each.kind, each.body) for key, each in asked.items()}


def shown_of(kind: Kind, body: Mapping[str, Any]) -> Shown:
    """What the drawing must know of a version."""
    return Shown(
        tuple(option_ids(kind, body)), has_fixed_order(body), kind is Kind.ORDERING, paired=kind is Kind.MATCHING
    )
