"""What tablets ask: whose a badge is, who sits where, which classes they serve."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, or_, select

from classroom.accounts.models import Staff
from classroom.attendance.models import IdHash, KeptItem, Mark, Scan, TabletClass, TabletItem
from classroom.attendance.queries.phones import PEOPLE, Person, gather, present_key
from classroom.attendance.queries.session_facts import SessionFacts, sessions_where
from classroom.attendance.rules import CAME
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.prepared import Prepared
from classroom.learners.models import Learner
from classroom.sessions.models import Badge, ClassSession, Enrolment, TrainingClass
from classroom.sessions.queries.scope import visible_classes

_MINE = Learner.organisation_id == bindparam("organisation_id")
#: Whoever was merged into another learner is that one now.
_NAMED = Learner.__table__.alias("named")
_SEAT = Enrolment.__table__.alias("seat")
_BY_BADGE = Prepared(
    PEOPLE.add_columns(Badge.replaced_at, Learner.annulled_at)
    .join(Badge, Badge.learner_id == Learner.id)
    .where(Badge.code == bindparam("code"), _MINE)
    .order_by(Enrolment.id)
)
_BY_CODE = Prepared(
    PEOPLE.where(
        Learner.id.in_(
            select(present_key(_NAMED.c)).where(
                _NAMED.c.code == bindparam("code"), _NAMED.c.organisation_id == bindparam("organisation_id")
            )
        ),
        _MINE,
        Learner.annulled_at.is_(None),
    ).order_by(Enrolment.id)
)
_BY_PLACE = Prepared(
    PEOPLE.where(
        Learner.id.in_(
            select(present_key(_NAMED.c))
            .join(_SEAT, _SEAT.c.learner_id == _NAMED.c.id)
            .where(_SEAT.c.public_id == bindparam("place"))
        ),
        _MINE,
    ).order_by(Enrolment.id)
)
_BY_NUMBER = Prepared(
    PEOPLE.add_columns((Learner.id_number == bindparam("number")).label("holds"))
    .where(
        Learner.id.in_(
            select(present_key(_NAMED.c)).where(
                _NAMED.c.id_number == bindparam("number"),
                _NAMED.c.id_number != "",
                _NAMED.c.organisation_id == bindparam("organisation_id"),
            )
        ),
        _MINE,
        Learner.annulled_at.is_(None),
    )
    .order_by(Learner.id_number != bindparam("number"), Learner.id, Enrolment.id)
)
_KNOWN = Prepared(
    select(
        TabletItem.uuid,
        TabletItem.organisation_id,
        TabletItem.tablet_id,
        TabletItem.content_hash,
        TabletItem.scan_id,
        TabletItem.answer,
    ).where(TabletItem.uuid == bindparam("wanted"))
)


class Shown(NamedTuple):
    """Whom a badge names: "living", "replaced", "blank" or "unknown"."""

    state: str
    person: Person | None = None


class RosterLine(NamedTuple):
    """A learner as a tablet may know one: no number, no birth, the end of the phone only."""

    enrolment: str
    learner_id: int
    code: str
    name: str
    name_fold: str
    unit: str
    phone_end: str
    id_number: str
    walk_in: bool


def person_by_badge(organisation_id: int, course_id: int, code: str) -> Shown:
    """Whose a badge is, with the places in the course."""
    rows = _BY_BADGE.all(organisation_id=organisation_id, course_id=course_id, code=code)
    if rows and rows[0].annulled_at is not None:
        return Shown("unknown")
    if rows:
        return Shown("replaced" if rows[0].replaced_at is not None else "living", gather(rows)[0])
    blank = select(Badge.replaced_at).where(Badge.organisation_id == organisation_id, Badge.code == code)
    found = db.session.execute(blank).first()
    return Shown("unknown" if found is None else "replaced" if found[0] else "blank")


def person_by_code(organisation_id: int, course_id: int, code: str) -> Person | None:
    """Whose a learner code is."""
    return next(iter(gather(_BY_CODE.all(organisation_id=organisation_id, course_id=course_id, code=code))), None)


def person_by_place(organisation_id: int, course_id: int, enrolment: str) -> Person | None:
    """Who sits at a place, by its public id; at the place of somebody merged, the kept learner."""
    rows = _BY_PLACE.all(organisation_id=organisation_id, course_id=course_id, place=enrolment)
    return next(iter(gather(rows)), None)


def person_by_number(organisation_id: int, course_id: int, number: str) -> Person | None:
    """Who has this ID number, else the one of whom its holder became part; nobody where two had it."""
    rows = _BY_NUMBER.all(organisation_id=organisation_id, course_id=course_id, number=number)
    people = gather(rows)
    return people[0] if people and (rows[0].holds or len(people) == 1) else None


def known_item(uuid: str) -> Any:
    """What was answered to an item: organisation_id, tablet_id, content_hash, scan_id, answer; or None."""
    return _KNOWN.first(wanted=uuid)


def was_unreadable(tablet_id: int, uuid: str) -> bool:
    """Whether a tablet has sent something under this name that could not be read."""
    found = select(KeptItem.id).where(KeptItem.tablet_id == tablet_id, KeptItem.uuid == uuid)
    return db.session.scalar(found.limit(1)) is not None


def sessions_of_items(tablet_id: int, uuids: Sequence[str]) -> set[int]:
    """The keys of the sessions for which a tablet has brought these items."""
    query = select(Scan.class_session_id).join(TabletItem, TabletItem.scan_id == Scan.id)
    query = query.where(TabletItem.tablet_id == tablet_id, TabletItem.uuid.in_(uuids))
    return {key for key in db.session.scalars(query) if key is not None}


def sessions_of_classes(class_ids: Collection[int]) -> set[int]:
    """The keys of all sessions of these classes."""
    return set(db.session.scalars(select(ClassSession.id).where(ClassSession.class_id.in_(class_ids))))


def classes_of_tablet(tablet_id: int) -> set[int]:
    """The classes whose rosters the tablet was given."""
    return set(db.session.scalars(select(TabletClass.class_id).where(TabletClass.tablet_id == tablet_id)))


def staff_of_tablet(organisation_id: int, tablet_id: int, signed_in: int | None) -> dict[str, int]:
    """Who can have held the tablet: whoever fetched a list there, and who is signed in; keys by ids in addresses."""
    fetched = select(TabletClass.staff_id).where(TabletClass.tablet_id == tablet_id)
    rows = db.session.execute(
        select(Staff.public_id, Staff.id).where(
            Staff.organisation_id == organisation_id, or_(Staff.id.in_(fetched), Staff.id == signed_in)
        )
    )
    return {row[0]: row[1] for row in rows}


def last_days(class_ids: Sequence[int]) -> dict[int, date]:
    """The last day of each class."""
    rows = db.session.execute(
        select(ClassSession.class_id, func.max(ClassSession.held_on))
        .where(ClassSession.class_id.in_(class_ids))
        .group_by(ClassSession.class_id)
    )
    return {row[0]: row[1] for row in rows}


def sessions_for(actor: Actor, since: datetime, until: datetime) -> list[SessionFacts]:
    """Sessions that start within these instants and that the actor may see, in order."""
    return sessions_where(*visible_classes(actor), ClassSession.starts_at.between(since, until))


def sessions_of_class(class_id: int) -> list[SessionFacts]:
    """The sessions of a class, in order."""
    return sessions_where(ClassSession.class_id == class_id)


def roster_for_tablet(class_id: int) -> list[RosterLine]:
    """The present learners of a class in Vietnamese order; `id_number` must not leave the server as it is."""
    rows = db.session.execute(
        select(
            Enrolment.public_id,
            Learner.id,
            Learner.code,
            Learner.name,
            Learner.name_fold,
            Learner.unit,
            Learner.phone,
            Learner.id_number,
            Enrolment.walk_in,
        )
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(Enrolment.class_id == class_id, Enrolment.ended_at.is_(None))
        .order_by(Learner.sort_key, Learner.birth_year.nulls_last(), Learner.born_on.nulls_last(), Enrolment.id)
    )
    return [
        RosterLine(row[0], row[1], row[2], row[3], row[4], row[5], row[6][-3:], row[7], bool(row[8])) for row in rows
    ]


def hashes_of(class_id: int) -> dict[int, IdHash]:
    """The stretched ID numbers of a class, by learner."""
    return {one.learner_id: one for one in db.session.scalars(select(IdHash).where(IdHash.class_id == class_id))}


def marks_of_class(class_id: int) -> dict[str, dict[str, str]]:
    """Who is marked how, by session and place; only those who came."""
    rows = db.session.execute(
        select(ClassSession.public_id, Enrolment.public_id, Mark.status)
        .join(Mark, Mark.class_session_id == ClassSession.id)
        .join(Enrolment, and_(Enrolment.id == Mark.enrolment_id))
        .where(ClassSession.class_id == class_id, Mark.status.in_(CAME))
    )
    found: dict[str, dict[str, str]] = {}
    for session, place, status in rows:
        found.setdefault(session, {})[place] = status
    return found


def find_class(actor: Actor, public_id: str) -> TrainingClass | None:
    """A class that the actor may see and that is not cancelled."""
    return db.session.scalar(
        select(TrainingClass).where(
            TrainingClass.public_id == public_id, TrainingClass.cancelled_at.is_(None), *visible_classes(actor)
        )
    )
