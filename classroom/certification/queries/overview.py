"""Courses with what is decided, what is issued, and what comes next."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import selectinload

from classroom.certification.models import Certificate, IssueBatch, Outcome, RuleVersion
from classroom.certification.queries.outcomes import is_counted
from classroom.certification.queries.printed import (
    count_waiting,
    counts_by_class,
    counts_by_intake,
    is_certified,
    of_scope,
)
from classroom.certification.rules.batches import Scope
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.online.models import Intake
from classroom.sessions.models import Course, Programme, TrainingClass

_OPEN = ("draft", "submitted", "approved", "issuing")


@dataclass(frozen=True)
class CourseLine:
    """One course; `next_step` is a code: "rule", "evaluate", "prepare", "finish" (an open batch) or ""."""

    course: Course
    has_rule: bool
    outcomes: dict[str, int]
    waiting: int
    states: dict[str, int]
    batches: list[IssueBatch] = field(default_factory=list)

    @property
    def open_batches(self) -> list[IssueBatch]:
        """Those that are neither issued nor cancelled."""
        return [one for one in self.batches if one.state in _OPEN]

    @property
    def next_step(self) -> str:
        """What somebody has to do now."""
        if not self.has_rule and not self.outcomes:
            return "rule"
        if not self.outcomes:
            return "evaluate"
        if self.open_batches:
            return "finish"
        return "prepare" if self.waiting else ""


def course_lines(organisation_id: int) -> list[CourseLine]:
    """The courses of programmes that have not ended, the newest programme first."""
    courses = db.session.scalars(
        select(Course)
        .join(Programme)
        .where(Course.organisation_id == organisation_id, Programme.closed_at.is_(None))
        .order_by(Programme.created_at.desc(), Programme.id.desc(), Course.id)
        .options(selectinload(Course.programme))
    ).all()
    of_all = Outcome.organisation_id == organisation_id
    outcomes = _counts(Outcome.course_id, Outcome.decision, of_all, is_counted())
    states = _counts(Certificate.course_id, Certificate.state, Certificate.organisation_id == organisation_id)
    waiting = {one.id: count_waiting(one.id, Scope()) for one in courses if outcomes[one.id].get("pass")}
    ruled = set(db.session.scalars(select(RuleVersion.course_id).where(RuleVersion.organisation_id == organisation_id)))
    batches = defaultdict(list)
    for one in db.session.scalars(
        select(IssueBatch).where(IssueBatch.organisation_id == organisation_id).order_by(IssueBatch.number.desc())
    ):
        batches[one.course_id].append(one)
    return [
        CourseLine(
            one, one.id in ruled, outcomes[one.id], waiting.get(one.id, 0), states[one.id], batches[one.id],
        )
        for one in courses
    ]  # fmt: skip


def _counts(course: Any, kind: Any, *wanted: ColumnElement[bool]) -> dict[int, dict[str, int]]:
    rows = db.session.execute(select(course, kind, func.count()).where(*wanted).group_by(course, kind))
    found: dict[int, dict[str, int]] = defaultdict(dict)
    for course_id, name, count in rows:
        found[course_id][name] = count
    return found


def _waiting(column: Any, course_id: int, counts_by: Callable[[Any, Any, Any], ColumnElement[bool]]) -> Select[Any]:
    place = counts_by(Outcome.path, Outcome.class_id, Outcome.intake_id)
    query = select(column).join(Learner, Learner.id == Outcome.learner_id)
    return query.where(*of_scope(course_id, Scope()), ~is_certified(), place)


def groups_to_choose(course_id: int) -> list[tuple[str, str]]:
    """Classes and intakes by which people are counted who wait for a certificate: form value and label."""
    in_class = _waiting(Outcome.class_id, course_id, counts_by_class)
    in_intake = _waiting(Outcome.intake_id, course_id, counts_by_intake)
    classes = db.session.execute(
        select(TrainingClass.public_id, TrainingClass.code)
        .where(TrainingClass.course_id == course_id, TrainingClass.id.in_(in_class))
        .order_by(TrainingClass.code)
    )
    intakes = db.session.execute(
        select(Intake.public_id, Intake.name)
        .where(Intake.course_id == course_id, Intake.id.in_(in_intake))
        .order_by(Intake.starts_on.is_(None), Intake.starts_on, Intake.name)
    )
    return [(f"class:{row[0]}", row[1]) for row in classes] + [(f"intake:{row[0]}", row[1]) for row in intakes]


def all_courses(organisation_id: int) -> list[tuple[str, str]]:
    """Public id and name of every course, also of programmes that have ended."""
    rows = db.session.execute(
        select(Course.public_id, Course.name)
        .where(Course.organisation_id == organisation_id)
        .order_by(Course.id.desc())
    )
    return [(row[0], row[1]) for row in rows]
