"""What a phone's pages read: who is bound to the browser, whom a number means, requests that wait."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CompoundSelect, Row, and_, bindparam, func, select, union
from sqlalchemy.orm import aliased

from classroom.attendance.models import Binding, CheckinRequest, Mark, Scan
from classroom.core.db import db
from classroom.core.prepared import Prepared
from classroom.learners.models import Learner
from classroom.sessions.models import Enrolment

#: A number shared by more people than these names nobody: it is an office's.
MOST_SHARING = 4


#: Learners with their places in a course.
PEOPLE = select(
    Learner.id,
    Learner.public_id,
    Learner.name,
    Learner.unit,
    Enrolment.id.label("enrolment_id"),
    Enrolment.class_id,
    Enrolment.ended_at,
).outerjoin(Enrolment, and_(Enrolment.learner_id == Learner.id, Enrolment.course_id == bindparam("course_id")))
_NAMED = aliased(Learner)
#: Every phone of the room asks this at once.
_BOUND = Prepared(
    PEOPLE.add_columns(Binding.id.label("binding_id"), Binding.last_used_at, Binding.annulled_at)
    .join(Binding, Binding.learner_id == Learner.id)
    .where(
        Binding.browser_hash == bindparam("browser_hash"),
        Binding.organisation_id == bindparam("organisation_id"),
        Learner.annulled_at.is_(None),
    )
    .order_by(Binding.id, Enrolment.id)
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a learner sits in a course: in a class, or no longer."""

    enrolment_id: int
    class_id: int
    ended: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A learner as a phone may show one: name and unit; with the places in the course at hand."""

    learner_id: int
    public_id: str
    name: str
    unit: str
    places: tuple[Place, ...] = ()
    binding_id: int | None = None
    last_used_at: datetime | None = None

    @property
    def belongs(self) -> bool:
        """Whether the learner sits in some class of the course now."""
        return any(not place.ended for place in self.places)


@dataclass(frozen=True, slots=True)
class Bound:
    """Those a browser is bound to; `ever` also holds the keys of those who said "not me" later."""

    people: tuple[Person, ...]
    ever: frozenset[int]

    def person(self, public_id: str | None) -> Person | None:
        """The one who is named, or the only one there is."""
        if public_id:
            return next((each for each in self.people if each.public_id == public_id), None)
        return self.people[0] if len(self.people) == 1 else None

    def served_others(self, learner_id: int) -> bool:
        """Whether this browser has been somebody else's, too."""
        return bool(self.ever - {learner_id})


def bound_people(browser_hash: bytes, organisation_id: int, course_id: int) -> Bound:
    """The learners of the organisation who identified in this browser, each with the places in the course."""
    rows = _BOUND.all(browser_hash=browser_hash, organisation_id=organisation_id, course_id=course_id)
    living = [row for row in rows if row.annulled_at is None]
    return Bound(tuple(gather(living)), frozenset(row.id for row in rows))


def people_claimed(
    organisation_id: int, course_id: int, *, code: str, phone: str | None, id_number: str | None
) -> list[Person]:
    """Whom a typed code or number means: nobody, one, or the few who share a phone.

    Where a phone is shared, those who sit in the course come alone. One statement, whatever was typed.
    """
    rows = db.session.execute(
        PEOPLE.where(
            Learner.organisation_id == organisation_id,
            Learner.annulled_at.is_(None),
            Learner.id.in_(_claimed(organisation_id, code, phone, id_number)),
        )
        .order_by(Learner.sort_key, Learner.id, Enrolment.id)
        .limit(60),
        {"course_id": course_id},
    ).all()
    people = gather(rows)
    people = [each for each in people if each.belongs] or people
    return people if len(people) <= MOST_SHARING else []


def _claimed(organisation_id: int, code: str, phone: str | None, id_number: str | None) -> CompoundSelect[Any]:
    """The keys of those with such a code or number, or of those into whom such learners were merged.

    One part for each column: so each has its index, which SQLite would not look for behind an "or".
    """
    ways = ((Learner.code, code), (Learner.phone, phone), (Learner.id_number, id_number))
    return union(
        *(
            select(present_key(Learner)).where(
                Learner.organisation_id == organisation_id, column == value, column != ""
            )
            for column, value in ways
        )
    )


