"""Write entries; each belongs to the transaction of the change it tells of."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert

from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction


def record(
    action: str,
    subject_kind: str,
    subject_id: int | None,
    *,
    actor: Actor,
    facts: Mapping[str, Any] | None = None,
    personal: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry: `facts` are ids, codes and counts; `personal` may be erased later.

    Both must be JSON values.
    """
    personal = json.loads(json.dumps(personal)) if personal else None  # as it will be read again
    salt = secrets.token_bytes(16) if personal else b""
    with transaction() as session:
        entry_id = session.execute(
            insert(AuditEntry).returning(AuditEntry.id),
            {
                "organisation_id": actor.organisation_id,
                "at": now(),
                "actor_kind": actor.kind,
                "staff_id": actor.staff_id,
                "actor_name": actor.name,
                "action": action,
                "subject_kind": subject_kind,
                "subject_id": subject_id,
                "facts": dict(facts or {}),
                "payload_digest": digest(salt, personal) if personal else None,
                "origin": actor.origin,
            },
        ).scalar_one()
        if personal:
            session.execute(insert(AuditPayload), {"entry_id": entry_id, "salt": salt, "details": dict(personal)})


def digest(salt: bytes, details: Mapping[str, Any]) -> bytes:
    """The salted digest by which an entry vouches for its payload."""
    text = json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(salt + text.encode()).digest()
