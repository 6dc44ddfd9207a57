"""Read the devices of a room on which learners without a phone take a test."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from classroom.core.clock import now
from classroom.core.db import db
from classroom.exams.models import Attempt, Kiosk, Sitting
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.learners.models import Learner

#: How long a device of the room may show that an attempt has ended before it forgets.
KIOSK_LINGERS = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class KioskFacts:
    """A device of the room; `state` is waiting (for its six digits), running, finished (its attempt), or left."""

    public_id: str
    state: str
    pairing_code: str
    pairing_until: datetime
    attempt: str = ""
    sitting: str = ""
    name: str = ""


def find_kiosk(token_hash: bytes) -> KioskFacts | None:
    """The device behind a token, in whatever state it is."""
    row = db.session.execute(
        select(
            Kiosk.public_id,
            Kiosk.pairing_code,
            Kiosk.pairing_until,
            Kiosk.paired_at,
            Kiosk.left_at,
            Attempt.public_id,
            Attempt.state,
            Attempt.finished_at,
            Sitting.public_id,
            Learner.name,
        )
        .outerjoin(Attempt, Attempt.id == Kiosk.attempt_id)
        .outerjoin(Sitting, Sitting.id == Kiosk.sitting_id)
        .outerjoin(Learner, Learner.id == Kiosk.learner_id)
        .where(Kiosk.token_hash == token_hash)
    ).first()
    if row is None:
        return None
    state = _state(row[3], row[4], row[6], row[7])
    shown = state in {"running", "finished"}
    known = (row[5] or "", row[8] or "", row[9] or "") if shown else ("", "", "")
    return KioskFacts(row[0], state, row[1], row[2], *known)


def kiosks_of(sitting: SittingFacts) -> Sequence[Kiosk]:
    """The devices of the room that are in use, the first paired first."""
    return db.session.scalars(
        select(Kiosk).where(Kiosk.sitting_id == sitting.id, Kiosk.left_at.is_(None)).order_by(Kiosk.paired_at, Kiosk.id)
    ).all()


def waiting_kiosks(code: str, at: datetime) -> Sequence[Kiosk]:
    """The devices that show these six digits now: one, or none."""
    return db.session.scalars(
        select(Kiosk).where(
            Kiosk.pairing_code == code,
            Kiosk.pairing_until > at,
            Kiosk.paired_at.is_(None),
            Kiosk.left_at.is_(None),
        )
    ).all()


def _state(paired_at: datetime | None, left_at: datetime | None, state: str | None, ended: datetime | None) -> str:
    if left_at is not None:
        return "left"
    if paired_at is None:
        return "waiting"
    if state == "running":
        return "running"
    return "left" if ended is None or now() - ended > KIOSK_LINGERS else "finished"
