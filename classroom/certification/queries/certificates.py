"""Certificates: one with its history, and many by number, name, unit, code and state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, and_, func, or_, select, tuple_
from sqlalchemy.orm import defer, selectinload

from classroom.accounts.models import Staff
from classroom.certification.models import Certificate, CertificateEvent, RuleVersion
from classroom.certification.rules.codes import parse_code
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold

STATES = ("issued", "revoked", "replaced", "void")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody looks for; empty fields say nothing."""

    text: str = ""
    unit: str = ""
    state: str = ""
    course_id: int | None = None
    batch_id: int | None = None
    year: int | None = None


def get_certificate(actor: Actor, public_id: str) -> Certificate:
    """A certificate of the actor's organisation; raises NotFound."""
    found = db.session.scalar(
        select(Certificate)
        .where(Certificate.public_id == public_id, Certificate.organisation_id == actor.organisation_id)
        .options(selectinload(Certificate.batch), selectinload(Certificate.learner))
    )
    if found is None:
        raise NotFound
    return found


def find_by_key(organisation_id: int, certificate_id: int | None) -> Certificate | None:
    """The certificate that another one names by its inner key."""
    if certificate_id is None:
        return None
    return db.session.scalar(
        select(Certificate).where(Certificate.id == certificate_id, Certificate.organisation_id == organisation_id)
    )


def history_of(one: Certificate) -> Sequence[Row[Any]]:
    """What was done about it, the oldest first, with who did it."""
    query = select(CertificateEvent, Staff.name).outerjoin(Staff, Staff.id == CertificateEvent.staff_id)
    return db.session.execute(
        query.where(CertificateEvent.certificate_id == one.id).order_by(CertificateEvent.id)
    ).all()


def search(
    organisation_id: int, wanted: Wanted, *, before: tuple[int, int] | None = None, limit: int = 50
) -> Sequence[Certificate]:
    """The newest numbers first; `before` (year, serial) continues an earlier page."""
    query = select(Certificate).where(Certificate.organisation_id == organisation_id)
    query = _narrowed(query, organisation_id, wanted)
    if before:
        query = query.where(tuple_(Certificate.year, Certificate.serial) < before)
    query = query.order_by(Certificate.year.desc(), Certificate.serial.desc()).limit(limit)
    return db.session.scalars(query.options(defer(Certificate.explanation))).all()


def count_found(organisation_id: int, wanted: Wanted) -> int:
    """How many there are in all."""
    query = select(func.count(Certificate.id)).where(Certificate.organisation_id == organisation_id)
    return db.session.scalar(_narrowed(query, organisation_id, wanted)) or 0


def _narrowed(query: Select[Any], organisation_id: int, wanted: Wanted) -> Select[Any]:
    if wanted.text.strip():
        query = query.where(_named(organisation_id, wanted.text))
    if wanted.unit.strip():
        query = query.where(Certificate.unit_fold.contains(fold(wanted.unit), autoescape=True))
    for column, value in (
        (Certificate.state, wanted.state),
        (Certificate.course_id, wanted.course_id),
        (Certificate.batch_id, wanted.batch_id),
        (Certificate.year, wanted.year),
    ):
        if value:
            query = query.where(column == value)
    return query


def _named(organisation_id: int, text: str) -> Any:
    """By number, code, or name: the name in an index of its own, so that nothing printed is read meanwhile."""
    typed = " ".join(text.split())
    if code := parse_code(typed):
        return or_(Certificate.code == code, Certificate.number == typed)
    if typed.isascii() and typed.isdigit():
        return or_(Certificate.serial == int(typed[:9]), Certificate.number.startswith(typed, autoescape=True))
    if any(c.isdigit() for c in typed):
        return Certificate.number.contains(typed, autoescape=True)
    alike = select(Certificate.id).where(
        and_(
            Certificate.organisation_id == organisation_id, Certificate.name_fold.contains(fold(typed), autoescape=True)
        )
    )
    return Certificate.id.in_(alike)


def years_of(organisation_id: int) -> Sequence[int]:
    """Years with certificates, the newest first."""
    query = select(Certificate.year).where(Certificate.organisation_id == organisation_id).distinct()
    return db.session.scalars(query.order_by(Certificate.year.desc())).all()


def rule_of(one: Certificate) -> RuleVersion | None:
    """The version of the rule by which it was given."""
    return db.session.get(RuleVersion, one.rule_version_id) if one.rule_version_id else None


def approver_of(one: Certificate) -> str:
    """Who approved it."""
    return db.session.scalar(select(Staff.name).where(Staff.id == one.approved_by)) or ""
