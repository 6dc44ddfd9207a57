"""Read the log."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core.db import db


class Line(NamedTuple):
    """An entry with its personal part, if that still exists."""

    entry: AuditEntry
    personal: dict[str, Any]


def entries(
    organisation_id: int,
    *,
    subject: tuple[str, int] | None = None,
    action_prefix: str = "",
    before_id: int | None = None,
    limit: int = 100,
) -> Sequence[Line]:
    """The newest entries first; `before_id` continues an earlier page."""
    query = (
        select(AuditEntry, AuditPayload.details)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(AuditEntry.organisation_id == organisation_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if subject:
        query = query.where(AuditEntry.subject_kind == subject[0], AuditEntry.subject_id == subject[1])
    if action_prefix:
        query = query.where(AuditEntry.action.startswith(action_prefix, autoescape=True))
    if before_id:
        query = query.where(AuditEntry.id < before_id)
    return [Line(entry, details or {}) for entry, details in db.session.execute(query)]
