"""Outcomes as they were last applied, and runs of rules."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, cast, exists, func, or_, select
from sqlalchemy.orm import joinedload

from classroom.certification.models import Evaluation, Outcome, OutcomeChange
from classroom.certification.rules.comparing import Kept
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.learners.models import Learner
from classroom.online.models import Intake
from classroom.sessions.models import Course, TrainingClass

PAGE = 100
#: So many people are asked for by their keys in one statement.
_MOST_KEYS = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which outcomes are asked for; empty: all."""

    decision: str = ""
    reason: str = ""
    class_id: int | None = None
    intake_id: int | None = None
    text: str = ""


def kept_outcomes(course_id: int) -> dict[int, Kept]:
    """By learner key, as far as a comparison needs them."""
    query = select(
        Outcome.learner_id,
        Outcome.decision,
        Outcome.path,
        Outcome.reasons,
        Outcome.facts_hash,
        Outcome.rule_version_id,
    ).where(Outcome.course_id == course_id)
    return {
        row[0]: Kept(row.decision, row.path, tuple(row.reasons), row.facts_hash, row.rule_version_id)
        for row in db.session.execute(query)
    }


def get_evaluation(actor: Actor, public_id: str) -> Evaluation:
    """A run with its rule; raises NotFound."""
    found = db.session.scalar(
        select(Evaluation)
        .options(joinedload(Evaluation.rule_version))
        .where(Evaluation.public_id == public_id, Evaluation.organisation_id == actor.organisation_id)
    )
    if found is None:
        raise NotFound
    return found


def evaluations_of(course_id: int, limit: int = 20) -> Sequence[Evaluation]:
    """The latest runs of a course."""
    query = select(Evaluation).options(joinedload(Evaluation.rule_version)).where(Evaluation.course_id == course_id)
    return db.session.scalars(query.order_by(Evaluation.id.desc()).limit(limit)).all()


def is_counted() -> ColumnElement[bool]:
    """Whether an outcome counts: not of who turned out to be somebody else; who was erased stays a number."""
    return exists().where(Learner.id == Outcome.learner_id, Learner.merged_into_id.is_(None))


def count_decisions(course_id: int) -> dict[str, int]:
    """How many pass, fail and are held, as last applied."""
    query = select(Outcome.decision, func.count()).where(Outcome.course_id == course_id, is_counted())
    return {row[0]: row[1] for row in db.session.execute(query.group_by(Outcome.decision))}


def count_reasons(course_id: int) -> dict[str, int]:
    """How many lack what; who lacks two things counts twice."""
    reasons_of = cast(Outcome.reasons, String)
    query = select(reasons_of, func.count()).where(
        Outcome.course_id == course_id, Outcome.decision != "pass", is_counted()
    )
    found: dict[str, int] = {}
    for reasons, count in db.session.execute(query.group_by(reasons_of)):
        for reason in json.loads(reasons):
            found[reason] = found.get(reason, 0) + count
    return found


def outcome_rows(course_id: int, wanted: Wanted, limit: int | None = PAGE, offset: int = 0) -> Sequence[Row[Any]]:
    """Outcomes with their people, in the order of names."""
    query = (
        select(Outcome, Learner, TrainingClass.code.label("class_code"), Intake.name.label("intake_name"))
        .join(Learner, Learner.id == Outcome.learner_id)
        .outerjoin(TrainingClass, TrainingClass.id == Outcome.class_id)
        .outerjoin(Intake, Intake.id == Outcome.intake_id)
        .where(*_conditions(course_id, wanted))
        .order_by(Learner.sort_key, Learner.id)
    )
    return db.session.execute(query.offset(offset).limit(limit) if limit else query).all()


def count_outcomes(course_id: int, wanted: Wanted) -> int:
    """How many of them there are."""
    query: Select[tuple[int]] = (
        select(func.count(Outcome.id))
        .join(Learner, Learner.id == Outcome.learner_id)
        .where(*_conditions(course_id, wanted))
    )
    return db.session.scalars(query).one()


def _conditions(course_id: int, wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Outcome.course_id == course_id, Learner.merged_into_id.is_(None)]
    if wanted.decision:
        found.append(Outcome.decision == wanted.decision)
    if wanted.reason:
        found.append(cast(Outcome.reasons, String).contains(f'"{wanted.reason}"', autoescape=True))
    if wanted.class_id:
        found.append(Outcome.class_id == wanted.class_id)
    if wanted.intake_id:
        found.append(Outcome.intake_id == wanted.intake_id)
    if wanted.text:
        text = fold(wanted.text)
        found.append(
            or_(
                Learner.name_fold.contains(text, autoescape=True),
                Learner.unit_fold.contains(text, autoescape=True),
                Learner.code == wanted.text.strip().upper(),
            )
        )
    return found


def find_outcome(course_id: int, learner_id: int) -> Outcome | None:
    """What was last applied of one learner."""
    return db.session.scalar(
        select(Outcome)
        .options(joinedload(Outcome.rule_version))
        .where(Outcome.course_id == course_id, Outcome.learner_id == learner_id)
    )


def changes_of(course_id: int, learner_id: int) -> Sequence[OutcomeChange]:
    """How an outcome became what it is, the newest first."""
    query = select(OutcomeChange).where(OutcomeChange.course_id == course_id, OutcomeChange.learner_id == learner_id)
    return db.session.scalars(query.order_by(OutcomeChange.id.desc())).all()


def outcomes_of_learner(organisation_id: int, learner_id: int) -> Sequence[Row[Any]]:
    """Every course in which something was decided about a learner: the outcome and the course."""
    query = (
        select(Outcome, Course)
        .join(Course, Course.id == Outcome.course_id)
        .where(Outcome.organisation_id == organisation_id, Outcome.learner_id == learner_id)
        .order_by(Course.name, Course.id)
    )
    return db.session.execute(query).all()


def groups_of(course_id: int) -> tuple[list[tuple[int, str, str]], list[tuple[int, str, str]]]:
    """Classes and intakes of a course: key, public id, name."""
    classes = select(TrainingClass.id, TrainingClass.public_id, TrainingClass.code)
    intakes = select(Intake.id, Intake.public_id, Intake.name)
    return (
        [
            (row[0], row[1], row[2])
            for row in db.session.execute(
                classes.where(TrainingClass.course_id == course_id).order_by(TrainingClass.code, TrainingClass.id)
            )
        ],
        [
            (row[0], row[1], row[2])
            for row in db.session.execute(
                intakes.where(Intake.course_id == course_id).order_by(Intake.starts_on, Intake.name, Intake.id)
            )
        ],
    )


def learners_by_key(keys: Sequence[int]) -> dict[int, Learner]:
    """The people of a list, by key."""
    return {one.id: one for one in db.session.scalars(select(Learner).where(Learner.id.in_(keys)))}


def people_of(organisation_id: int, keys: Sequence[int]) -> dict[int, Learner]:
    """Many people by key: all of the organisation where there are too many to ask for one by one."""
    if len(keys) <= _MOST_KEYS:
        return learners_by_key(keys)
    wanted = set(keys)
    everybody = db.session.scalars(select(Learner).where(Learner.organisation_id == organisation_id))
    return {one.id: one for one in everybody if one.id in wanted}
