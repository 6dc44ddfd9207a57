"""What a coordinator decides about an attempt afterwards: late answers that shall count, attempts that shall not."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.exams.models import Attempt, Sitting, StrayAnswer
from classroom.exams.queries.attempts import get_attempt
from classroom.exams.services import writing
from classroom.exams.services.locking import lock_attempts_by_id
from classroom.exams.services.marking import mark_attempt, tell_gone
from classroom.sessions.services.refusing import check_reason


def take_late(attempt_public_id: str, strays: Collection[int], reason: str, *, actor: Actor) -> None:
    """Let answers count that came too late or from the former device; the attempt is marked anew.

    Of several for one item the latest sent counts. Raises NotFound for a key that is not this attempt's, and
    `attempt.running`, `attempt.annulled`.
    """
    why = check_reason(reason)
    with transaction() as session:
        attempt = _hold(session, attempt_public_id, actor)
        if attempt.state != "finished":
            raise Refusal(f"attempt.{attempt.state}")
        rows = session.scalars(
            select(StrayAnswer)
            .where(StrayAnswer.attempt_id == attempt.id, StrayAnswer.id.in_(strays))
            .order_by(StrayAnswer.received_at, StrayAnswer.sequence, StrayAnswer.id)
        ).all()
        if len(rows) != len(set(strays)):
            raise NotFound
        fresh = [row for row in rows if row.taken_at is None]
        if not fresh:
            return
        at = now()
        for row in fresh:
            answer = writing.Cleaned(row.position, row.sequence, row.answer)
            writing.write(attempt.id, [answer], at, form_post=True)
            row.taken_at, row.taken_by = at, actor.staff_id
        session.flush()
        writing.COUNT.one(wanted=attempt.id, at=attempt.last_saved_at)
        session.refresh(attempt)
        mark_attempt(session, attempt)
        facts = {"answers": len(fresh), "positions": sorted({row.position for row in fresh})}
        record("attempt.late_taken", "attempt", attempt.id, actor=actor, facts=facts, personal={"reason": why})


def annul_attempt(attempt_public_id: str, reason: str, *, actor: Actor) -> None:
    """Say that an attempt shall not count; the learner may begin again as if it had not been."""
    why = check_reason(reason)
    with transaction() as session:
        attempt = _hold(session, attempt_public_id, actor)
        if attempt.state == "annulled":
            return
        facts = {"was": attempt.state, "outcome": attempt.outcome}
        attempt.finished_at = attempt.finished_at or now()
        attempt.state, attempt.annul_reason = "annulled", why
        session.flush()
        sitting = session.get_one(Sitting, attempt.sitting_id)
        if sitting.annulled_at is None:
            tell_gone(attempt, sitting.paper_id, attempt.outcome)
        record("attempt.annulled", "attempt", attempt.id, actor=actor, facts=facts, personal={"reason": why})


def _hold(session: Session, public_id: str, actor: Actor) -> Attempt:
    actor.require("exam.mark")
    (attempt,) = lock_attempts_by_id(session, [get_attempt(actor, public_id).id])
    return attempt
