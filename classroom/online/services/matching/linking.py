"""One record to one learner: link, let go, and join the learner that a record was made into with another one."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.errors import NotFound, Refusal
from classroom.learners import services as learners
from classroom.learners.models import Learner, LearnerMerge
from classroom.learners.services.journal import Journal
from classroom.online.models import Account, MatchDenial, MatchEvent, OnlineRecord
from classroom.online.queries.population import waiting_records
from classroom.online.services.matching import writing
from classroom.sessions.models import Enrolment

HAND = "hand"
#: Why two learners were made one, as the journal keeps it where no person gave words.
JOINED = "Khớp kết quả trực tuyến"


def hold_people(session: Session, learner_ids: Collection[int | None]) -> None:
    """Hold what hangs on these learners and then the matching, in the order in which a merge does."""
    signals.learners_holding.send(learner_ids=[key for key in learner_ids if key is not None])


def hold_record(session: Session, actor: Actor, record_id: int) -> OnlineRecord:
    """The record, locked and as it is now; raises NotFound."""
    query = select(OnlineRecord).where(
        OnlineRecord.id == record_id, OnlineRecord.organisation_id == actor.organisation_id
    )
    found = session.scalar(query.with_for_update(of=OnlineRecord).execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def give(record: OnlineRecord, learner_id: int, how: str, evidence: Sequence[str], actor: Actor) -> None:
    """Let a record that is nobody's be this learner's."""
    record.learner_id, record.link, record.linked_how = learner_id, "matched", how
    record.evidence, record.linked_at, record.linked_by = list(evidence), now(), actor.staff_id


def let_go(record: OnlineRecord, link: str) -> None:
    """Let a record be nobody's again: "queued" or "new"."""
    record.learner_id, record.link, record.linked_how = None, link, ""
    record.evidence, record.linked_at, record.linked_by = [], None, None


def make_own(session: Session, record: OnlineRecord, actor: Actor) -> int:
    """Let a record be a person of its own; a number that somebody has already stays with that one."""
    session.flush()
    told = waiting_records(OnlineRecord.id == record.id)
    taken = {record.id} if _number_taken(session, record) else set()
    (made,) = writing.add_people(told, taken, actor)
    record.learner_id, record.link, record.linked_how = made, writing.OWN, writing.OWN
    record.evidence, record.linked_at, record.linked_by = [], now(), actor.staff_id
    return made


def join(
    record: OnlineRecord, kept: Learner, how: str, evidence: Sequence[str], *, actor: Actor, reason: str = ""
) -> LearnerMerge:
    """Make the learner of a record part of another one; the record goes over with everything else.

    Raises `match.choice_needed` where somebody must say whose thing stays, such as one of two certificates.
    """
    session = Session.object_session(record)
    assert session is not None
    gone = session.get_one(Learner, record.learner_id)
    answers = signals.learners_merging.send(kept_id=kept.id, gone_id=gone.id)
    if any(conflict.details.get("choice") for answer in answers for conflict in answer or ()):
        raise Refusal("match.choice_needed")
    merge = learners.merge_learners(kept.public_id, gone.public_id, reason or JOINED, actor=entitled(actor))
    session.refresh(record)
    told: dict[str, Any] = {"linked_how": how, "evidence": list(evidence), "linked_at": now()}
    Journal(session, merge.id).change(record, **told, linked_by=actor.staff_id)
    return merge


def part(merge: LearnerMerge, reason: str, *, actor: Actor) -> list[str]:
    """Take a join back."""
    return learners.split_learners(merge.public_id, reason or JOINED, actor=entitled(actor))


def entitled(actor: Actor) -> Actor:
    """Who decides about matches (or the machine, by the table of evidence) makes two learners one through it."""
    return replace(actor, permissions=actor.permissions | {"learner.manage"})


