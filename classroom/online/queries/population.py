"""Read people for matching: living learners with every face they have, and records that wait."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from classroom.core.db import db
from classroom.learners.models import Learner, LearnerMerge
from classroom.online.models import Account, ImportRow, MatchCase, MatchDenial, OnlineImport, OnlineRecord
from classroom.online.rules.faces import Face
from classroom.online.rules.results import CHANGING, PARTICULARS, from_json

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

    @property
    def particulars(self) -> dict[str, Any]:
        """The same as an import keeps it."""
        return {name: getattr(self, name) for name in PARTICULARS}


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


def intakes_of(keys: Collection[int]) -> set[int]:
    """The intakes of these records."""
    return set(db.session.scalars(select(OnlineRecord.intake_id).where(OnlineRecord.id.in_(keys)).distinct()))


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


class Changed(NamedTuple):
    """A record whose person is described otherwise than when it was looked at; `was` is what it said then."""

    record: Waiting
    link: str
    was: Mapping[str, Any]


def changed_records(organisation_id: int) -> list[Changed]:
    """Records looked at by the machine of whose person something else is said since, in the order of their keys.

    A newer import said it, or one that was undone said something else. What a person decided stays decided.
    """
    since = func.coalesce(OnlineRecord.linked_at, MatchCase.created_at)
    looked_at = (
        _waiting()
        .outerjoin(MatchCase, MatchCase.record_id == OnlineRecord.id)
        .where(OnlineRecord.organisation_id == organisation_id, OnlineRecord.updated_at > since)
        .where(OnlineRecord.link.in_((*LINKED, "queued")), OnlineRecord.linked_how != "hand")
        .order_by(OnlineRecord.id, ImportRow.id)
    )
    newer = (
        looked_at.add_columns(OnlineRecord.link, ImportRow.before)
        .join(ImportRow, ImportRow.record_id == OnlineRecord.id)
        .join(OnlineImport, OnlineImport.id == ImportRow.import_id)
        .where(OnlineImport.state == "confirmed", OnlineImport.confirmed_at > since, ImportRow.before.is_not(None))
    )
    undone = (
        looked_at.add_columns(OnlineRecord.link, ImportRow.values)
        .join(OnlineImport, OnlineImport.intake_id == OnlineRecord.intake_id)
        .join(ImportRow, _of_account(OnlineImport.id) & ImportRow.effect.in_([str(each) for each in CHANGING]))
        .where(OnlineImport.state == "undone", OnlineImport.confirmed_at <= since, OnlineImport.undone_at > since)
    )
    found: dict[int, Changed] = {}
    for query in (undone, newer):
        for *facts, link, said in db.session.execute(query):
            record = Waiting(*facts)
            was = {
                **record.particulars,
                **{name: each for name, each in from_json(said).items() if name in PARTICULARS},
            }
            found.setdefault(record.id, Changed(record, link, was))
    return [found[key] for key in sorted(found) if found[key].was != found[key].record.particulars]


def numbers_held(organisation_id: int, numbers: Collection[str]) -> set[str]:
    """Which of these ID numbers somebody has, or somebody who was merged into another."""
    query = select(Learner.id_number).where(
        Learner.organisation_id == organisation_id,
        Learner.id_number.in_(set(numbers) - {""}),
        Learner.annulled_at.is_(None) | Learner.merged_into_id.is_not(None),
    )
    return set(db.session.scalars(query))


def _of_account(import_id: Any) -> ColumnElement[bool]:
    return and_(ImportRow.import_id == import_id, ImportRow.account_key == OnlineRecord.account_key)


def _waiting() -> Select[Any]:
    return select(*(getattr(OnlineRecord, column) for column in Waiting._fields))
