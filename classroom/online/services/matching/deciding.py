"""What a coordinator decides about a question: the same person, different people, later; and back again."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classroom.audit.services import record as log
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.queries import get_learner
from classroom.online.models import MatchCase, OnlineRecord
from classroom.online.queries.facts import WAITING
from classroom.online.services.matching import linking
from classroom.online.services.matching.pool import hold_matching

DECIDED = ("same", "different")


def same(case_id: str, learner_id: str, *, actor: Actor) -> MatchCase:
    """The record is this learner's; the same decision again changes nothing.

    Raises `match.decided` when it was decided otherwise, and what a merge raises where the record has a learner of
    its own.
    """
    actor.require("online.manage")
    with transaction() as session:
        learner = get_learner(actor.organisation_id, learner_id)
        case = _hold(session, actor, case_id, [learner.id])
        if case.state == "same" and case.record.learner_id == learner.id:
            return case
        _check_waiting(case)
        session.refresh(learner)
        if learner.annulled_at is not None:
            raise NotFound
        evidence = evidence_of(case, learner.id)
        before = before_of(case)
        done = bring_together(session, case.record, learner, evidence, actor)
        close(session, case, "same", {**before, **done}, actor, learner.id)
        _log("online.match_same", case.record, actor, learner=learner.code, reason=case.reason)
        return case


def evidence_of(case: MatchCase, learner_id: int) -> list[str]:
    """What was found to agree with this candidate."""
    return next((list(one["evidence"]) for one in case.candidates if one["learner"] == learner_id), [])


def bring_together(
    session: Session, record: OnlineRecord, learner: Learner, evidence: list[str], actor: Actor, reason: str = ""
) -> dict[str, Any]:
    """Link a record that is nobody's, or join its own learner with this one; what is needed to take that back."""
    linking.allow(session, [record.id], [learner.id])
    if record.learner_id is None:
        linking.give(record, learner.id, linking.HAND, evidence, actor)
        linking.tell(session, record, "same", actor, how=linking.HAND, evidence=evidence, reason=reason)
        return {"merge": None}
    if record.learner_id == learner.id:
        return {"merge": None}
    merge = linking.join(record, learner, linking.HAND, evidence, actor=actor, reason=reason)
    facts = {"how": linking.HAND, "evidence": evidence, "merge_id": merge.id, "reason": reason}
    linking.tell(session, record, "same", actor, **facts)
    return {"merge": merge.id}


def different(case_id: str, *, actor: Actor) -> MatchCase:
    """None of the candidates: remembered for all of them, and the record is a person of its own."""
    actor.require("online.manage")
    with transaction() as session:
        case = _hold(session, actor, case_id)
        if case.state == "different":
            return case
        _check_waiting(case)
        before, denied = before_of(case), [int(one["learner"]) for one in case.candidates]
        linking.deny(session, [case.record_id], denied, actor)
        made = linking.make_own(session, case.record, actor) if case.record.learner_id is None else None
        linking.tell(session, case.record, "different", actor, evidence=[])
        close(session, case, "different", {**before, "denied": denied, "made": made}, actor)
        _log("online.match_different", case.record, actor, candidates=len(denied), reason=case.reason)
        return case


def later(case_id: str, *, actor: Actor) -> MatchCase:
    """Ask again when everything else has been asked."""
    actor.require("online.manage")
    with transaction() as session:
        case = _hold(session, actor, case_id)
        _check_waiting(case)
        query = select(func.max(MatchCase.rank)).where(
            MatchCase.organisation_id == actor.organisation_id, MatchCase.state.in_(WAITING)
        )
        before = before_of(case)
        case.rank = (session.scalar(query) or 0) + 1
        close(session, case, "later", before, actor)
        _log("online.match_later", case.record, actor, reason=case.reason)
        return case


