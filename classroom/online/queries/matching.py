"""Read the queue of questions, one question with everybody it is about, and how a record came to its learner."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import contains_eager

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.learners.models import Learner
from classroom.online.models import ImportRow, Intake, MatchCase, MatchEvent, OnlineImport, OnlineRecord
from classroom.online.queries.facts import WAITING
from classroom.sessions.models import Enrolment, TrainingClass

_LISTED = 200


@dataclass(frozen=True, slots=True)
class Filter:
    """Which questions: of one intake (public id), for one reason, with these words in name, account or unit."""

    intake: str = ""
    reason: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands in the queue: how many wait, and its neighbours."""

    waiting: int
    earlier: str = ""
    later: str = ""


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a learner has here: classes by their codes, and results online."""

    classes: tuple[str, ...] = ()
    records: tuple[str, ...] = ()


def count_waiting(organisation_id: int) -> Select[tuple[int]]:
    """How many questions wait, as a statement that a page may join with its own counts."""
    return select(func.count(MatchCase.id)).where(
        MatchCase.organisation_id == organisation_id, MatchCase.state.in_(WAITING)
    )


def waiting_cases(organisation_id: int, only: Filter, limit: int = _LISTED) -> Sequence[MatchCase]:
    """Questions that wait, the quick ones first, those put off last."""
    return db.session.scalars(_waiting(organisation_id, only).order_by(MatchCase.rank, MatchCase.id).limit(limit)).all()


def count(organisation_id: int, only: Filter) -> int:
    """How many questions wait under a filter."""
    query = _waiting(organisation_id, only).with_only_columns(func.count(MatchCase.id))
    return db.session.scalar(query.options()) or 0


def get_case(organisation_id: int, public_id: str) -> MatchCase:
    """One question, decided or not; raises NotFound."""
    query = select(MatchCase).where(MatchCase.organisation_id == organisation_id, MatchCase.public_id == public_id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def place_of(organisation_id: int, case: MatchCase, only: Filter) -> Place:
    """How many questions wait, and what stands before and after this one."""
    query = _waiting(organisation_id, only).with_only_columns(MatchCase.public_id)
    before = query.where(or_(MatchCase.rank < case.rank, and_(MatchCase.rank == case.rank, MatchCase.id < case.id)))
    after = query.where(or_(MatchCase.rank > case.rank, and_(MatchCase.rank == case.rank, MatchCase.id > case.id)))
    earlier = db.session.scalar(before.order_by(MatchCase.rank.desc(), MatchCase.id.desc()).limit(1))
    later = db.session.scalar(after.order_by(MatchCase.rank, MatchCase.id).limit(1))
    return Place(count(organisation_id, only), earlier or "", later or "")


def reasons_waiting(organisation_id: int) -> dict[str, int]:
    """How many questions wait for each reason."""
    query = count_waiting(organisation_id).add_columns(MatchCase.reason).group_by(MatchCase.reason)
    return {row[1]: row[0] for row in db.session.execute(query)}


def intakes_waiting(organisation_id: int) -> list[tuple[str, str, int]]:
    """Intakes with questions: public id, name, how many."""
    rows = db.session.execute(
        select(Intake.public_id, Intake.name, func.count(MatchCase.id))
        .join(OnlineRecord, OnlineRecord.intake_id == Intake.id)
        .join(MatchCase, MatchCase.record_id == OnlineRecord.id)
        .where(MatchCase.organisation_id == organisation_id, MatchCase.state.in_(WAITING))
        .group_by(Intake.id)
        .order_by(Intake.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def last_decided(organisation_id: int, staff_id: int | None) -> MatchCase | None:
    """The latest decision of this member of staff that still stands."""
    query = select(MatchCase).where(
        MatchCase.organisation_id == organisation_id,
        MatchCase.decided_by == staff_id,
        MatchCase.decided_at.is_not(None),
        MatchCase.state.in_(("same", "different", "later")),
    )
    return db.session.scalar(query.order_by(MatchCase.decided_at.desc(), MatchCase.id.desc()).limit(1))


def learners_of(case: MatchCase) -> list[tuple[Learner, dict[str, Any]]]:
    """The candidates who are still there, in their order, each with what was found."""
    keys = [int(one["learner"]) for one in case.candidates]
    query = select(Learner).where(Learner.id.in_(keys), Learner.annulled_at.is_(None))
    found = {one.id: one for one in db.session.scalars(query)}
    return [(found[int(one["learner"])], one) for one in case.candidates if int(one["learner"]) in found]


def holdings_of(learner_ids: Collection[int]) -> dict[int, Holdings]:
    """Classes and online results of learners."""
    classes: dict[int, list[str]] = {}
    places = (
        select(Enrolment.learner_id, TrainingClass.code)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .where(Enrolment.learner_id.in_(learner_ids), Enrolment.ended_at.is_(None))
        .order_by(TrainingClass.code)
    )
    for learner, code in db.session.execute(places):
        classes.setdefault(learner, []).append(code)
    records: dict[int, list[str]] = {}
    results = (
        select(OnlineRecord.learner_id, Intake.name)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .where(OnlineRecord.learner_id.in_(learner_ids))
        .order_by(OnlineRecord.id)
    )
    for learner, name in db.session.execute(results):
        records.setdefault(learner or 0, []).append(name)
    return {key: Holdings(tuple(classes.get(key, ())), tuple(records.get(key, ()))) for key in learner_ids}


def get_record(organisation_id: int, public_id: str) -> OnlineRecord:
    """One record; raises NotFound."""
    query = select(OnlineRecord).where(
        OnlineRecord.organisation_id == organisation_id, OnlineRecord.public_id == public_id
    )
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def case_of(record: OnlineRecord) -> MatchCase | None:
    """The question about a record, if there ever was one."""
    return db.session.scalar(select(MatchCase).where(MatchCase.record_id == record.id))


def events_of(record: OnlineRecord) -> list[tuple[MatchEvent, str, str]]:
    """What happened to a record, the latest first: the event, the learner's name, who did it."""
    rows = db.session.execute(
        select(MatchEvent, Learner.name, Staff.name)
        .outerjoin(Learner, Learner.id == MatchEvent.learner_id)
        .outerjoin(Staff, Staff.id == MatchEvent.staff_id)
        .where(MatchEvent.record_id == record.id)
        .order_by(MatchEvent.id.desc())
    )
    return [(row[0], row[1] or "", row[2] or "") for row in rows]


