"""Choose how certificates look."""

import hashlib

from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.certification.models import CertificateTemplate
from classroom.certification.queries.designs import find_template
from classroom.certification.rules.designs import Design
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.models import StoredFile
from classroom.core.pictures import encode_anew
from classroom.sessions.queries import get_course


def save_design(
    course_id: str | None, design: Design, *, logo: bytes | None = None, keep_logo: bool = True, actor: Actor
) -> CertificateTemplate:
    """Keep the design of a course (by its public id) or, with None, of all that have none of their own.

    `logo` is a picture as it was uploaded and is kept as we write it anew. Raises Invalid `design.*`, `picture.*`.
    """
    actor.require("certificate.manage")
    checked = design.checked()
    encoded = encode_anew(logo) if logo else None
    with transaction() as session:
        course = get_course(actor, course_id) if course_id else None
        template = find_template(actor.organisation_id, course.id if course else None)
        if template is None:
            template = CertificateTemplate(
                organisation_id=actor.organisation_id,
                course_id=course.id if course else None,
                logo_file_id=_inherited(actor) if keep_logo and course else None,
            )
            session.add(template)
        template.settings = checked.as_json()
        template.updated_at, template.updated_by = now(), actor.staff_id
        if encoded:
            template.logo_file_id = _store(session, encoded.content, encoded.media_type, actor)
        elif not keep_logo:
            template.logo_file_id = None
        session.flush()
        facts = {"course": course_id or "", "logo": template.logo_file_id is not None}
        record("certificate.design_saved", "certificate_template", template.id, actor=actor, facts=facts)
        return template


def drop_design(course_id: str, *, actor: Actor) -> None:
    """Let a course have the design of all others again; nothing happens where it has none of its own."""
    actor.require("certificate.manage")
    with transaction() as session:
        course = get_course(actor, course_id)
        template = find_template(actor.organisation_id, course.id)
        if template is None:
            return
        record("certificate.design_dropped", "certificate_template", template.id, actor=actor, facts={})
        session.delete(template)


def _inherited(actor: Actor) -> int | None:
    common = find_template(actor.organisation_id, None)
    return common.logo_file_id if common else None


def _store(session: Session, content: bytes, media_type: str, actor: Actor) -> int:
    file = StoredFile(
        organisation_id=actor.organisation_id,
        purpose="certificate_logo",
        filename="logo.png" if media_type == "image/png" else "logo.jpg",
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        created_at=now(),
    )
    session.add(file)
    session.flush()
    return file.id
