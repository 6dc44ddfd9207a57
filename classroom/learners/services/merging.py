"""Make two learners one, because they are one person; and part them again exactly."""

from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.learners import queries
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.rules.merging import Conflict, doubts, put_together
from classroom.learners.services.journal import Journal, restore


def foresee_merge(kept: Learner, gone: Learner) -> list[Conflict]:
    """What must be seen before: doubts about the person, and what the higher rooms would have to reconcile."""
    found = doubts(queries.facts_of(kept), queries.facts_of(gone))
    for answer in signals.learners_merging.send(kept_id=kept.id, gone_id=gone.id):
        found.extend(answer or [])
    return found


def merge_learners(
    kept_id: str,
    gone_id: str,
    reason: str,
    *,
    actor: Actor,
    from_gone: Collection[str] = (),
    choices: Mapping[str, str] | None = None,
) -> LearnerMerge:
    """Let everything of the gone learner belong to the kept one; `from_gone` names the facts to take over, `choices`
    say whose thing stays ("kept" or "gone") by the name that a conflict gives the choice.

    Raises `merge.same`, `merge.already`, Invalid `reason.missing`, or what a higher room vetoes with.
    """
    actor.require("learner.manage")
    why = _reason(reason)
    with transaction() as session:
        kept, gone = _hold_both(session, actor, kept_id, gone_id)
        signals.learners_merging.send(kept_id=kept.id, gone_id=gone.id)
        at = now()
        merge = LearnerMerge(
            organisation_id=actor.organisation_id,
            kept_id=kept.id,
            gone_id=gone.id,
            reason=why,
            merged_at=at,
            merged_by=actor.staff_id,
        )
        session.add(merge)
        session.flush()
        journal = Journal(session, merge.id, choices)
        columns = put_together(queries.facts_of(kept), queries.facts_of(gone), from_gone).columns()
        journal.change(gone, annulled_at=at, merged_into_id=kept.id)
        for earlier in session.scalars(select(Learner).where(Learner.merged_into_id == gone.id)).all():
            journal.change(earlier, merged_into_id=kept.id)
        journal.change(kept, **columns)
        signals.learners_merged.send(kept_id=kept.id, gone_id=gone.id, journal=journal, reason=why, actor=actor)
        _tell("learner.merged", kept, gone, why, actor)
        return merge


def split_learners(merge_id: str, reason: str, *, actor: Actor) -> list[str]:
    """Part them again: what the merge changed is as before; returns the columns changed since, which stay.

    Raises `merge.split` when that was done already, `merge.later_first` while the kept one is itself merged, and
    `merge.clash` when something has taken the place of what would come back.
    """
    actor.require("learner.manage")
    why = _reason(reason)
    with transaction() as session:
        query = select(LearnerMerge).where(
            LearnerMerge.public_id == merge_id, LearnerMerge.organisation_id == actor.organisation_id
        )
        merge = session.scalar(query.with_for_update())
        if merge is None:
            raise NotFound
        if merge.split_at is not None:
            raise Refusal("merge.split")
        learners = {one.id: one for one in _hold(session, [merge.kept_id, merge.gone_id])}
        kept, gone = learners[merge.kept_id], learners[merge.gone_id]
        if kept.annulled_at is not None:
            raise Refusal("merge.later_first")
        signals.learners_splitting.send(merge_id=merge.id, actor=actor)
        try:
            with session.begin_nested():
                stays = restore(session, merge.id)
        except IntegrityError as broken:
            raise Refusal("merge.clash") from broken
        merge.split_at, merge.split_by, merge.split_reason = now(), actor.staff_id, why
        signals.learners_split.send(merge_id=merge.id, kept_id=kept.id, gone_id=gone.id, reason=why, actor=actor)
        _tell("learner.split", kept, gone, why, actor)
        return stays


def _hold_both(session: Session, actor: Actor, kept_id: str, gone_id: str) -> tuple[Learner, Learner]:
    if kept_id == gone_id:
        raise Refusal("merge.same")
    wanted = select(Learner.public_id, Learner.id).where(
        Learner.organisation_id == actor.organisation_id, Learner.public_id.in_([kept_id, gone_id])
    )
    keys = {row.public_id: row.id for row in session.execute(wanted)}
    if len(keys) < 2:
        raise NotFound
    held = {one.public_id: one for one in _hold(session, list(keys.values()))}
    if any(one.annulled_at is not None for one in held.values()):
        raise Refusal("merge.already")
    return held[kept_id], held[gone_id]


def _hold(session: Session, keys: Collection[int]) -> list[Learner]:
    """Two coordinators who merge the same people follow each other; what hangs on the learners is held before them."""
    signals.learners_holding.send(learner_ids=list(keys))
    query = select(Learner).where(Learner.id.in_(keys)).order_by(Learner.id)
    query = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return list(session.scalars(query))


def _tell(action: str, kept: Learner, gone: Learner, reason: str, actor: Actor) -> None:
    facts = {"kept_code": kept.code, "gone_code": gone.code}
    for each in (kept, gone):
        record(action, "learner", each.id, actor=actor, facts=facts, personal={"reason": reason})


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Invalid("reason.missing")
    return reason[:300]
