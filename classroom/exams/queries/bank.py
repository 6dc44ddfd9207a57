"""Read the question bank, in the scope of the actor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.names import fold
from classroom.exams.models import PaperPart, Question, QuestionVersion, Topic
from classroom.exams.rules.kinds import Kind
from classroom.sessions.models import Course, Programme


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list of questions is narrowed to; course and topic by public id, `topic` "-" for those without one."""

    text: str = ""
    course: str = ""
    topic: str = ""
    kind: Kind | None = None
    retired: bool = False


class Line(NamedTuple):
    """A question in a list, with its current version."""

    question: Question
    version: QuestionVersion


class TopicLine(NamedTuple):
    """A topic with how many questions in use it has, how many out of use, and how many lines of papers draw from it."""

    topic: Topic
    living: int
    retired: int
    parts: int


def find_question(actor: Actor, public_id: str) -> Question | None:
    """A question with its course, topic and versions, or None."""
    return db.session.scalar(
        select(Question)
        .options(
            joinedload(Question.course),
            joinedload(Question.topic),
            selectinload(Question.versions).joinedload(QuestionVersion.author),
        )
        .where(Question.organisation_id == actor.organisation_id, Question.public_id == public_id)
    )


def get_question(actor: Actor, public_id: str) -> Question:
    """A question with its course, topic and versions; raises NotFound."""
    found = find_question(actor, public_id)
    if found is None:
        raise NotFound
    return found


def current_version(question: Question) -> QuestionVersion:
    """The newest version."""
    return next(version for version in reversed(question.versions) if version.number == question.number)


def search(actor: Actor, wanted: Wanted, limit: int = 300) -> list[Line]:
    """Questions that hold all the words, without regard to case and diacritics; what was changed last comes first."""
    query = (
        _matching(actor, wanted)
        .options(joinedload(Question.course), joinedload(Question.topic))
        .order_by(Question.updated_at.desc(), Question.id.desc())
        .limit(limit)
    )
    return [Line(*row) for row in db.session.execute(query)]


def count(actor: Actor, wanted: Wanted) -> int:
    """How many `search` would find without a limit."""
    return db.session.scalar(_matching(actor, wanted).with_only_columns(func.count(Question.id))) or 0


def topics(actor: Actor) -> list[TopicLine]:
    """All topics in the order of their names."""
    asked = select(func.count(Question.id)).where(Question.topic_id == Topic.id)
    living = asked.where(Question.retired_at.is_(None)).scalar_subquery()
    retired = asked.where(Question.retired_at.is_not(None)).scalar_subquery()
    parts = select(func.count(PaperPart.id)).where(PaperPart.topic_id == Topic.id).scalar_subquery()
    query = select(Topic, living, retired, parts).where(Topic.organisation_id == actor.organisation_id)
    return [TopicLine(*row) for row in db.session.execute(query.order_by(Topic.name_fold))]


def get_topic(actor: Actor, public_id: str) -> Topic:
    """A topic; raises NotFound."""
    found = db.session.scalar(
        select(Topic).where(Topic.organisation_id == actor.organisation_id, Topic.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def courses(actor: Actor) -> Sequence[Course]:
    """The courses that a question can belong to, those of open and newer programmes first."""
    return db.session.scalars(
        select(Course)
        .join(Course.programme)
        .options(joinedload(Course.programme))
        .where(Course.organisation_id == actor.organisation_id)
        .order_by(Programme.closed_at.is_not(None), Programme.created_at.desc(), Programme.id.desc(), Course.name)
    ).all()


def _matching(actor: Actor, wanted: Wanted) -> Select[tuple[Question, QuestionVersion]]:
    current = and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.number)
    query = (
        select(Question, QuestionVersion)
        .join(QuestionVersion, current)
        .where(
            Question.organisation_id == actor.organisation_id,
            Question.retired_at.is_not(None) if wanted.retired else Question.retired_at.is_(None),
        )
    )
    if wanted.course:
        chosen = select(Course.id).where(
            Course.organisation_id == actor.organisation_id, Course.public_id == wanted.course
        )
        query = query.where(or_(Question.course_id.is_(None), Question.course_id.in_(chosen)))
    if wanted.topic == "-":
        query = query.where(Question.topic_id.is_(None))
    elif wanted.topic:
        query = query.join(Question.topic).where(Topic.public_id == wanted.topic)
    if wanted.kind:
        query = query.where(QuestionVersion.kind == wanted.kind.value)
    words = (word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for word in fold(wanted.text).split())
    return query.where(*(Question.search_text.like(f"%{word}%", escape="\\") for word in words))