def present_key(one: Any) -> Any:
    """The key of a learner, or of the one into whom that one was merged; a merge leaves no chains."""
    return func.coalesce(one.merged_into_id, one.id)


def person_in_course(organisation_id: int, course_id: int, public_id: str) -> Person | None:
    """A learner of the organisation with the places in the course; whoever was merged is the kept one."""
    rows = db.session.execute(
        PEOPLE.where(
            Learner.organisation_id == organisation_id,
            Learner.id.in_(select(present_key(_NAMED)).where(_NAMED.public_id == public_id)),
            Learner.annulled_at.is_(None),
        ).order_by(Enrolment.id),
        {"course_id": course_id},
    ).all()
    return next(iter(gather(rows)), None)


def learners_of_browser(browser_hash: bytes) -> Sequence[Row[Any]]:
    """Everybody who identified in this browser, with organisation: for the learners' own page."""
    return db.session.execute(
        select(Learner.id, Learner.public_id, Learner.code, Learner.name, Learner.unit, Learner.organisation_id)
        .join(Binding, Binding.learner_id == Learner.id)
        .where(Binding.browser_hash == browser_hash, Binding.annulled_at.is_(None), Learner.annulled_at.is_(None))
        .order_by(Binding.id)
    ).all()


def find_other_learner(class_session_id: int, browser_hash: bytes, learner_id: int) -> int | None:
    """Somebody else whom this browser has checked in to this session already."""
    return db.session.scalar(
        select(Scan.learner_id)
        .join(Binding, Binding.id == Scan.binding_id)
        .where(
            Scan.class_session_id == class_session_id,
            Scan.outcome != "refused",
            Scan.learner_id != learner_id,
            Binding.browser_hash == browser_hash,
        )
        .order_by(Scan.id)
        .limit(1)
    )


def find_request(public_id: str, browser_hash: bytes) -> CheckinRequest | None:
    """A request made in this very browser."""
    return db.session.scalar(
        select(CheckinRequest).where(CheckinRequest.public_id == public_id, CheckinRequest.browser_hash == browser_hash)
    )


def find_mark(class_session_id: int, enrolment_id: int | None) -> Row[Any] | None:
    """What a place's mark says now, and whose it is."""
    return db.session.execute(
        select(Mark.status, Mark.arrived_at, Mark.guest, Learner.name, Learner.unit)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .where(Mark.class_session_id == class_session_id, Mark.enrolment_id == enrolment_id)
    ).first()


def numbers_in_use(class_session_id: int) -> set[int]:
    """The three-digit numbers of requests that wait in this session."""
    return set(
        db.session.scalars(
            select(CheckinRequest.number).where(
                CheckinRequest.class_session_id == class_session_id, CheckinRequest.decided_at.is_(None)
            )
        )
    )


def count_requests(class_session_id: int, browser_hash: bytes) -> int:
    """How often this browser has asked the trainer in this session."""
    return (
        db.session.scalar(
            select(func.count(CheckinRequest.id)).where(
                CheckinRequest.class_session_id == class_session_id, CheckinRequest.browser_hash == browser_hash
            )
        )
        or 0
    )


def gather(rows: Sequence[Any]) -> list[Person]:
    """One person for the rows of each learner."""
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.id, []).append(row)
    return [_person(own) for own in grouped.values()]


def _person(rows: Sequence[Any]) -> Person:
    first = rows[0]
    places = {
        row.enrolment_id: Place(row.enrolment_id, row.class_id, row.ended_at is not None)
        for row in rows
        if row.enrolment_id is not None
    }
    return Person(
        learner_id=first.id,
        public_id=first.public_id,
        name=first.name,
        unit=first.unit,
        places=tuple(places.values()),
        binding_id=getattr(first, "binding_id", None),
        last_used_at=getattr(first, "last_used_at", None),
    )