def undo(case_id: str, *, actor: Actor) -> MatchCase:
    """Ask the question again, everything as before; raises `match.changed` when something followed."""
    actor.require("online.manage")
    with transaction() as session:
        case = _hold(session, actor, case_id)
        if case.state not in (*DECIDED, "later") or not case.done.get("state"):
            raise Refusal("match.not_decided")
        decided, back = case.state, _BACK[case.state]
        was = case.learner_id
        back(session, case, actor)
        case.state, case.rank = case.done["state"], case.done["rank"]
        case.candidates = case.done["candidates"]
        case.decided_at = case.decided_by = case.learner_id = None
        case.done = {}
        if decided != "later":
            linking.tell(session, case.record, "undone", actor)
        _log("online.match_undone", case.record, actor, decision=decided)
        tell_of([was], actor)
        return case


def _undo_same(session: Session, case: MatchCase, actor: Actor) -> None:
    record, learner_id = case.record, case.learner_id
    if record.learner_id != learner_id or learner_id is None:
        raise Refusal("match.changed")
    if (merge_id := case.done.get("merge")) is None:
        linking.let_go(record, "queued")
        return
    merge = session.get_one(LearnerMerge, merge_id)
    done = dict(case.done)
    linking.part(merge, "", actor=actor)
    session.refresh(record)
    session.refresh(case)
    case.done = done
    records = select(OnlineRecord.id).where(OnlineRecord.learner_id.in_([merge.kept_id, merge.gone_id]))
    linking.allow(session, session.scalars(records).all(), [merge.kept_id, merge.gone_id])


def _undo_different(session: Session, case: MatchCase, actor: Actor) -> None:
    record, made = case.record, case.done.get("made")
    if made is not None:
        if record.learner_id != made:
            raise Refusal("match.changed")
        linking.let_go(record, "queued")
        if not linking.annul_if_alone(session, made):
            raise Refusal("match.changed")
    linking.allow(session, [record.id], case.done.get("denied", []))


def _undo_later(session: Session, case: MatchCase, actor: Actor) -> None:
    """Its old place in the queue is all there was."""


_BACK: dict[str, Callable[[Session, MatchCase, Actor], None]] = {
    "same": _undo_same,
    "different": _undo_different,
    "later": _undo_later,
}


def _hold(session: Session, actor: Actor, case_id: str, more: list[int] | None = None) -> MatchCase:
    """The case with its record, locked after everything that hangs on the people it is about."""
    query = select(MatchCase).where(MatchCase.public_id == case_id, MatchCase.organisation_id == actor.organisation_id)
    case = session.scalar(query)
    if case is None:
        raise NotFound
    people = {case.record.learner_id, case.learner_id, *(more or [])}
    linking.hold_people(session, people - {None})
    hold_matching(session, actor.organisation_id)
    held = session.scalars(query.with_for_update(of=MatchCase).execution_options(populate_existing=True)).one()
    linking.hold_record(session, actor, held.record_id)
    return held


def _check_waiting(case: MatchCase) -> None:
    if case.state not in WAITING:
        raise Refusal("match.decided")


def tell_of(learner_ids: list[int | None], actor: Actor) -> None:
    """Higher rooms look at these learners again: other results are theirs now."""
    keys = sorted({key for key in learner_ids if key is not None})
    if keys:
        signals.online_results_changed.send(learner_ids=keys, actor=actor)


def before_of(case: MatchCase) -> dict[str, Any]:
    """What is needed to ask a question again as it was."""
    return {"state": case.state, "rank": case.rank, "candidates": list(case.candidates)}


def close(
    session: Session, case: MatchCase, state: str, done: dict[str, Any], actor: Actor, learner_id: int | None = None
) -> None:
    """Write down the answer, and how to take it back."""
    if case.state != state:  # a merge has written down that it answered the question, and would take that back
        case.decided_at, case.decided_by = now(), actor.staff_id
    case.state, case.learner_id, case.done = state, learner_id, done
    session.flush()


def _log(action: str, record: OnlineRecord, actor: Actor, **facts: Any) -> None:
    log(action, "online_record", record.id, actor=actor, facts={"account": record.public_id, **facts})
    tell_of([record.learner_id], actor)


__all__ = ["before_of", "bring_together", "close", "different", "later", "same", "tell_of", "undo"]
