"""Change a mark by hand: a coordinator adds or takes points, says why, and the result sheet shows it."""

from decimal import Decimal

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.points import PLACES
from classroom.exams.models import Adjustment, Attempt
from classroom.exams.services.marking import mark_attempt

LONGEST_REASON = 300


def adjust(attempt_public_id: str, points: Decimal, reason: str, *, actor: Actor, seen: Decimal | None = None) -> str:
    """Add these points, or take them where they are negative; the public id of the adjustment.

    `seen` is the mark that the page showed: another one by now is refused as `adjustment.changed`. Raises Invalid
    `adjustment.reason_missing`, `adjustment.points`, Refusal `attempt.not_finished`.
    """
    actor.require("exam.mark")
    reason = _reason(reason)
    with transaction() as session:
        attempt = _hold(session, Attempt.public_id == attempt_public_id, actor)
        if seen is not None and seen != attempt.mark:
            raise Refusal("adjustment.changed", mark=_plain(attempt.mark))
        _check_points(points, attempt)
        adjustment = Adjustment(attempt_id=attempt.id, points=points, reason=reason, at=now(), staff_id=actor.staff_id)
        session.add(adjustment)
        session.flush()
        _finish(session, "attempt.adjusted", attempt, adjustment, reason, actor)
        return adjustment.public_id


def annul_adjustment(public_id: str, reason: str, *, actor: Actor) -> None:
    """Take an adjustment back; one taken back already is refused as `adjustment.annulled`."""
    actor.require("exam.mark")
    with transaction() as session:
        attempt = _hold(session, Attempt.id.in_(_attempt_of(public_id)), actor)
        reason = _reason(reason)
        adjustment = session.scalars(select(Adjustment).where(Adjustment.public_id == public_id)).one()
        if adjustment.annulled_at is not None:
            raise Refusal("adjustment.annulled")
        adjustment.annulled_at, adjustment.annulled_by = now(), actor.staff_id
        session.flush()
        _finish(session, "attempt.adjustment_annulled", attempt, adjustment, reason, actor)


def _finish(session: Session, action: str, attempt: Attempt, adjustment: Adjustment, reason: str, actor: Actor) -> None:
    before = attempt.mark
    mark_attempt(session, attempt)
    facts = {
        "attempt": attempt.public_id,
        "points": _plain(adjustment.points),
        "before": _plain(before),
        "after": _plain(attempt.mark),
    }
    record(action, "attempt", attempt.id, actor=actor, facts=facts, personal={"reason": reason})


def _hold(session: Session, condition: ColumnElement[bool], actor: Actor) -> Attempt:
    """The attempt, its row held; only a finished one has a mark to change."""
    attempt = session.scalar(
        select(Attempt)
        .where(condition, Attempt.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if attempt is None:
        raise NotFound()
    if attempt.state != "finished":
        raise Refusal("attempt.not_finished")
    return attempt


def _attempt_of(public_id: str) -> Select[tuple[int]]:
    return select(Adjustment.attempt_id).where(Adjustment.public_id == public_id)


def _check_points(points: Decimal, attempt: Attempt) -> None:
    most = attempt.out_of or Decimal()
    if not points.is_finite() or not points or abs(points) > most or points != round(points, PLACES):
        raise Invalid("adjustment.points", most=_plain(most))


def _reason(reason: str) -> str:
    kept = reason.strip()[:LONGEST_REASON]
    if not kept:
        raise Invalid("adjustment.reason_missing")
    return kept


def _plain(points: Decimal | None) -> str:
    """Points as they are written in a log."""
    return "" if points is None else f"{points.normalize():f}"
