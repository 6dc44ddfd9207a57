"""Show what is hidden in an online record."""

from classroom.audit.services import record as log
from classroom.core.actor import Actor
from classroom.core.db import transaction
from classroom.online.queries.matching import get_record


def reveal_number(record_id: str, *, actor: Actor) -> str:
    """Give the whole ID number to somebody who may see it, and write down that it was shown."""
    actor.require("learner.reveal")
    with transaction():
        record = get_record(actor.organisation_id, record_id)
        log("online.id_number_shown", "online_record", record.id, actor=actor, facts={"record": record.public_id})
        return record.id_number
