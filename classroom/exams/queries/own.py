"""A learner's own attempt, for the page of its result."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from classroom.core.db import db
from classroom.exams.models import Adjustment, Attempt, Paper, QuestionVersion, Response, Sitting
from classroom.exams.queries.keys import Keys, keys_of
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.kinds import Kind
from classroom.sessions.models import ClassSession, TrainingClass


@dataclass(frozen=True, slots=True)
class KeyedItem:
    """One question of an attempt with its key and what was answered: for after the release, and for staff."""

    kind: Kind
    text: str
    body: Mapping[str, Any]
    feedback: str
    points: Decimal
    answer: Answer | None
    question_id: int
    version_id: int


def own_attempt(public_id: str) -> Any:
    """State, marks and times of an attempt; `adjusted` where a person changed its points."""
    adjusted = exists().where(Adjustment.attempt_id == Attempt.id, Adjustment.annulled_at.is_(None))
    return db.session.execute(
        select(
            Attempt.id,
            Attempt.items,
            Attempt.answered,
            Attempt.finished_at,
            Attempt.finished_how,
            Attempt.marks,
            Attempt.mark,
            Attempt.out_of,
            Attempt.outcome,
            adjusted.label("adjusted"),
        ).where(Attempt.public_id == public_id)
    ).one()


def keyed_items(attempt: Any) -> list[KeyedItem]:
    """The questions of an attempt (a row with id and items), in shown order."""
    items = [Item.from_json(item) for item in attempt.items]
    versions = {
        version.id: version
        for version in db.session.scalars(
            select(QuestionVersion).where(QuestionVersion.id.in_({item.version_id for item in items}))
        )
    }
    given = db.session.execute(select(Response.position, Response.answer).where(Response.attempt_id == attempt.id))
    answers = {row.position: row.answer for row in given}
    return [_keyed(item, versions[item.version_id], answers.get(place)) for place, item in enumerate(items)]


def keys_now(paper_id: int, items: Iterable[KeyedItem]) -> Keys:
    """What has been decided about these questions in their paper since they were answered."""
    return keys_of(db.session(), [paper_id], {item.version_id for item in items})


def _keyed(item: Item, version: QuestionVersion, answer: Answer | None) -> KeyedItem:
    return KeyedItem(
        Kind(version.kind),
        version.text,
        version.body,
        version.feedback,
        item.points,
        answer,
        item.question_id,
        item.version_id,
    )


def attempts_of_family(attempt_public_id: str, first_paper_id: int) -> list[Any]:
    """The finished attempts of this attempt's learner at a paper and those that ask it anew, the first begun first,
    each with what its sitting lets be seen; `counts` is the policy of the first paper.
    """
    first = aliased(Paper)
    who = select(Attempt.learner_id).where(Attempt.public_id == attempt_public_id).scalar_subquery()
    query = (
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.state,
            Attempt.started_at,
            Attempt.mark,
            Attempt.out_of,
            Attempt.outcome,
            Sitting.paper_id,
            Sitting.terms,
            Sitting.ended_at,
            first.counts,
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .join(first, first.id == first_paper_id)
        .where(
            Attempt.learner_id == who,
            Attempt.state == "finished",
            Sitting.annulled_at.is_(None),
            or_(Paper.id == first_paper_id, Paper.retake_of_id == first_paper_id),
        )
        .order_by(Attempt.started_at, Attempt.id)
    )
    return list(db.session.execute(query))


def own_attempts(learner_id: int, organisation_id: int) -> list[Any]:
    """The finished attempts of a learner, the latest first: marks, the sitting's terms, when its sitting ended."""
    query = (
        select(
            Attempt.number,
            Attempt.mark,
            Attempt.out_of,
            Attempt.outcome,
            Attempt.finished_at,
            Sitting.terms,
            Sitting.ended_at,
            TrainingClass.code.label("class_code"),
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(
            Attempt.learner_id == learner_id,
            Attempt.organisation_id == organisation_id,
            Attempt.state == "finished",
            Sitting.annulled_at.is_(None),
        )
        .order_by(Attempt.finished_at.desc(), Attempt.id.desc())
    )
    return list(db.session.execute(query))
