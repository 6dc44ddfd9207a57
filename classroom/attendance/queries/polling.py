"""The read that boards make every second and a half: one hand-written statement that also guards the door."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine

from classroom.accounts.rules import has_gone_idle
from classroom.core.db import read_one

_SEEN_VERSION = """
SELECT staff_session.last_seen_at, staff_session.idle_minutes, staff_session.expires_at, register.version
FROM staff_session
JOIN staff ON staff.id = staff_session.staff_id
JOIN organisation ON organisation.id = staff.organisation_id
JOIN class_session ON class_session.public_id = :session AND class_session.organisation_id = staff.organisation_id
JOIN register ON register.class_session_id = class_session.id
WHERE staff_session.token_hash = :token AND staff_session.ended_at IS NULL
AND staff.disabled_at IS NULL AND organisation.disabled_at IS NULL
AND EXISTS (SELECT 1 FROM staff_role WHERE staff_role.staff_id = staff.id AND staff_role.last_on IS NULL AND (
  staff_role.role IN ('administrator', 'coordinator', 'viewer')
  OR EXISTS (SELECT 1 FROM class_trainer
    WHERE class_trainer.class_id = class_session.class_id AND class_trainer.staff_id = staff.id)
  OR EXISTS (SELECT 1 FROM class_session AS taught
    WHERE taught.class_id = class_session.class_id
    AND (taught.trainer_id = staff.id OR taught.substitute_id = staff.id))
))
"""


def find_seen_version(token_hash: bytes, session_public_id: str, at: datetime, engine: Engine) -> int | None:
    """The register's version if this sign-in lives and may see the board; None sends the caller the long way.

    It never says yes where the long way would say no. It may say None where that would say yes: a role with a
    last day, a register not yet touched.
    """
    row = read_one(_SEEN_VERSION, {"token": token_hash, "session": session_public_id}, engine)
    if row is None or at >= _instant(row[2]) or has_gone_idle(_instant(row[0]), row[1], at):
        return None
    version: int = row[3]
    return version


def _instant(value: Any) -> datetime:
    """Instants come from SQLite as the text that was stored, in UTC."""
    return datetime.fromisoformat(value).replace(tzinfo=UTC) if isinstance(value, str) else value
