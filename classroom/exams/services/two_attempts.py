"""A learner with an attempt on a device and one by pen in the same sitting: somebody decides which one counts."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.exams.models import Attempt, Sitting
from classroom.exams.queries.attempts import get_attempt
from classroom.exams.services.deciding import annul_attempt
from classroom.exams.services.locking import lock_attempts, lock_attempts_by_id
from classroom.exams.services.marking import clear_marks, mark_attempt
from classroom.inbox.rules import Facts
from classroom.inbox.services import ask
from classroom.sessions.models import ClassSession

TWO_ATTEMPTS = "exams.two_attempts"


def ask_which_counts(session: Session, paper: Attempt, sitting: Sitting) -> None:
    """Put the question into the inbox if the learner has an attempt on a device besides this one by pen."""
    others = _on_devices(session, paper)
    if not others:
        return
    ask(
        TWO_ATTEMPTS,
        paper.public_id,
        organisation_id=paper.organisation_id,
        class_id=session.get_one(ClassSession, sitting.class_session_id).class_id,
        facts={"paper": paper.public_id, "devices": [other.public_id for other in others]},
    )


def let_count(facts: Facts, counts: str, reason: str, *, actor: Actor) -> Facts:
    """Let the attempt by pen ("paper") or those on devices count; the others are annulled with this reason.

    What was annulled elsewhere since the question was asked is left as it is, so that no question is left without an
    answer. Raises `two_attempts.gone` where that would annul the only one that still counts.
    """
    devices = [str(each) for each in facts["devices"]]
    gone = devices if counts == "paper" else [str(facts["paper"])]
    kept = [str(facts["paper"])] if counts == "paper" else devices
    with transaction():
        states = {each: _state(actor, each) for each in [*gone, *kept]}
        living = [each for each in gone if states[each] != "annulled"]
        if living and all(states[each] == "annulled" for each in kept):
            raise Refusal("two_attempts.gone")
        for each in living:
            annul_attempt(each, reason, actor=actor)
    return {"annulled": [[each, states[each]] for each in living]}


def undo(_facts: Facts, done: Facts, actor: Actor) -> None:
    """Let everything count again that the decision annulled, unless something followed."""
    with transaction() as session:
        for public_id, was in _pairs(done):
            _restore(session, public_id, was, actor)


def _restore(session: Session, public_id: str, was: str, actor: Actor) -> None:
    actor.require("exam.mark")
    (attempt,) = lock_attempts_by_id(session, [get_attempt(actor, public_id).id])
    same_learner = (Attempt.sitting_id == attempt.sitting_id, Attempt.learner_id == attempt.learner_id)
    running = lock_attempts(session, *same_learner, Attempt.state == "running")
    if attempt.state != "annulled" or (was == "running" and running):
        raise Refusal("two_attempts.followed")
    attempt.state, attempt.annul_reason = was, ""
    if was == "running":
        attempt.finished_at = None
    if was == "finished":
        clear_marks(attempt)  # it was no result meanwhile, and is told as a new one
    session.flush()
    if was == "finished":
        mark_attempt(session, attempt)  # what was decided about its questions meanwhile counts for it, too
    record("attempt.restored", "attempt", attempt.id, actor=actor)


def _on_devices(session: Session, paper: Attempt) -> Sequence[Attempt]:
    return session.scalars(
        select(Attempt)
        .where(
            Attempt.sitting_id == paper.sitting_id,
            Attempt.learner_id == paper.learner_id,
            Attempt.source != "paper",
            Attempt.state != "annulled",
        )
        .order_by(Attempt.id)
    ).all()


def _state(actor: Actor, public_id: str) -> str:
    try:
        return get_attempt(actor, public_id).state
    except NotFound:
        raise Refusal("two_attempts.gone") from None


def _pairs(done: Facts) -> Iterable[tuple[str, str]]:
    annulled: Any = done.get("annulled", [])
    return [(str(public_id), str(was)) for public_id, was in annulled]
