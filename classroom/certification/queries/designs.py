"""Which design a certificate has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from classroom.certification.models import CertificateSettings, CertificateTemplate, IssueBatch
from classroom.certification.rules.designs import Design
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.sessions.models import Course


@dataclass(frozen=True, slots=True)
class Chosen:
    """A design with its logo; `own` tells whether the course has one of its own."""

    design: Design
    logo: bytes = b""
    logo_file_id: int | None = None
    own: bool = False


def find_template(organisation_id: int, course_id: int | None) -> CertificateTemplate | None:
    """The design of a course, or with None that of all courses that have none."""
    return db.session.scalar(
        select(CertificateTemplate)
        .options(joinedload(CertificateTemplate.logo))
        .where(
            CertificateTemplate.organisation_id == organisation_id,
            CertificateTemplate.course_id.is_(None)
            if course_id is None
            else CertificateTemplate.course_id == course_id,
        )
    )


def design_of(organisation_id: int, course_id: int | None) -> Chosen:
    """The design of a course, else the organisation's, else the one that everybody begins with."""
    own = find_template(organisation_id, course_id)
    template = own or (find_template(organisation_id, None) if course_id is not None else None)
    if template is None:
        return Chosen(Design())
    logo = template.logo.content if template.logo else b""
    return Chosen(Design.from_json(template.settings), logo, template.logo_file_id, own is not None)


def design_of_batch(batch: IssueBatch) -> Chosen:
    """The design that was frozen when the batch was approved; one without any takes that of its course."""
    if not batch.design:
        return design_of(batch.organisation_id, batch.course_id)
    logo = batch.logo.content if batch.logo else b""
    return Chosen(Design.from_json(batch.design), logo, batch.logo_file_id)


def courses_with_designs(actor: Actor) -> Sequence[tuple[Course, bool]]:
    """All courses, each with whether it has a design of its own."""
    rows = db.session.execute(
        select(Course, CertificateTemplate.id)
        .outerjoin(CertificateTemplate, CertificateTemplate.course_id == Course.id)
        .options(joinedload(Course.programme))
        .where(Course.organisation_id == actor.organisation_id)
        .order_by(Course.name, Course.id)
    )
    return [(course, template is not None) for course, template in rows]


def verify_root(organisation_id: int, public_url: str) -> str:
    """The address that answers for certificates: the organisation's own setting, else that of the pages."""
    own = db.session.scalar(
        select(CertificateSettings.verify_url).where(CertificateSettings.organisation_id == organisation_id)
    )
    return own or public_url
