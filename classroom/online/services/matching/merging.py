"""Records, accounts and questions follow when two learners are made one, and go back when they are parted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.learners.models import Learner
from classroom.learners.rules.merging import Conflict
from classroom.learners.services.journal import Journal
from classroom.online.models import Account, MatchCase, MatchDenial, OnlineRecord
from classroom.online.queries.facts import WAITING
from classroom.online.services.matching import linking
from classroom.online.services.matching.pool import hold_matching


@signals.learners_holding.connect
def hold_links(learner_ids: Sequence[int]) -> None:
    """Matching in the organisation waits, so that no record comes to a learner who is just going."""
    with transaction() as session:
        wanted = select(Learner.organisation_id).where(Learner.id.in_(learner_ids)).distinct()
        for organisation in sorted(session.scalars(wanted).all()):
            hold_matching(session, organisation)


@signals.learners_merging.connect
def foresee_links(kept_id: int, gone_id: int) -> list[Conflict]:
    """Somebody said that they are different people; and whether both have results of one course online."""
    found = []
    if any(_denials_between(kept_id, gone_id)):
        found.append(Conflict("said_different"))
    count = len(_records(gone_id))
    if count:
        found.append(Conflict("records_move", {"count": count}))
    return found


@signals.learners_merged.connect
def move_links(kept_id: int, gone_id: int, journal: Journal, reason: str, actor: Actor) -> None:
    """Everything goes over to the kept learner, and what was asked or said about the two is settled."""
    with transaction() as session:
        for denial in _denials_between(kept_id, gone_id):
            journal.change(denial, annulled_at=now())
        for record in _records(gone_id):
            journal.change(record, learner_id=kept_id, link="matched", linked_how=_how(record))
            facts = {"learner_id": kept_id, "merge_id": journal.merge_id, "reason": reason[:300]}
            linking.tell(session, record, "merged", actor, **facts)
        for account in _of(Account, gone_id):
            journal.change(account, learner_id=kept_id)
        _move_denials(session, kept_id, gone_id, journal)
        _settle_cases(session, kept_id, gone_id, journal, actor)


@signals.learners_split.connect
def part_links(merge_id: int, kept_id: int, gone_id: int, reason: str, actor: Actor) -> None:
    """Write down what went back, and that the two are different people: nothing joins them again by itself."""
    with transaction() as session:
        theirs, ours = _records(gone_id), _records(kept_id)
        for record in theirs:
            facts = {"merge_id": merge_id, "reason": reason[:300]}
            linking.tell(session, record, "split", actor, **facts)
        linking.deny(session, [one.id for one in theirs], [kept_id], actor)
        linking.deny(session, [one.id for one in ours], [gone_id], actor)
        _answer_cases(session, [one.id for one in theirs], kept_id, actor)
        _answer_cases(session, [one.id for one in ours], gone_id, actor)


def _answer_cases(session: Session, record_ids: Sequence[int], learner_id: int, actor: Actor) -> None:
    """Nobody is asked about a learner who has just been parted from the record's own."""
    query = select(MatchCase).where(MatchCase.record_id.in_(record_ids), MatchCase.state.in_(WAITING))
    for case in session.scalars(query.order_by(MatchCase.id)).all():
        case.candidates = [one for one in case.candidates if one["learner"] != learner_id]
        if not case.candidates:
            case.state, case.decided_at, case.decided_by = "different", now(), actor.staff_id
    session.flush()


def _settle_cases(session: Session, kept_id: int, gone_id: int, journal: Journal, actor: Actor) -> None:
    """Who asks whether they are one has the answer; who asks about the gone one asks about the kept one."""
    query = select(MatchCase).where(MatchCase.organisation_id == actor.organisation_id, MatchCase.state.in_(WAITING))
    for case in session.scalars(query.order_by(MatchCase.id)).all():
        meant = [int(one["learner"]) for one in case.candidates]
        owner = case.record.learner_id
        if owner == kept_id and (kept_id in meant or gone_id in meant):
            journal.change(case, state="same", learner_id=kept_id, decided_at=now(), decided_by=actor.staff_id)
        elif gone_id in meant:
            journal.change(case, candidates=_renamed(case.candidates, gone_id, kept_id))
    for case in session.scalars(select(MatchCase).where(MatchCase.learner_id == gone_id)).all():
        journal.change(case, learner_id=kept_id)


def _renamed(candidates: list[dict[str, Any]], gone_id: int, kept_id: int) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for one in candidates:
        key = kept_id if one["learner"] == gone_id else int(one["learner"])
        found.setdefault(key, {**one, "learner": key})
    return list(found.values())


def _move_denials(session: Session, kept_id: int, gone_id: int, journal: Journal) -> None:
    query = select(MatchDenial).order_by(MatchDenial.id)
    known = {_meant(one) for one in session.scalars(query.where(MatchDenial.learner_id == kept_id))}
    for denial in session.scalars(query.where(MatchDenial.learner_id == gone_id)).all():
        if _meant(denial) not in known:
            journal.change(denial, learner_id=kept_id)


def _meant(denial: MatchDenial) -> tuple[int | None, int | None, str]:
    return denial.record_id, denial.intake_id, denial.account_key


def _denials_between(one_id: int, other_id: int) -> list[MatchDenial]:
    query = (
        select(MatchDenial)
        .join(OnlineRecord, OnlineRecord.id == MatchDenial.record_id)
        .where(
            MatchDenial.annulled_at.is_(None),
            or_(
                (OnlineRecord.learner_id == one_id) & (MatchDenial.learner_id == other_id),
                (OnlineRecord.learner_id == other_id) & (MatchDenial.learner_id == one_id),
            ),
        )
        .order_by(MatchDenial.id)
    )
    return list(db.session.scalars(query))


def _records(learner_id: int) -> list[OnlineRecord]:
    return _of(OnlineRecord, learner_id)


def _of(table: Any, learner_id: int) -> list[Any]:
    return list(db.session.scalars(select(table).where(table.learner_id == learner_id).order_by(table.id)))


def _how(record: OnlineRecord) -> str:
    return linking.HAND if record.link == "own" else record.linked_how
