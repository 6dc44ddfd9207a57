"""Attempts that count for nothing, kept with their reason."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.services.locking import bump
from classroom.attendance.services.scanning import NEW_SCAN
from classroom.core.clock import now

if TYPE_CHECKING:
    from classroom.attendance.services.tablets.visiting import Visit

MALFORMED = "tablet"


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


def keep_malformed(visit: "Visit", content_hash: str) -> None:
    """Keep that something unreadable came; the same again adds nothing."""
    keep_scan(
        visit,
        None,
        source=MALFORMED,
        uuid=content_hash,
        outcome="refused",
        refusal="item.malformed",
        scanned_at=now(),
        content_hash=content_hash,
    )
