"""Read the screens of the rooms."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from classroom.attendance.models import Screen
from classroom.core.db import db


def find_screen(token_hash: bytes) -> Screen | None:
    """The screen behind a token, in whatever state it is."""
    return db.session.scalar(select(Screen).where(Screen.token_hash == token_hash))


def screens_of(class_session_id: int) -> Sequence[Screen]:
    """The living screens of a register, the first paired first."""
    return db.session.scalars(
        select(Screen)
        .where(Screen.class_session_id == class_session_id, Screen.revoked_at.is_(None))
        .order_by(Screen.paired_at, Screen.id)
    ).all()


def waiting_screens(code: str, at: datetime) -> Sequence[Screen]:
    """The screens that show these six digits now: one, or none."""
    return db.session.scalars(
        select(Screen).where(
            Screen.pairing_code == code,
            Screen.pairing_until > at,
            Screen.paired_at.is_(None),
            Screen.revoked_at.is_(None),
        )
    ).all()
