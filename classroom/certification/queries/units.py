"""Certificates by the unit that they are handed out to."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from classroom.certification.models import Certificate, UnitAlias
from classroom.certification.queries.printing import wanted
from classroom.certification.rules.printing import Scope
from classroom.certification.rules.units import alike, canonical
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold

MOST_COMPARED = 6000
"""Spellings that are compared for suggestions; a province has a few thousand units."""


@dataclass(frozen=True, slots=True)
class HandOut:
    """Certificates that went to one person in one step, and are still there."""

    at: datetime
    to: str
    count: int


@dataclass(frozen=True, slots=True)
class UnitBatch:
    """The certificates of one unit in a batch; `key` is its folded name, `folds` all spellings of it."""

    key: str
    name: str
    folds: tuple[str, ...]
    count: int
    handed_out: int
    spellings: int
    #: The latest step in which some were handed out, None while all are here.
    last: HandOut | None = None


def aliases(organisation_id: int) -> Sequence[UnitAlias]:
    """The spellings that mean another one, by unit."""
    return db.session.scalars(
        select(UnitAlias).where(UnitAlias.organisation_id == organisation_id).order_by(UnitAlias.unit, UnitAlias.alias)
    ).all()


def get_alias(actor: Actor, public_id: str) -> UnitAlias:
    """One of them; raises NotFound."""
    found = db.session.scalar(
        select(UnitAlias).where(UnitAlias.organisation_id == actor.organisation_id, UnitAlias.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def unit_batches(organisation_id: int, batch_id: int) -> list[UnitBatch]:
    """The units of a batch in alphabetical order, spellings of one unit together; people without a unit come last."""
    known = aliases(organisation_id)
    rows = db.session.execute(
        select(
            Certificate.unit_fold,
            func.count(),
            func.count(Certificate.handed_out_at),
            func.min(Certificate.id),
        )
        .where(*wanted(batch_id, Scope()))
        .group_by(Certificate.unit_fold)
    ).all()
    spelled = _spelled([row[3] for row in rows])
    handed = _handed_out(batch_id)
    by_fold = {one.alias_fold: one.unit for one in known}
    named = {fold(one.unit): one.unit for one in known}
    found: dict[str, list[Any]] = defaultdict(list)
    for unit_fold, count, handed_out, first in rows:
        found[canonical(unit_fold, by_fold)].append((unit_fold, count, handed_out, spelled[first]))
    made = [
        UnitBatch(
            key,
            named.get(key) or parts[0][3],
            tuple(part[0] for part in parts),
            sum(part[1] for part in parts),
            sum(part[2] for part in parts),
            len(parts),
            _latest([step for part in parts for step in handed.get(part[0], ())]),
        )
        for key, parts in found.items()
    ]
    return sorted(made, key=lambda one: (not one.key, one.key))


def get_unit(organisation_id: int, batch_id: int, key: str) -> UnitBatch:
    """One unit of a batch by its folded name; raises NotFound."""
    found = next((one for one in unit_batches(organisation_id, batch_id) if one.key == fold(key)), None)
    if found is None:
        raise NotFound
    return found


def receipt_rows(batch_id: int, folds: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Name, birth and number of each certificate of a unit, in the order of names."""
    rows = db.session.execute(
        select(Certificate.facts, Certificate.number)
        .where(*wanted(batch_id, Scope()), Certificate.unit_fold.in_(folds))
        .order_by(Certificate.sort_key, Certificate.serial)
    )
    return [(str(facts.get("name", "")), str(facts.get("born", "")), number) for facts, number in rows]


def suggestions(organisation_id: int) -> list[list[str]]:
    """Spellings on certificates that may mean one unit, and are not joined yet."""
    rows = db.session.execute(
        select(Certificate.unit_fold, func.min(Certificate.id))
        .where(Certificate.organisation_id == organisation_id, Certificate.unit_fold != "")
        .group_by(Certificate.unit_fold)
        .limit(MOST_COMPARED)
    ).all()
    joined = {one.alias_fold for one in aliases(organisation_id)}
    spelled = _spelled([first for unit_fold, first in rows if unit_fold not in joined])
    return alike(name for name in spelled.values() if name)


def _handed_out(batch_id: int) -> dict[str, list[HandOut]]:
    """The steps in which certificates were handed out, by the folded unit as it is printed."""
    step = (Certificate.unit_fold, Certificate.handed_out_at, Certificate.handed_out_to)
    rows = db.session.execute(
        select(*step, func.count())
        .where(*wanted(batch_id, Scope()), Certificate.handed_out_at.is_not(None))
        .group_by(*step)
    )
    found: dict[str, list[HandOut]] = defaultdict(list)
    for unit_fold, at, to, count in rows:
        if at is not None:
            found[unit_fold].append(HandOut(at, to, count))
    return found


def _latest(steps: Sequence[HandOut]) -> HandOut | None:
    """The latest of them, whatever spellings of the unit it was about."""
    if not steps:
        return None
    last = max(steps, key=lambda step: (step.at, step.to))
    return HandOut(last.at, last.to, sum(step.count for step in steps if (step.at, step.to) == (last.at, last.to)))


def _spelled(keys: Sequence[int]) -> dict[int, str]:
    """The unit as it is printed on each of these certificates."""
    found: dict[int, str] = {}
    for at in range(0, len(keys), 500):
        rows = db.session.execute(
            select(Certificate.id, Certificate.facts).where(Certificate.id.in_(keys[at : at + 500]))
        )
        found |= {key: str(facts.get("unit", "")) for key, facts in rows}
    return found
