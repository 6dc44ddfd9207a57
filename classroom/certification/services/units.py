"""Group certificates by unit, and hand them out unit by unit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import Certificate, CertificateEvent, UnitAlias
from classroom.certification.queries import units as queries
from classroom.certification.queries.printing import batch_to_print, wanted
from classroom.certification.rules.printing import Scope
from classroom.certification.services.revoking import checked_reason
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name, fold

LONGEST = 200
_ROWS = 500


def hand_out(batch_id: str, unit: str, to: str, *, actor: Actor) -> int:
    """Note that all certificates of a unit (folded name) went to somebody; how many had still been here.

    Raises NotFound, Invalid `receipt.no_name`.
    """
    actor.require("certificate.manage")
    to = clean_name(to)
    if not to:
        raise Invalid("receipt.no_name")
    if len(to) > LONGEST:
        raise Invalid("receipt.name_too_long", most=LONGEST)
    with transaction() as session:
        batch = batch_to_print(actor, batch_id)
        found = queries.get_unit(actor.organisation_id, batch.id, unit)
        keys = session.scalars(
            select(Certificate.id)
            .where(
                *wanted(batch.id, Scope(unit_folds=found.folds)),
                Certificate.handed_out_at.is_(None),
            )
            .with_for_update()
        ).all()
        at = now()
        held = {"handed_out_at": at, "handed_out_to": to, "handed_out_by": actor.staff_id}
        _change(session, keys, "handed_out", at, held, actor)
        facts = {"count": len(keys), "unit": found.key}
        record("certificate.handed_out", "issue_batch", batch.id, actor=actor, facts=facts, personal={"to": to})
        return len(keys)


def take_back(batch_id: str, unit: str, to: str, reason: str, *, actor: Actor) -> int:
    """Undo the latest handing out of a unit, if it was to this person; how many are with the office again.

    Raises NotFound, Invalid `reason.missing`, Refusal `certificate.not_handed_out` when it was somebody else meanwhile.
    What was handed out before, or to a learner in person, stays out; what was revoked since is taken back by itself.
    """
    actor.require("certificate.manage")
    why = checked_reason(reason)
    with transaction() as session:
        batch = batch_to_print(actor, batch_id)
        found = queries.get_unit(actor.organisation_id, batch.id, unit)
        if found.last is None or found.last.to != to:
            raise Refusal("certificate.not_handed_out")
        keys = session.scalars(
            select(Certificate.id)
            .where(
                *wanted(batch.id, Scope(unit_folds=found.folds)),
                Certificate.handed_out_at == found.last.at,
                Certificate.handed_out_to == to,
            )
            .with_for_update()
        ).all()
        held = {"handed_out_at": None, "handed_out_to": "", "handed_out_by": None}
        _change(session, keys, "taken_back", now(), held, actor, why)
        facts = {"count": len(keys), "unit": found.key}
        record("certificate.taken_back", "issue_batch", batch.id, actor=actor, facts=facts, personal={"reason": why})
        return len(keys)


def _change(
    session: Session,
    keys: Sequence[int],
    kind: str,
    at: datetime,
    held: Mapping[str, Any],
    actor: Actor,
    reason: str = "",
) -> None:
    shared = {
        "organisation_id": actor.organisation_id, "kind": kind, "at": at, "staff_id": actor.staff_id, "reason": reason,
        "decision": {},
    }  # fmt: skip
    for start in range(0, len(keys), _ROWS):
        part = keys[start : start + _ROWS]
        session.execute(
            update(Certificate)
            .where(Certificate.id.in_(part))
            .values(**held)
            .execution_options(synchronize_session=False)
        )
        session.execute(insert(CertificateEvent), [{**shared, "certificate_id": key} for key in part])


def join_units(alias: str, unit: str, *, actor: Actor) -> UnitAlias:
    """Let `alias` mean `unit`; what meant `alias` so far means it as well. Raises Invalid `unit.*`."""
    actor.require("certificate.manage")
    alias, unit = clean_name(alias), clean_name(unit)
    if not alias or not unit:
        raise Invalid("unit.empty")
    if max(len(alias), len(unit)) > LONGEST:
        raise Invalid("unit.too_long", most=LONGEST)
    with transaction() as session:
        known = {one.alias_fold: one for one in queries.aliases(actor.organisation_id)}
        if (leads := known.get(fold(unit))) is not None:
            unit = leads.unit
        if fold(alias) == fold(unit):
            raise Invalid("unit.itself")
        for one in known.values():
            if fold(one.unit) == fold(alias):
                one.unit = unit
        made = known.get(fold(alias))
        if made is None:
            made = UnitAlias(organisation_id=actor.organisation_id, alias_fold=fold(alias), created_at=now())
            session.add(made)
        made.alias, made.unit = alias, unit
        session.flush()
        record("unit.joined", "unit_alias", made.id, actor=actor, facts={"alias": alias, "unit": unit})
        return made


def part_units(alias_id: str, *, actor: Actor) -> None:
    """Let a spelling mean a unit of its own again."""
    actor.require("certificate.manage")
    with transaction() as session:
        found = queries.get_alias(actor, alias_id)
        facts = {"alias": found.alias, "unit": found.unit}
        record("unit.parted", "unit_alias", found.id, actor=actor, facts=facts)
        session.delete(found)
