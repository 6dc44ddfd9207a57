"""Link a record to a learner without a question, and take any link away again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record as log
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.learners.models import LearnerMerge
from classroom.learners.queries import get_learner
from classroom.online.models import MatchCase, MatchEvent, OnlineRecord
from classroom.online.queries.facts import WAITING
from classroom.online.services.matching import linking
from classroom.online.services.matching.deciding import before_of, bring_together, close, tell_of
from classroom.online.services.matching.pool import hold_matching

_LONGEST = 300


def link_by_hand(record_id: str, learner_id: str, reason: str, *, actor: Actor) -> OnlineRecord:
    """Say whose record this is; a question about it is answered by that.

    Raises `match.linked` when it is somebody else's: that link is taken away first.
    """
    actor.require("online.manage")
    with transaction() as session:
        learner = get_learner(actor.organisation_id, learner_id)
        record = _hold(session, actor, record_id, [learner.id])
        if record.learner_id == learner.id:
            return record
        if record.link == "matched":
            raise Refusal("match.linked")
        case = session.scalar(select(MatchCase).where(MatchCase.record_id == record.id))
        before = before_of(case) if case and case.state in WAITING else {}
        done = bring_together(session, record, learner, [], actor, " ".join(reason.split())[:_LONGEST])
        if case and before:
            close(session, case, "same", {**before, **done}, actor, learner.id)
        log("online.linked", "online_record", record.id, actor=actor, facts={"learner": learner.code})
        tell_of([learner.id], actor)
        return record


def unlink(record_id: str, reason: str, *, actor: Actor) -> OnlineRecord:
    """They are different people: the record is a person of its own again, and nothing links the two anew.

    Where two learners had been joined for it, they are parted exactly as they were.
    """
    actor.require("online.manage")
    why = " ".join(reason.split())[:_LONGEST]
    if not why:
        raise Invalid("reason.missing")
    with transaction() as session:
        record = _hold(session, actor, record_id)
        if record.link != "matched" or record.learner_id is None:
            raise Refusal("match.not_linked")
        was = record.learner_id
        if (merge := _merge_of(session, record)) is not None:
            linking.part(merge, why, actor=actor)
            session.refresh(record)
        else:
            linking.let_go(record, "new")
            linking.deny(session, [record.id], [was], actor)
            linking.make_own(session, record, actor)
        case = session.scalar(select(MatchCase).where(MatchCase.record_id == record.id))
        if case is not None:
            case.state, case.learner_id, case.done = "different", None, {}
            case.decided_at, case.decided_by = now(), actor.staff_id
        linking.tell(session, record, "unlinked", actor, learner_id=was, reason=why)
        log("online.unlinked", "online_record", record.id, actor=actor, personal={"reason": why})
        tell_of([was, record.learner_id], actor)
        return record


def _hold(session: Session, actor: Actor, record_id: str, more: list[int] | None = None) -> OnlineRecord:
    query = select(OnlineRecord.id, OnlineRecord.learner_id).where(
        OnlineRecord.public_id == record_id, OnlineRecord.organisation_id == actor.organisation_id
    )
    found = session.execute(query).first()
    if found is None:
        raise NotFound
    linking.hold_people(session, {found.learner_id, *(more or [])})
    hold_matching(session, actor.organisation_id)
    return linking.hold_record(session, actor, found.id)


def _merge_of(session: Session, record: OnlineRecord) -> LearnerMerge | None:
    """The merge through which the record came to its learner, while it stands and nothing was merged after it."""
    query = (
        select(LearnerMerge)
        .join(MatchEvent, MatchEvent.merge_id == LearnerMerge.id)
        .where(
            MatchEvent.record_id == record.id,
            MatchEvent.kind == "merged",
            LearnerMerge.split_at.is_(None),
            LearnerMerge.kept_id == record.learner_id,
        )
        .order_by(LearnerMerge.id.desc())
    )
    return session.scalars(query.limit(1)).first()
