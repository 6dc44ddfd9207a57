"""Batches and their lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, func, or_, select
from sqlalchemy.orm import selectinload

from classroom.certification.models import CertificateSettings, IssueBatch, IssueLine
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.learners.models import Learner
from classroom.online.models import Intake
from classroom.sessions.models import TrainingClass

#: Codes of rules.batches.problems_of, and "twin": the same name and birth as another line.
PROBLEMS = ("no_birth", "birth_year", "capitals", "odd_name", "no_unit", "class_and_intake", "revoked", "twin")


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines get a certificate, how many are left out by reason, how many to look at by problem."""

    issuing: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    problems: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One person of a batch as a page shows it."""

    id: int
    learner_id: str
    code: str
    facts: PrintedFacts
    left_out: str
    note: str
    problems: list[str]
    sort_key: str


def find_settings(organisation_id: int) -> CertificateSettings | None:
    """The organisation's numbering and approval, once somebody has set them."""
    return db.session.scalar(select(CertificateSettings).where(CertificateSettings.organisation_id == organisation_id))


def get_batch(actor: Actor, public_id: str) -> IssueBatch:
    """A batch of the actor's organisation; raises NotFound."""
    found = db.session.scalar(
        select(IssueBatch)
        .where(IssueBatch.public_id == public_id, IssueBatch.organisation_id == actor.organisation_id)
        .options(selectinload(IssueBatch.course))
    )
    if found is None:
        raise NotFound
    return found


def batches_of(course_id: int) -> Sequence[IssueBatch]:
    """Batches of a course, the newest first."""
    query = select(IssueBatch).where(IssueBatch.course_id == course_id)
    return db.session.scalars(query.order_by(IssueBatch.number.desc())).all()


def count_lines(batch_id: int) -> LineCounts:
    """What the lines amount to."""
    rows = db.session.execute(
        select(IssueLine.left_out, func.count()).where(IssueLine.batch_id == batch_id).group_by(IssueLine.left_out)
    )
    by_reason = {row[0]: row[1] for row in rows}
    sums = [func.sum(case((_has(code), 1), else_=0)).label(code) for code in PROBLEMS]
    found = db.session.execute(
        select(*sums).where(IssueLine.batch_id == batch_id, IssueLine.left_out == "", IssueLine.problems != "")
    ).one()
    problems = {code: int(count) for code, count in zip(PROBLEMS, found, strict=True) if count}
    return LineCounts(by_reason.pop("", 0), by_reason, problems)


def _has(code: str) -> ColumnElement[bool]:
    return IssueLine.problems.contains(f" {code} ", autoescape=True)


def lines(
    batch_id: int, *, show: str = "", text: str = "", after: tuple[str, int] | None = None, limit: int = 100
) -> list[PreviewLine]:
    """Lines in the order of the annex; `show` is a problem, "left_out", "any" (of the problems) or "" for all."""
    query = _shown(batch_id, show)
    if text.strip():
        query = query.where(Learner.name_fold.contains(fold(text), autoescape=True))
    if after:
        key, last = after
        query = query.where(or_(IssueLine.sort_key > key, and_(IssueLine.sort_key == key, IssueLine.id > last)))
    rows = db.session.execute(query.order_by(IssueLine.sort_key, IssueLine.id).limit(limit))
    return [_line(row) for row in rows]


def _shown(batch_id: int, show: str) -> Select[Any]:
    query = (
        select(
            IssueLine.id,
            IssueLine.facts,
            IssueLine.left_out,
            IssueLine.left_out_note,
            IssueLine.problems,
            IssueLine.sort_key,
            Learner.public_id,
            Learner.code,
        )
        .join(Learner, Learner.id == IssueLine.learner_id)
        .where(IssueLine.batch_id == batch_id)
    )
    if show == "left_out":
        return query.where(IssueLine.left_out != "")
    if show == "any":
        return query.where(IssueLine.left_out == "", IssueLine.problems != "")
    if show in PROBLEMS:
        return query.where(IssueLine.left_out == "", _has(show))
    return query


def _line(row: Row[Any]) -> PreviewLine:
    return PreviewLine(
        row.id,
        row.public_id,
        row.code,
        PrintedFacts.from_json(row.facts),
        row.left_out,
        row.left_out_note,
        row.problems.split(),
        row.sort_key,
    )


def annex_lines(batch_id: int, after: tuple[str, int] | None, limit: int) -> Sequence[Row[Any]]:
    """Facts of who gets a certificate, in the order of the annex and of the numbers."""
    query = select(IssueLine.id, IssueLine.sort_key, IssueLine.facts, IssueLine.class_id, IssueLine.intake_id).where(
        IssueLine.batch_id == batch_id, IssueLine.left_out == ""
    )
    if after:
        key, last = after
        query = query.where(or_(IssueLine.sort_key > key, and_(IssueLine.sort_key == key, IssueLine.id > last)))
    return db.session.execute(query.order_by(IssueLine.sort_key, IssueLine.id).limit(limit)).all()


def all_annex_lines(batch_id: int, size: int = 2000) -> list[Row[Any]]:
    """All of them, read in pieces."""
    found: list[Row[Any]] = []
    piece = annex_lines(batch_id, None, size)
    while piece:
        found.extend(piece)
        piece = annex_lines(batch_id, (piece[-1].sort_key, piece[-1].id), size)
    return found


def group_key(course_id: int, model: type[TrainingClass] | type[Intake], public_id: str) -> int:
    """The inner key of a class or intake of the course; raises NotFound."""
    found = db.session.scalar(select(model.id).where(model.course_id == course_id, model.public_id == public_id))
    if found is None:
        raise NotFound
    return found
