"""What staff see of one attempt beside its answers: devices, answers that came too late, changes by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import aliased

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.exams.models import Adjustment, Attempt, AttemptDevice, StrayAnswer
from classroom.exams.queries.attempts import AttemptFacts
from classroom.exams.queries.keys import Keys, keys_of
from classroom.exams.rules.answers import Answer


@dataclass(frozen=True, slots=True)
class Held:
    """A device that held the attempt or asked for it; `by` is who let it."""

    number: int
    asked_at: datetime
    granted_at: datetime | None
    refused_at: datetime | None
    by: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Stray:
    """An answer that came too late, or from a device that had lost the attempt; `position` counts from 0."""

    id: int
    position: int
    answer: Answer | None
    kind: str
    received_at: datetime
    taken_at: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class ByHand:
    """Points added or taken; one that was taken back has `annulled_at`."""

    public_id: str
    points: Decimal
    reason: str
    at: datetime
    by: str
    annulled_at: datetime | None
    annulled_by: str


def devices_of(attempt: AttemptFacts) -> list[Held]:
    """The devices in the order in which they came."""
    rows = db.session.execute(
        select(
            AttemptDevice.asked_at,
            AttemptDevice.granted_at,
            AttemptDevice.refused_at,
            Staff.name,
            (AttemptDevice.device_hash == Attempt.device_hash).label("holds"),
        )
        .join(Attempt, Attempt.id == AttemptDevice.attempt_id)
        .outerjoin(Staff, Staff.id == AttemptDevice.granted_by)
        .where(AttemptDevice.attempt_id == attempt.id)
        .order_by(AttemptDevice.asked_at, AttemptDevice.id)
    )
    return [
        Held(number, row.asked_at, row.granted_at, row.refused_at, row.name or "", bool(row.holds))
        for number, row in enumerate(rows, start=1)
    ]


def strays_of(attempt: AttemptFacts) -> list[Stray]:
    """The answers that did not count when they came, by time."""
    rows = db.session.execute(
        select(StrayAnswer, Staff.name)
        .outerjoin(Staff, Staff.id == StrayAnswer.taken_by)
        .where(StrayAnswer.attempt_id == attempt.id)
        .order_by(StrayAnswer.received_at, StrayAnswer.id)
    )
    return [
        Stray(one.id, one.position, one.answer, one.kind, one.received_at, one.taken_at, by or "") for one, by in rows
    ]


def changes_of(attempt: AttemptFacts) -> Sequence[ByHand]:
    """Every change by hand, those that were taken back too."""
    undone = aliased(Staff)
    rows = db.session.execute(
        select(Adjustment, Staff.name, undone.name)
        .outerjoin(Staff, Staff.id == Adjustment.staff_id)
        .outerjoin(undone, undone.id == Adjustment.annulled_by)
        .where(Adjustment.attempt_id == attempt.id)
        .order_by(Adjustment.id)
    )
    return [
        ByHand(one.public_id, one.points, one.reason, one.at, by or "", one.annulled_at, undone_by or "")
        for one, by, undone_by in rows
    ]


def annul_reason_of(attempt: AttemptFacts) -> str:
    """Why it does not count; "" where it does."""
    return db.session.scalar(select(Attempt.annul_reason).where(Attempt.id == attempt.id)) or ""


def keys_for(attempt: AttemptFacts) -> Keys:
    """The versions that it shows, and what was decided about them."""
    return keys_of(db.session(), [attempt.sitting.paper_id], {item.version_id for item in attempt.items})
