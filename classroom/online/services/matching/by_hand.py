"""Link a record to a learner without a question, and take any link away again."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record as log
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.learners.models import LearnerMerge, MergeLine
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

    Where the learner made of it had been joined with another one, the two are parted exactly as they were. Learners
    who were made one for other reasons stay one, and the record is neither's.
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
        _take_away(session, record, was, why, actor)
        case = session.scalar(select(MatchCase).where(MatchCase.record_id == record.id))
        if case is not None:
            case.state, case.learner_id, case.done = "different", None, {}
            case.decided_at, case.decided_by = now(), actor.staff_id
        linking.tell(session, record, "unlinked", actor, learner_id=was, reason=why)
        log("online.unlinked", "online_record", record.id, actor=actor, personal={"reason": why})
        tell_of([was, record.learner_id], actor)
        return record


def _take_away(session: Session, record: OnlineRecord, was: int, why: str, actor: Actor) -> None:
    merges = _merges_of(session, record)
    joined = next((merge for merge, own in merges if own and merge.kept_id == was), None)
    if joined is not None:
        linking.part(joined, why, actor=actor)
        session.refresh(record)
        return
    linking.let_go(record, "new")
    linking.deny(session, [record.id], {was, *(merge.gone_id for merge, own in merges if not own)}, actor)
    linking.make_own(session, record, actor)


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


def _merges_of(session: Session, record: OnlineRecord) -> list[tuple[LearnerMerge, bool]]:
    """Merges that stand and with which the record went over, and whether the one who went was made of the record."""
    own = (
        select(MergeLine.id)
        .where(MergeLine.merge_id == LearnerMerge.id, MergeLine.table_name == "online_record")
        .where(MergeLine.row_id == record.id, MergeLine.column_name == "link")
    )
    query = (
        select(LearnerMerge, own.exists())
        .join(MatchEvent, MatchEvent.merge_id == LearnerMerge.id)
        .where(MatchEvent.record_id == record.id, MatchEvent.kind == "merged", LearnerMerge.split_at.is_(None))
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(LearnerMerge.id.desc()))]
