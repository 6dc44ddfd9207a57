"""Read the log and its chain."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import func, select

from classroom.audit.models import AuditEntry, AuditPayload, AuditSeal
from classroom.core.db import db

#: How far below the newest link a late entry is looked for; more are never written during one transaction.
_LATE = 50_000


class Line(NamedTuple):
    """An entry with its personal part, if that still exists."""

    entry: AuditEntry
    personal: dict[str, Any]


class Link(NamedTuple):
    """A link of the chain with what it vouches for; an entry that is gone is None."""

    seal: AuditSeal
    entry: AuditEntry | None
    payload: AuditPayload | None


class Page(NamedTuple):
    """A page of the log, and whether there is more on either side."""

    lines: Sequence[Line]
    has_older: bool
    has_newer: bool


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


def page(
    organisation_id: int, *, prefix: str = "", before_id: int | None = None, after_id: int | None = None, size: int = 50
) -> Page:
    """A page of the log, newest first, older than one entry or newer than another."""
    query = (
        select(AuditEntry, AuditPayload.details)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditEntry.id)
        .where(AuditEntry.organisation_id == organisation_id)
    )
    if prefix:
        query = query.where(AuditEntry.action.startswith(prefix, autoescape=True))
    if after_id is not None:
        query = query.where(AuditEntry.id > after_id).order_by(AuditEntry.id)
    else:
        query = query.order_by(AuditEntry.id.desc())
        query = query.where(AuditEntry.id < before_id) if before_id is not None else query
    found = [Line(entry, details or {}) for entry, details in db.session.execute(query.limit(size + 1))]
    more, lines = len(found) > size, found[:size]
    if after_id is not None:
        return Page(lines[::-1], has_older=True, has_newer=more)
    return Page(lines, has_older=more, has_newer=before_id is not None)


def last_seal() -> AuditSeal | None:
    """The end of the chain."""
    return db.session.scalar(select(AuditSeal).order_by(AuditSeal.number.desc()).limit(1))


def unsealed(limit: int) -> Sequence[AuditEntry]:
    """Committed entries without a link, in id order."""
    newest = select(func.coalesce(func.max(AuditSeal.entry_id), 0)).scalar_subquery()
    query = (
        select(AuditEntry)
        .outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
        .where(AuditSeal.number.is_(None), AuditEntry.id > newest - _LATE)
        .order_by(AuditEntry.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def count_unsealed() -> int:
    """How many entries wait for the sealer."""
    query = select(func.count(AuditEntry.id)).outerjoin(AuditSeal, AuditSeal.entry_id == AuditEntry.id)
    return db.session.scalar(query.where(AuditSeal.number.is_(None))) or 0


def chain(after_number: int, limit: int) -> Sequence[Link]:
    """Links in their order, with what they vouch for."""
    query = (
        select(AuditSeal, AuditEntry, AuditPayload)
        .outerjoin(AuditEntry, AuditEntry.id == AuditSeal.entry_id)
        .outerjoin(AuditPayload, AuditPayload.entry_id == AuditSeal.entry_id)
        .where(AuditSeal.number > after_number)
        .order_by(AuditSeal.number)
        .limit(limit)
    )
    db.session.expunge_all()  # a long chain must not pile up in memory
    return [Link(*row) for row in db.session.execute(query)]


def orphan_payloads() -> Sequence[int]:
    """Entries that have a personal part though they promise none."""
    query = select(AuditPayload.entry_id).join(AuditEntry, AuditEntry.id == AuditPayload.entry_id)
    return db.session.scalars(query.where(AuditEntry.payload_digest.is_(None)).order_by(AuditPayload.entry_id)).all()
