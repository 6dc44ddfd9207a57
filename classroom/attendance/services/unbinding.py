"""Part a learner from every phone: after a mistake at the door, or when a phone changed hands."""

from sqlalchemy import update

from classroom.attendance.models import Binding
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.learners import queries as learners


def unbind_learner(learner_public_id: str, *, actor: Actor) -> int:
    """Let no browser know this learner any more; returns how many did. Marks stay as they are."""
    actor.require("learner.manage")
    with transaction() as session:
        learner = learners.get_learner(actor.organisation_id, learner_public_id)
        parted = session.scalars(
            update(Binding)
            .where(
                Binding.organisation_id == actor.organisation_id,
                Binding.learner_id == learner.id,
                Binding.annulled_at.is_(None),
            )
            .values(annulled_at=now())
            .returning(Binding.id)
            .execution_options(synchronize_session=False)
        ).all()
        for binding_id in parted:
            record("binding.annulled", "learner", learner.id, actor=actor, facts={"binding": binding_id})
        return len(parted)