def deny(session: Session, record_ids: Collection[int], learner_ids: Collection[int], actor: Actor) -> None:
    """Remember that these records and these learners are different people."""
    rows = [
        {
            "organisation_id": actor.organisation_id,
            "record_id": record,
            "learner_id": learner,
            "at": now(),
            "staff_id": actor.staff_id,
        }
        for record in record_ids
        for learner in learner_ids
    ]
    if not rows:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(MatchDenial)
    fresh = {"at": statement.excluded["at"], "staff_id": statement.excluded["staff_id"], "annulled_at": None}
    session.execute(statement.on_conflict_do_update(index_elements=["record_id", "learner_id"], set_=fresh), rows)


def keep_denials(session: Session, record_ids: Collection[int]) -> None:
    """Let what was said of records that go be said of their accounts."""
    denial, kept = MatchDenial.__table__.c, OnlineRecord.__table__.c
    of_record = [
        select(column).where(kept.id == denial.record_id).scalar_subquery()
        for column in (kept.intake_id, kept.account_key)
    ]
    session.execute(
        update(MatchDenial)
        .where(MatchDenial.record_id.in_(record_ids))
        .values(intake_id=of_record[0], account_key=of_record[1], record_id=None)
        .execution_options(synchronize_session=False)
    )
    session.expire_all()


def take_up_denials(session: Session, record_ids: Collection[int]) -> None:
    """Let what was said of an account that had no record be said of the record that it has now."""
    query = (
        select(MatchDenial, OnlineRecord.id)
        .join(
            OnlineRecord,
            (OnlineRecord.intake_id == MatchDenial.intake_id) & (OnlineRecord.account_key == MatchDenial.account_key),
        )
        .where(MatchDenial.record_id.is_(None), OnlineRecord.id.in_(record_ids))
    )
    for denial, record in session.execute(query.order_by(MatchDenial.id)).all():
        same = MatchDenial.record_id == record, MatchDenial.learner_id == denial.learner_id
        if session.scalar(select(MatchDenial.id).where(*same)) is None:
            denial.record_id, denial.intake_id, denial.account_key = record, None, ""
            session.flush()


def allow(session: Session, record_ids: Collection[int], learner_ids: Collection[int]) -> None:
    """Forget that they were said to be different."""
    query = select(MatchDenial).where(
        MatchDenial.record_id.in_(record_ids),
        MatchDenial.learner_id.in_(learner_ids),
        MatchDenial.annulled_at.is_(None),
    )
    for one in session.scalars(query):
        one.annulled_at = now()
    session.flush()


def annul_if_alone(session: Session, learner_id: int) -> bool:
    """Annul a learner on whom nothing hangs: no record, account, place or certificate; whether it was done."""
    session.flush()
    hangs = (
        select(OnlineRecord.id).where(OnlineRecord.learner_id == learner_id),
        select(Account.id).where(Account.learner_id == learner_id, Account.annulled_at.is_(None)),
        select(Enrolment.id).where(Enrolment.learner_id == learner_id),
        select(Learner.id).where(Learner.merged_into_id == learner_id),
    )
    if any(session.execute(query.limit(1)).first() for query in hangs):
        return False
    try:
        signals.import_undoing.send(learner_ids=[learner_id], enrolment_ids=[])
    except Refusal:  # a certificate, such as one by the list of exceptions
        return False
    learners.annul_many([learner_id])
    return True


def tell(session: Session, record: OnlineRecord, kind: str, actor: Actor, **facts: Any) -> None:
    """Write down what happened to a record."""
    session.add(
        MatchEvent(
            organisation_id=record.organisation_id,
            record_id=record.id,
            learner_id=facts.pop("learner_id", record.learner_id),
            kind=kind,
            at=now(),
            staff_id=actor.staff_id,
            **facts,
        )
    )
    session.flush()


def _number_taken(session: Session, record: OnlineRecord) -> bool:
    if not record.id_number:
        return False
    query = select(Learner.id).where(
        Learner.organisation_id == record.organisation_id,
        Learner.id_number == record.id_number,
        Learner.annulled_at.is_(None) | Learner.merged_into_id.is_not(None),
    )
    return session.execute(query.limit(1)).first() is not None
