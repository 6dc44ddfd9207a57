"""One lean read of everything that a page or a use case needs to know of a sitting."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select

from classroom.attendance.queries.session_facts import SessionFacts, find_session_facts
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.ids import is_public_id
from classroom.core.prepared import Prepared
from classroom.exams.models import Paper, Sitting
from classroom.exams.rules.terms import Terms
from classroom.exams.rules.timing import Hours
from classroom.sessions.models import ClassSession, TrainingClass
from classroom.sessions.queries.scope import visible_classes


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting with its terms and the class session it is held in."""

    id: int
    public_id: str
    organisation_id: int
    session: SessionFacts
    paper_id: int
    paper_public_id: str
    #: The paper for which results count: this one, or the one that it asks anew.
    counts_for: int
    terms: Terms
    hours: Hours
    retake: bool
    version: int
    kiosk_pin: str
    opened_at: datetime
    annulled_at: datetime | None = None
    annul_reason: str = ""

    @property
    def title(self) -> str:
        """What the paper was called when it was opened."""
        return self.terms.title

    @property
    def paused_at(self) -> datetime | None:
        """Since when attempts stand still."""
        return self.hours.paused_at

    @property
    def ended_at(self) -> datetime | None:
        """When the trainer ended it."""
        return self.hours.ended_at

    @property
    def is_open(self) -> bool:
        """Whether it goes on, perhaps paused."""
        return self.annulled_at is None and self.ended_at is None


def hours_of(terms: Terms, row: Any) -> Hours:
    """The times of a sitting that bear on its attempts, from a row with opened_at, paused_at and ended_at."""
    window = None if terms.entry_window is None else timedelta(minutes=terms.entry_window)
    return Hours(row.opened_at, window, terms.grace_time, row.paused_at, row.ended_at)


def get_sitting(actor: Actor, public_id: str) -> SittingFacts:
    """A sitting that the actor may see; raises NotFound for foreign and, for a trainer, untaught ones."""
    query = (
        _everything()
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Sitting.public_id == public_id, *visible_classes(actor))
    )
    facts = _facts(db.session.execute(query).first())
    if facts is None:
        raise NotFound
    return facts


def find_sitting(public_id: str) -> SittingFacts | None:
    """Whatever sitting has this id, in any organisation: for learners, who are known by device and attempt."""
    return _facts(_BY_PUBLIC_ID.first(wanted=public_id)) if is_public_id(public_id) else None


def find_sitting_of_session(class_session_id: int) -> list[SittingFacts]:
    """The sittings of a session that were not annulled, ended ones too, the first opened first."""
    return _many(Sitting.class_session_id == class_session_id)


def open_sittings_at(session_public_id: str) -> list[SittingFacts]:
    """The sittings of a session that go on, perhaps paused."""
    return _many(ClassSession.public_id == session_public_id, Sitting.ended_at.is_(None))


def _many(*conditions: Any) -> list[SittingFacts]:
    query = _everything().where(Sitting.annulled_at.is_(None), *conditions).order_by(Sitting.opened_at, Sitting.id)
    return [facts for row in db.session.execute(query) if (facts := _facts(row))]


def _everything() -> Select[Any]:
    return (
        select(
            Sitting.id,
            Sitting.public_id,
            Sitting.organisation_id,
            ClassSession.public_id.label("session"),
            Sitting.paper_id,
            Paper.public_id.label("paper_public_id"),
            Paper.retake_of_id,
            Sitting.terms,
            Sitting.opened_at,
            Sitting.paused_at,
            Sitting.ended_at,
            Sitting.annulled_at,
            Sitting.annul_reason,
            Sitting.retake,
            Sitting.version,
            Sitting.kiosk_pin,
        )
        .join(Paper, Paper.id == Sitting.paper_id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
    )


def _facts(row: Any) -> SittingFacts | None:
    session = None if row is None else find_session_facts(row.session)
    if session is None:
        return None
    terms = Terms.from_json(row.terms)
    return SittingFacts(
        id=row.id,
        public_id=row.public_id,
        organisation_id=row.organisation_id,
        session=session,
        paper_id=row.paper_id,
        paper_public_id=row.paper_public_id,
        counts_for=row.retake_of_id or row.paper_id,
        terms=terms,
        hours=hours_of(terms, row),
        retake=row.retake,
        version=row.version,
        kiosk_pin=row.kiosk_pin,
        opened_at=row.opened_at,
        annulled_at=row.annulled_at,
        annul_reason=row.annul_reason,
    )


#: Every phone of the room asks this at once.
_BY_PUBLIC_ID = Prepared(_everything().where(Sitting.public_id == bindparam("wanted")))
