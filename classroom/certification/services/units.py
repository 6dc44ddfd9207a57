"""Group certificates by unit, and hand them out unit by unit."""

from sqlalchemy import insert, select, update

from classroom.audit.services import record
from classroom.certification.models import Certificate, CertificateEvent, UnitAlias
from classroom.certification.queries import units as queries
from classroom.certification.queries.printing import batch_to_print, wanted
from classroom.certification.rules.printing import Scope
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid
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
        shared = {
            "organisation_id": actor.organisation_id, "kind": "handed_out", "at": at, "staff_id": actor.staff_id,
            "reason": "", "decision": {},
        }  # fmt: skip
        for start in range(0, len(keys), _ROWS):
            part = keys[start : start + _ROWS]
            session.execute(
                update(Certificate)
                .where(Certificate.id.in_(part))
                .values(handed_out_at=at, handed_out_to=to, handed_out_by=actor.staff_id)
                .execution_options(synchronize_session=False)
            )
            session.execute(insert(CertificateEvent), [{**shared, "certificate_id": key} for key in part])
        facts = {"count": len(keys), "unit": found.key}
        record("certificate.handed_out", "issue_batch", batch.id, actor=actor, facts=facts, personal={"to": to})
        return len(keys)


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
