"""Certificates to be looked at again, and what nobody told of that may bear on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from classroom.attendance.models import Event
from classroom.certification.models import Certificate, CertificateRecheck
from classroom.core.db import db
from classroom.inbox.models import InboxItem
from classroom.learners.models import Learner
from classroom.online.models import Intake, MatchEvent, OnlineRecord
from classroom.sessions.models import Enrolment

DOUBT = "certification.doubt"
#: Certificates that can be asked about: who was erased has no facts any more to be held against.
LIVING = (Certificate.state == "issued", Certificate.erased_at.is_(None))


@dataclass(frozen=True, slots=True)
class Doubted:
    """A living certificate whose grounds may have changed; `learner_id` is who its learner is by now."""

    note_id: int
    noted_at: datetime
    cause: str
    certificate: Certificate
    learner_id: int


def noted(limit: int) -> list[Doubted]:
    """The oldest notes; those of certificates that are no longer issued are among them."""
    rows = db.session.execute(
        select(CertificateRecheck, Certificate, Learner.merged_into_id)
        .join(Certificate, Certificate.id == CertificateRecheck.certificate_id)
        .outerjoin(Learner, Learner.id == Certificate.learner_id)
        .order_by(CertificateRecheck.id)
        .limit(limit)
    )
    return [
        Doubted(note.id, note.noted_at, note.cause, held, merged or held.learner_id or 0) for note, held, merged in rows
    ]


def attendance_since(last_id: int, up_to: int) -> Select[Any]:
    """Certificates of those whose attendance was written about in these events."""
    return (
        select(Certificate.id, Certificate.organisation_id)
        .select_from(Event)
        .join(Enrolment, Enrolment.id == Event.enrolment_id)
        .join(Certificate, _issued_to(Enrolment.course_id, Enrolment.learner_id))
        .where(Event.id > last_id, Event.id <= up_to)
        .distinct()
    )


def matches_since(last_id: int, up_to: int) -> Select[Any]:
    """Certificates of those who got or lost an online record."""
    return (
        select(Certificate.id, Certificate.organisation_id)
        .select_from(MatchEvent)
        .join(OnlineRecord, OnlineRecord.id == MatchEvent.record_id)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .join(Certificate, _issued_to(Intake.course_id, MatchEvent.learner_id))
        .where(MatchEvent.id > last_id, MatchEvent.id <= up_to)
        .distinct()
    )


def records_since(since: datetime) -> Select[Any]:
    """Certificates of those of whom an import said something else since."""
    return (
        select(Certificate.id, Certificate.organisation_id)
        .select_from(OnlineRecord)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .join(Certificate, _issued_to(Intake.course_id, OnlineRecord.learner_id))
        .where(OnlineRecord.updated_at > since)
        .distinct()
    )


def last_event(before: datetime) -> int:
    """The newest event of attendance that was written before an instant."""
    return db.session.scalar(select(func.max(Event.id)).where(Event.recorded_at < before)) or 0


def last_match(before: datetime) -> int:
    """The newest event of matching that was written before an instant."""
    return db.session.scalar(select(func.max(MatchEvent.id)).where(MatchEvent.at < before)) or 0


def open_doubts(organisation_id: int, certificate: str) -> Sequence[str]:
    """Keys of the undecided questions about a certificate."""
    return db.session.scalars(
        select(InboxItem.key).where(
            InboxItem.organisation_id == organisation_id,
            InboxItem.kind == DOUBT,
            InboxItem.key.startswith(f"{certificate}:", autoescape=True),
            InboxItem.decided_at.is_(None),
        )
    ).all()


def _issued_to(course_id: Any, learner_id: Any) -> ColumnElement[bool]:
    return and_(Certificate.course_id == course_id, Certificate.learner_id == learner_id, *LIVING)
