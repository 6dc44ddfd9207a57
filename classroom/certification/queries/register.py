"""The register: every number ever given, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.orm import aliased

from classroom.audit import queries as audit
from classroom.audit.services.sealing import printed
from classroom.certification.models import Certificate
from classroom.core.db import db

#: Numbers in one volume: what a request can typeset while somebody waits.
VOLUME = 1000
_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Narrowed:
    """Which numbers: of a year, perhaps of one course or batch only."""

    organisation_id: int
    year: int
    course_id: int | None = None
    batch_id: int | None = None


@dataclass(frozen=True, slots=True)
class Volume:
    """A bound part of the register: its first and last serial number, and how many rows it has."""

    first: int
    last: int
    count: int


def _where(query: Select[Any], wanted: Narrowed) -> Select[Any]:
    query = query.where(Certificate.organisation_id == wanted.organisation_id, Certificate.year == wanted.year)
    if wanted.course_id is not None:
        query = query.where(Certificate.course_id == wanted.course_id)
    return query.where(Certificate.batch_id == wanted.batch_id) if wanted.batch_id is not None else query


def volumes(wanted: Narrowed) -> list[Volume]:
    """The volumes that hold something; a volume begins at 1, 1001, 2001…, so that a bound one stays as it is."""
    whole = (Certificate.serial - 1) // VOLUME
    query = _where(
        select(whole, func.min(Certificate.serial), func.max(Certificate.serial), func.count(Certificate.id)), wanted
    )
    rows = db.session.execute(query.group_by(whole).order_by(whole))
    return [Volume(int(row[0]) * VOLUME + 1, int(row[2]), int(row[3])) for row in rows]


def register_rows(wanted: Narrowed, first: int = 1, last: int | None = None) -> list[Row[Any]]:
    """Rows from one serial number to another, read in pieces."""
    found: list[Row[Any]] = []
    while True:
        piece = _piece(wanted, first, last)
        found.extend(piece)
        if len(piece) < _AT_ONCE:
            return found
        first = piece[-1].serial + 1


def register_page(wanted: Narrowed, after: int, limit: int) -> Sequence[Row[Any]]:
    """Some rows from a serial number on, for the screen."""
    return db.session.execute(_rows(wanted).where(Certificate.serial > after).limit(limit)).all()


def _piece(wanted: Narrowed, first: int, last: int | None) -> Sequence[Row[Any]]:
    query = _rows(wanted).where(Certificate.serial >= first)
    if last is not None:
        query = query.where(Certificate.serial <= last)
    return db.session.execute(query.limit(_AT_ONCE)).all()


def _rows(wanted: Narrowed) -> Select[Any]:
    after, before = aliased(Certificate), aliased(Certificate)
    query = select(
        Certificate.public_id,
        Certificate.serial,
        Certificate.number,
        Certificate.code,
        Certificate.state,
        Certificate.facts,
        Certificate.issued_on,
        Certificate.revoked_at,
        Certificate.revoke_reason,
        Certificate.replaced_at,
        Certificate.void_reason,
        Certificate.handed_out_at,
        Certificate.handed_out_to,
        after.number.label("replaced_by"),
        before.number.label("replaces"),
    )
    query = query.outerjoin(after, after.id == Certificate.replaced_by_id)
    query = query.outerjoin(before, before.id == Certificate.replaces_id)
    return _where(query, wanted).order_by(Certificate.serial)


def count_by_state(wanted: Narrowed) -> dict[str, int]:
    """How many numbers are in which state."""
    rows = db.session.execute(
        _where(select(Certificate.state, func.count(Certificate.id)), wanted).group_by(Certificate.state)
    )
    return {row[0]: row[1] for row in rows}


def chain_head() -> str:
    """The end of the audit log's chain in the form that is printed; what waits is sealed by the periodic task."""
    seal = audit.last_seal()
    return printed(seal) if seal else ""
