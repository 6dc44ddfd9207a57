"""Attempts that count for nothing, kept with their reason."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import null, update
from sqlalchemy.orm import Session

from classroom.attendance.models import KeptItem
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.services.locking import bump
from classroom.attendance.services.scanning import NEW_SCAN
from classroom.core.clock import now
from classroom.core.prepared import Prepared

if TYPE_CHECKING:
    from classroom.attendance.services.tablets.visiting import Visit

MALFORMED = "tablet"
#: So much of what cannot be read is kept.
_MOST = 4000
_KEPT: Any = KeptItem.__table__
_NEW_KEPT = Prepared(
    lambda insert: insert(_KEPT).on_conflict_do_nothing().returning(_KEPT.c.id),
    [column.name for column in _KEPT.c if column.name != "id"],
)


def keep_scan(
    visit: "Visit",
    facts: SessionFacts | None,
    *,
    source: str,
    uuid: str,
    outcome: str,
    refusal: str,
    scanned_at: datetime,
    content_hash: str = "",
    **known: Any,
) -> int | None:
    """Write an attempt that makes no mark; None when it has been written before. Tells the board of its session."""
    made = NEW_SCAN.first(
        organisation_id=visit.organisation_id,
        class_session_id=facts.id if facts else None,
        source=source,
        uuid=uuid,
        content_hash=content_hash,
        scanned_at=scanned_at,
        received_at=now(),
        direction=known.get("direction", "in"),
        tablet_id=visit.tablet_id,
        staff_id=known.get("staff_id"),
        device_at=known.get("device_at"),
        learner_id=known.get("learner_id"),
        enrolment_id=known.get("enrolment_id"),
        binding_id=None,
        outcome=outcome,
        refusal=refusal,
        answer={"refusal": refusal},
    )
    if facts is not None:
        bump(facts.id)
    return int(made.id) if made is not None else None


def keep_texts(
    visit: "Visit", scan_id: int, *, uuid: str, kind: str, session: str = "", texts: Mapping[str, str]
) -> None:
    """Keep what was scanned or typed as it came, for an attempt that nobody was found for."""
    _NEW_KEPT.first(
        organisation_id=visit.organisation_id,
        tablet_id=visit.tablet_id,
        scan_id=scan_id,
        uuid=uuid,
        kind=kind,
        session=session,
        texts=dict(texts),
    )


def erase_texts(session: Session, scan_id: int) -> None:
    """Erase what was typed about a walk-in that was taken back before anybody decided."""
    session.execute(update(KeptItem).where(KeptItem.scan_id == scan_id).values(texts=null()))


def keep_malformed(visit: "Visit", uuid: str, text: str) -> None:
    """Keep something unreadable as it came; the same again adds nothing."""
    content_hash = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    scan_id = keep_scan(
        visit,
        None,
        source=MALFORMED,
        uuid=content_hash,
        outcome="refused",
        refusal="item.malformed",
        scanned_at=now(),
        content_hash=content_hash,
    )
    if scan_id is not None:
        name = uuid if uuid.isascii() and uuid.isprintable() else ""
        keep_texts(visit, scan_id, uuid=name, kind=MALFORMED, texts={"sent": text[:_MOST]})
