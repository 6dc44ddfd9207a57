"""What one has to know to decide about a question of a paper, and what has been decided."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from classroom.accounts.models import Staff
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.exams.models import Paper, Question, QuestionVersion, Ruling
from classroom.exams.queries.papers import label_of
from classroom.exams.queries.pinned import pinned_versions


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that holds, as result sheets name it; `number` is the version whose key counts."""

    question: str
    action: str
    number: int | None
    reason: str
    at: datetime
    by: str


def paper_to_rule(actor: Actor, public_id: str) -> Paper:
    """A paper of the organisation; raises NotFound."""
    wanted = select(Paper).where(Paper.public_id == public_id, Paper.organisation_id == actor.organisation_id)
    paper = db.session.scalar(wanted)
    if paper is None:
        raise NotFound
    return paper


def question_to_rule(actor: Actor, public_id: str) -> Question:
    """A question with its versions; raises NotFound."""
    wanted = select(Question).where(Question.public_id == public_id, Question.organisation_id == actor.organisation_id)
    question = db.session.scalar(wanted.options(selectinload(Question.versions)))
    if question is None:
        raise NotFound
    return question


def question_ids(keys: Iterable[int]) -> Mapping[int, str]:
    """Public ids by inner keys."""
    rows = db.session.execute(select(Question.id, Question.public_id).where(Question.id.in_(set(keys))))
    return {row.id: row.public_id for row in rows}


def decided_in(papers: Iterable[int], questions: Iterable[int]) -> Sequence[Decided]:
    """The decisions that hold about these questions in these papers, the earliest first."""
    latest = (
        select(func.max(Ruling.id))
        .where(Ruling.paper_id.in_(set(papers)), Ruling.question_id.in_(set(questions)))
        .group_by(Ruling.paper_id, Ruling.question_id)
    )
    rows = db.session.execute(
        select(Ruling, Question, Staff.name, QuestionVersion.number)
        .join(Question, Question.id == Ruling.question_id)
        .outerjoin(Staff, Staff.id == Ruling.staff_id)
        .outerjoin(QuestionVersion, QuestionVersion.id == Ruling.version_id)
        .options(selectinload(Question.versions))
        .where(Ruling.id.in_(latest), Ruling.action != "none")
        .order_by(Ruling.id)
    ).all()
    return [
        Decided(label_of(question.versions[-1]), ruling.action, number, ruling.reason, ruling.at, by or "")
        for ruling, question, by, number in rows
    ]


def last_ruling(paper: Paper, question: Question) -> Ruling | None:
    """What holds about a question now; None where nothing was decided."""
    return db.session.scalar(
        select(Ruling)
        .where(Ruling.paper_id == paper.id, Ruling.question_id == question.id)
        .order_by(Ruling.id.desc())
        .limit(1)
    )


def present_version(paper: Paper, question: Question, last: Ruling | None) -> QuestionVersion:
    """The version whose key counts now for whoever had the question last: its own, unless another was decided on."""
    asked = pinned_versions(db.session(), paper.id, question.id)
    newest = next((each for each in reversed(question.versions) if each.id in asked), question.versions[-1])
    if last is None or last.version_id is None or newest.created_at > last.at:
        return newest
    return next(each for each in question.versions if each.id == last.version_id)
