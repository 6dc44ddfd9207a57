"""One attempt, one device: a second one asks, the trainer's tap hands over, the first becomes a reader."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from classroom.attendance.services.flagging import on_conflict
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import NotFound, Refusal
from classroom.core.ids import public_id
from classroom.exams.models import Attempt, AttemptDevice, Kiosk, Sitting
from classroom.exams.services.locking import hold_sitting, lock_attempts_by_id

#: So many devices may ever ask for one attempt.
MOST_DEVICES = 20


def hand_over(sitting_id: str, device_public_id: str, *, actor: Actor) -> None:
    """Let the device that asks go on with the attempt; what the former one still sends is kept as evidence only."""
    with transaction() as session:
        sitting = hold_sitting(session, sitting_id, actor)
        device, attempt = _device(session, sitting, device_public_id)
        if attempt.state != "running":
            raise Refusal("attempt.finished")
        give(session, attempt, device, actor, now())


def refuse_device(sitting_id: str, device_public_id: str, *, actor: Actor) -> None:
    """Say no to the device that asks; the one that holds the attempt goes on."""
    with transaction() as session:
        sitting = hold_sitting(session, sitting_id, actor)
        device, attempt = _device(session, sitting, device_public_id)
        if attempt.device_hash == device.device_hash:
            raise Refusal("attempt.has_device")
        device.refused_at = now()
        record("attempt.device_refused", "attempt", attempt.id, actor=actor)


def ask_for(attempt_id: int, device_hash: bytes, at: datetime) -> None:
    """Show on the board that this device wants to go on with the attempt; raises `attempt.too_many_devices`."""
    asking = select(func.count(AttemptDevice.id)).where(
        AttemptDevice.attempt_id == attempt_id, AttemptDevice.device_hash != device_hash
    )
    if (db.session.scalar(asking) or 0) >= MOST_DEVICES:
        raise Refusal("attempt.too_many_devices")
    note(db.session(), attempt_id, device_hash, at)


def note(session: Session, attempt_id: int, device_hash: bytes, at: datetime) -> None:
    """Write down that a device has to do with the attempt; it is not let in by that."""
    session.execute(
        on_conflict(session, AttemptDevice.__table__)
        .values(public_id=public_id(), attempt_id=attempt_id, device_hash=device_hash, asked_at=at)
        .on_conflict_do_update(index_elements=["attempt_id", "device_hash"], set_={"asked_at": at})
    )


def give(session: Session, attempt: Attempt, device: AttemptDevice, actor: Actor, at: datetime) -> None:
    """Make the device the one that may write; the attempt is locked. A device of the room that loses it forgets it."""
    if attempt.device_hash == device.device_hash:
        return
    session.execute(
        update(Kiosk)
        .where(Kiosk.attempt_id == attempt.id, Kiosk.token_hash != device.device_hash, Kiosk.left_at.is_(None))
        .values(left_at=at)
    )
    is_kiosk = session.scalar(select(Kiosk.id).where(Kiosk.token_hash == device.device_hash)) is not None
    attempt.source = "kiosk" if is_kiosk else "phone"
    attempt.device_hash, attempt.device_number = device.device_hash, attempt.device_number + 1
    attempt.last_seen_at = at
    device.granted_at, device.granted_by = at, actor.staff_id
    session.flush()
    record("attempt.handed_over", "attempt", attempt.id, actor=actor, facts={"device": attempt.device_number})


def _device(session: Session, sitting: Sitting, device_public_id: str) -> tuple[AttemptDevice, Attempt]:
    found: Any = session.execute(
        select(AttemptDevice, Attempt.id)
        .join(Attempt, Attempt.id == AttemptDevice.attempt_id)
        .where(AttemptDevice.public_id == device_public_id, Attempt.sitting_id == sitting.id)
    ).first()
    if found is None:
        raise NotFound
    (attempt,) = lock_attempts_by_id(session, [found[1]])
    session.refresh(found[0])
    return found[0], attempt