def rows_of(record: OnlineRecord) -> list[tuple[ImportRow, OnlineImport]]:
    """What each import said of a record, the latest first."""
    rows = db.session.execute(
        select(ImportRow, OnlineImport)
        .join(OnlineImport, OnlineImport.id == ImportRow.import_id)
        .where(ImportRow.record_id == record.id)
        .order_by(ImportRow.id.desc())
        .limit(50)
    )
    return [(row[0], row[1]) for row in rows]


def _waiting(organisation_id: int, only: Filter) -> Select[tuple[MatchCase]]:
    query = (
        select(MatchCase)
        .join(OnlineRecord, OnlineRecord.id == MatchCase.record_id)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .options(contains_eager(MatchCase.record).contains_eager(OnlineRecord.intake))
        .where(MatchCase.organisation_id == organisation_id, MatchCase.state.in_(WAITING))
    )
    if only.intake:
        query = query.where(Intake.public_id == only.intake)
    if only.reason:
        query = query.where(MatchCase.reason == only.reason)
    for word in fold(only.text).split():
        like = f"%{word}%"
        query = query.where(
            or_(
                OnlineRecord.name_fold.like(like),
                OnlineRecord.account_key.like(like),
                OnlineRecord.unit_fold.like(like),
            )
        )
    return query
