"""The one read behind the page of verification."""

from typing import Any, cast

from sqlalchemy import select
from sqlalchemy.orm import aliased

from classroom.accounts.models import Organisation
from classroom.certification.models import Certificate, IssueBatch
from classroom.certification.rules.verifying import Asked
from classroom.core.db import db
from classroom.sessions.models import Course


def find_by_code(code: str) -> Asked | None:
    """The certificate of this code, of whichever organisation; columns alone, since a room full of phones may ask."""
    newer = aliased(Certificate)
    row = db.session.execute(
        select(
            Certificate.code,
            Certificate.state,
            Certificate.number,
            Certificate.facts,
            IssueBatch.design,
            Organisation.name,
            Organisation.time_zone,
            Course.name,
            Certificate.issued_on,
            Certificate.erased_at,
            Certificate.revoked_at,
            Certificate.revoke_reason,
            Certificate.replaced_at,
            newer.code,
        )
        .join(IssueBatch, IssueBatch.id == Certificate.batch_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .join(Course, Course.id == Certificate.course_id)
        .outerjoin(newer, newer.id == Certificate.replaced_by_id)
        .where(Certificate.code == code)
    ).first()
    if row is None:
        return None
    *same, issued_on, erased_at, revoked_at, reason, replaced_at, replaced_by = cast("tuple[Any, ...]", row)
    since: list[Any] = [revoked_at, reason, replaced_at, replaced_by or ""]
    return Asked(*[*same, issued_on.isoformat(), erased_at is not None, *since])
