"""Read people for matching: living learners with every face they have, and records that wait."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, or_, select

from classroom.core.db import db
from classroom.learners.models import Learner, LearnerMerge
from classroom.online.models import Account, MatchDenial, OnlineRecord
from classroom.online.rules.faces import Face

_FACE = ("name", "name_fold", "born_on", "birth_year", "id_number", "phone", "email", "unit_fold")
LINKED = ("matched", "own")


class Waiting(NamedTuple):
    """A record with what it says of a person."""

    id: int
    intake_id: int
    account: str
    account_key: str
    name: str
    name_fold: str
    born_on: date | None
    birth_year: int | None
    id_number: str
    phone: str
    email: str
    unit_fold: str
    unit: str
    learner_id: int | None
    linked_at: datetime | None

    @property
    def face(self) -> Face:
        """What the platform says of the person."""
        return Face(*self[4:12])


def learner_faces(organisation_id: int, *conditions: Any) -> Iterable[tuple[int, Face]]:
    """Living learners with their own facts."""
    query = select(Learner.id, *(getattr(Learner, column) for column in _FACE)).where(
        Learner.organisation_id == organisation_id, Learner.annulled_at.is_(None), *conditions
    )
    for key, *facts in db.session.execute(query):
        yield key, Face(*facts)


def merged_faces(organisation_id: int, *conditions: Any) -> Iterable[tuple[int, Face]]:
    """Learners who stand for another one, with that one's facts."""
    query = select(Learner.merged_into_id, *(getattr(Learner, column) for column in _FACE)).where(
        Learner.organisation_id == organisation_id, Learner.merged_into_id.is_not(None), *conditions
    )
    for key, *facts in db.session.execute(query):
        yield key, Face(*facts)


def record_faces(organisation_id: int, *conditions: Any) -> Iterable[tuple[int, int, Face]]:
    """Learners with the intake and the facts of each record that is theirs."""
    query = select(
        OnlineRecord.learner_id, OnlineRecord.intake_id, *(getattr(OnlineRecord, column) for column in _FACE)
    ).where(OnlineRecord.organisation_id == organisation_id, OnlineRecord.learner_id.is_not(None), *conditions)
    for key, intake, *facts in db.session.execute(query):
        yield key, intake, Face(*facts)


def touched_since(organisation_id: int, since: datetime) -> set[int]:
    """Learners who were made, changed, annulled, merged, parted or linked since an instant."""
    learners = select(Learner.id).where(
        Learner.organisation_id == organisation_id,
        or_(Learner.updated_at >= since, Learner.annulled_at >= since),
    )
    merges = select(LearnerMerge.kept_id, LearnerMerge.gone_id).where(
        LearnerMerge.organisation_id == organisation_id,
        or_(LearnerMerge.merged_at >= since, LearnerMerge.split_at >= since),
    )
    records = select(OnlineRecord.learner_id).where(
        OnlineRecord.organisation_id == organisation_id,
        OnlineRecord.learner_id.is_not(None),
        or_(OnlineRecord.linked_at >= since, OnlineRecord.updated_at >= since),
    )
    found = set(db.session.scalars(learners)) | {key for key in db.session.scalars(records) if key}
    return found.union(*(tuple(row) for row in db.session.execute(merges)))


def waiting_keys(organisation_id: int, intake_id: int | None) -> list[int]:
    """Records that nobody looked at yet, in the order of their keys."""
    query = select(OnlineRecord.id).where(OnlineRecord.organisation_id == organisation_id, OnlineRecord.link == "new")
    if intake_id is not None:
        query = query.where(OnlineRecord.intake_id == intake_id)
    return list(db.session.scalars(query.order_by(OnlineRecord.id)))


def waiting_records(*conditions: Any) -> list[Waiting]:
    """Records with what matching asks of them, in the order of their keys."""
    query = _waiting().where(*conditions).order_by(OnlineRecord.id)
    return [Waiting(*row) for row in db.session.execute(query)]


def held_records(keys: Collection[int], link: str) -> list[Waiting]:
    """The same, locked, those that still have this link."""
    query = _waiting().where(OnlineRecord.id.in_(keys), OnlineRecord.link == link).order_by(OnlineRecord.id)
    return [Waiting(*row) for row in db.session.execute(query.with_for_update())]


def denials_of(keys: Collection[int]) -> dict[int, set[int]]:
    """Who is known not to be meant, by record."""
    query = select(MatchDenial.record_id, MatchDenial.learner_id).where(
        MatchDenial.record_id.in_(keys), MatchDenial.annulled_at.is_(None)
    )
    found: dict[int, set[int]] = {}
    for record, learner in db.session.execute(query):
        found.setdefault(record, set()).add(learner)
    return found


def accounts_of(records: Sequence[Waiting]) -> dict[int, int]:
    """To whom we issued the account of each record: the number counts in its own intake only."""
    query = select(Account.intake_id, Account.key, Account.learner_id).where(
        Account.intake_id.in_({one.intake_id for one in records}),
        Account.key.in_([one.account_key for one in records]),
        Account.annulled_at.is_(None),
    )
    holders = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    return {
        one.id: holders[one.intake_id, one.account_key]
        for one in records
        if (one.intake_id, one.account_key) in holders
    }


def fresh_learners(organisation_id: int) -> dict[int, datetime]:
    """Learners who came by another way since the first record became a person of its own, with when they came."""
    own = and_(OnlineRecord.organisation_id == organisation_id, OnlineRecord.link == "own")
    first = db.session.scalar(select(func.min(OnlineRecord.linked_at)).where(own))
    if first is None:
        return {}
    query = select(Learner.id, Learner.created_at).where(
        Learner.organisation_id == organisation_id,
        Learner.annulled_at.is_(None),
        Learner.created_at > first,
        Learner.id.not_in(select(OnlineRecord.learner_id).where(own)),
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def _waiting() -> Select[Any]:
    return select(*(getattr(OnlineRecord, column) for column in Waiting._fields))
