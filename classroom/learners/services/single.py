"""Write one learner, with an entry in the log for each change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.learners import queries
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts, mask_id_number
from classroom.learners.services.many import fresh_codes

_MARKS = ("uq_learner_id_number", "learner.organisation_id, learner.id_number")


def create_learner(facts: LearnerFacts, *, actor: Actor) -> Learner:
    """Add a learner; raises `learner.id_number_taken` naming who has the ID number.

    Raises `learner.id_number_merged` naming who stands for its holder since a merge.
    """
    with transaction() as session:
        at = now()
        made = Learner(
            organisation_id=actor.organisation_id,
            code=fresh_codes(actor.organisation_id, 1)[0],
            created_at=at,
            updated_at=at,
            **facts.columns(),
        )
        with _one_holder(session, actor, facts.id_number):
            session.add(made)
        record("learner.created", "learner", made.id, actor=actor, facts={"code": made.code}, personal=_told(facts))
        return made


def update_learner(learner_id: str, facts: LearnerFacts, *, actor: Actor) -> Learner:
    """Change what is known of a learner; old and new values go into the erasable part of the log.

    Raises for a new ID number what creating raises; a learner may take one of those merged into it.
    """
    with transaction() as session:
        learner = queries.get_learner(actor.organisation_id, learner_id)
        before, after = _told(queries.facts_of(learner)), _told(facts)
        changed = [field for field, value in after.items() if before[field] != value]
        if not changed:
            return learner
        with _one_holder(session, actor, facts.id_number if "id_number" in changed else "", learner):
            for column, value in facts.columns().items():
                setattr(learner, column, value)
            learner.updated_at = now()
        record(
            "learner.changed",
            "learner",
            learner.id,
            actor=actor,
            facts={"code": learner.code, "fields": changed},
            personal={"old": {key: before[key] for key in changed}, "new": {key: after[key] for key in changed}},
        )
        return learner


def replace_code(learner_id: str, *, actor: Actor) -> Learner:
    """Give a learner another code, because the old one has become known to others."""
    with transaction():
        learner = queries.get_learner(actor.organisation_id, learner_id)
        old = learner.code
        learner.code = fresh_codes(actor.organisation_id, 1)[0]
        learner.updated_at = now()
        facts = {"old_code": old, "code": learner.code}
        record("learner.code_replaced", "learner", learner.id, actor=actor, facts=facts)
        return learner


def revive(learner_id: int, *, actor: Actor) -> None:
    """Let an annulled learner count again; raises what creating raises when the ID number has a new holder."""
    with transaction() as session:
        learner = session.get_one(Learner, learner_id)
        with _one_holder(session, actor, learner.id_number, learner):
            learner.annulled_at = None


def reveal_id_number(learner_id: str, *, actor: Actor) -> str:
    """Give the whole ID number to somebody who may see it, and write down that it was shown."""
    actor.require("learner.reveal")
    with transaction():
        learner = queries.get_learner(actor.organisation_id, learner_id)
        record("learner.id_number_shown", "learner", learner.id, actor=actor, facts={"code": learner.code})
        return learner.id_number


def note_export(count: int, *, actor: Actor) -> None:
    """Write down that a list with whole ID numbers was taken out."""
    actor.require("learner.reveal")
    record("learner.list_exported", "organisation", actor.organisation_id, actor=actor, facts={"count": count})


def _told(facts: LearnerFacts) -> dict[str, Any]:
    return {**asdict(facts), "birth": str(facts.birth or "")}


@contextmanager
def _one_holder(session: Session, actor: Actor, id_number: str, own: Learner | None = None) -> Iterator[None]:
    """Let the database judge whether an ID number is free, and name its holder if it is not.

    Its index knows nothing of those who were merged: whoever stands for such a one has that one's number, too.
    """
    holder = queries.find_by_id_number(actor.organisation_id, id_number)
    if holder is not None and holder is not own:
        raise _taken(holder, id_number)
    try:
        with session.begin_nested():
            yield
    except IntegrityError as broken:
        if not any(mark in str(broken.orig) for mark in _MARKS):
            raise
        holder = queries.find_by_id_number(actor.organisation_id, id_number)
        raise _taken(holder, id_number) from broken


def _taken(holder: Learner | None, id_number: str) -> Refusal:
    return Refusal(
        "learner.id_number_merged" if holder and holder.id_number != id_number else "learner.id_number_taken",
        name=holder.name if holder else "",
        learner_code=holder.code if holder else "",
        id_number=mask_id_number(id_number),
    )
