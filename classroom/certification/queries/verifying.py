"""The one read behind the page of verification."""

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from classroom.accounts.models import Organisation
from classroom.certification.models import Certificate, IssueBatch
from classroom.certification.rules.verifying import Asked
from classroom.core.prepared import Prepared
from classroom.sessions.models import Course

_NEWER = aliased(Certificate)
#: A room full of phones may ask at once.
_BY_CODE = Prepared(
    lambda _insert: (
        select(
            Certificate.code,
            Certificate.state,
            Certificate.number,
            Certificate.facts,
            IssueBatch.design,
            Organisation.name.label("organisation"),
            Organisation.time_zone,
            Course.name.label("course"),
            Certificate.issued_on,
            Certificate.erased_at,
            Certificate.revoked_at,
            Certificate.revoke_reason,
            Certificate.replaced_at,
            _NEWER.code.label("replaced_by"),
        )
        .join(IssueBatch, IssueBatch.id == Certificate.batch_id)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .join(Course, Course.id == Certificate.course_id)
        .outerjoin(_NEWER, _NEWER.id == Certificate.replaced_by_id)
        .where(Certificate.code == bindparam("wanted"))
    )
)


def find_by_code(code: str) -> Asked | None:
    """The certificate of this code, of whichever organisation."""
    row = _BY_CODE.first(wanted=code)
    if row is None:
        return None
    return Asked(
        code=row.code,
        state=row.state,
        number=row.number,
        facts=row.facts,
        design=row.design,
        organisation=row.organisation,
        time_zone=row.time_zone,
        course=row.course,
        issued_on=row.issued_on.isoformat(),
        erased=row.erased_at is not None,
        revoked_at=row.revoked_at,
        revoke_reason=row.revoke_reason,
        replaced_at=row.replaced_at,
        replaced_by=row.replaced_by or "",
    )
