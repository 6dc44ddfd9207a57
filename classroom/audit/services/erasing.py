"""Take the personal part away from entries about somebody who was erased; entry and digest stay in the chain."""

from collections.abc import Iterable

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from classroom.audit.models import AuditEntry, AuditPayload
from classroom.core.erasing import Traces

#: Entries about other people keep theirs though somebody of the same name was erased.
_OTHER_PEOPLE = ("learner", "staff")


def erase_about(session: Session, organisation_id: int, subject_kind: str, subject_ids: Iterable[int]) -> int:
    """Erase the personal part of every entry about these subjects; returns how many."""
    own = AuditEntry.subject_kind == subject_kind, AuditEntry.subject_id.in_(list(subject_ids))
    return _erase(session, organisation_id, *own)


def erase_mentions(session: Session, organisation_id: int, traces: Traces) -> int:
    """Erase the personal parts that speak of the person in whatever entry; a part is erased whole or not at all.

    In entries about other people only what is this person's alone counts: a namesake, and a spouse with whom the phone
    is shared, keep what is told of them.
    """
    alone = traces.alone().mentions(AuditPayload.details)
    named = AuditEntry.subject_kind.not_in(_OTHER_PEOPLE) & traces.mentions(AuditPayload.details)
    return _erase(session, organisation_id, or_(alone, named))


def _erase(session: Session, organisation_id: int, *conditions: ColumnElement[bool]) -> int:
    entries = (
        select(AuditPayload.entry_id)
        .join(AuditEntry, AuditEntry.id == AuditPayload.entry_id)
        .where(AuditEntry.organisation_id == organisation_id, *conditions)
    )
    keys = list(session.scalars(entries))
    session.execute(delete(AuditPayload).where(AuditPayload.entry_id.in_(keys)))
    return len(keys)
