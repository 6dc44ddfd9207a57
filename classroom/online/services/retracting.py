"""A platform takes a result back: a person decides whether it counts no more."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound
from classroom.inbox import services as inbox
from classroom.online.models import ImportRow, OnlineRecord
from classroom.online.rules.results import Effect
from classroom.online.services.imports.running import RETRACTION


def accept_retraction(facts: Mapping[str, Any], actor: Actor) -> Mapping[str, Any]:
    """The result counts no more; its values stay to be read."""
    with transaction() as session:
        held = _held(session, facts, actor)
        if held.retracted_at:
            return {"before": held.retracted_at.isoformat()}
        held.retracted_at, held.retract_reason = now(), str(facts.get("reason", ""))
        _tell(held, "online_record.retracted", actor)
        return {}


def restore_result(facts: Mapping[str, Any], done: Mapping[str, Any], actor: Actor) -> None:
    """Take that back."""
    with transaction() as session:
        held = _held(session, facts, actor)
        if not done.get("before"):
            held.retracted_at, held.retract_reason = None, ""
            _tell(held, "online_record.restored", actor)


@signals.online_records_vanishing.connect
def ask_no_more(record_ids: Sequence[int], actor: Actor) -> None:
    """Nobody is asked about results that are gone."""
    with transaction() as session:
        asked = (
            select(OnlineRecord.public_id)
            .join(ImportRow, ImportRow.record_id == OnlineRecord.id)
            .where(OnlineRecord.id.in_(record_ids), ImportRow.effect == Effect.RETRACTED)
        )
        for public_id in set(session.scalars(asked)):
            inbox.withdraw(RETRACTION, public_id, organisation_id=actor.organisation_id)


def _held(session: Session, facts: Mapping[str, Any], actor: Actor) -> OnlineRecord:
    actor.require("online.manage")
    found = session.scalar(
        select(OnlineRecord)
        .where(OnlineRecord.public_id == facts["record"], OnlineRecord.organisation_id == actor.organisation_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _tell(held: OnlineRecord, action: str, actor: Actor) -> None:
    facts = {"account": held.account_key, "reason": held.retract_reason}
    record(action, "online_record", held.id, actor=actor, facts=facts)
    if held.learner_id is not None:
        signals.online_results_changed.send(learner_ids=[held.learner_id], actor=actor)
