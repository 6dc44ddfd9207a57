"""Ask the trainer to look at something odd; it never blocks anybody."""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.attendance.models import Flag
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.core.ids import public_id


def on_conflict(session: Session, table: Any) -> Any:
    """An INSERT of the session's own dialect, which knows ON CONFLICT."""
    return (sqlite if session.get_bind().dialect.name == "sqlite" else postgresql).insert(table)


def raise_flag(
    session: Session,
    facts: SessionFacts,
    kind: str,
    scan_id: int,
    enrolment_id: int,
    at: datetime,
    other_learner_id: int | None = None,
) -> None:
    """Raise a flag of a kind (second_learner, contradicted, not_me) once for the same scan."""
    session.execute(
        on_conflict(session, Flag.__table__).on_conflict_do_nothing(),
        {
            "public_id": public_id(),
            "organisation_id": facts.organisation_id,
            "class_session_id": facts.id,
            "kind": kind,
            "scan_id": scan_id,
            "enrolment_id": enrolment_id,
            "other_learner_id": other_learner_id,
            "created_at": at,
            "decision": "",
        },
    )
