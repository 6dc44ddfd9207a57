"""Read papers: what they ask now, how often they were sat, and what a sitting or a printed form pins of them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.markup import plain
from classroom.exams.models import Paper, PaperPart, Question, QuestionVersion, Sitting, Topic
from classroom.exams.queries.contents import shown_of
from classroom.exams.rules.drawing import PoolPart, Shown
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.rules.papers import Candidate, Plan, PlannedPart
from classroom.sessions.models import Course, Programme, TrainingClass
from classroom.sessions.queries.scope import visible_classes

LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper in the list, as it stands now, with the sittings that count."""

    paper: Paper
    plan: Plan
    sittings: int


def papers(actor: Actor) -> list[PaperLine]:
    """All papers that the actor may see: by programme and course, retired ones last, then by title."""
    query = (
        select(Paper)
        .join(Paper.course)
        .join(Course.programme)
        .options(contains_eager(Paper.course).contains_eager(Course.programme), *_with_parts())
        .where(*visible_papers(actor))
        .order_by(
            Programme.closed_at.is_not(None),
            Programme.created_at.desc(),
            Course.name,
            Paper.retired_at.is_not(None),
            Paper.title,
            Paper.id,
        )
    )
    found = db.session.scalars(query).unique().all()
    sat = _sittings([paper.id for paper in found])
    plans = plans_of(found)
    return [PaperLine(paper, plan, sat.get(paper.id, 0)) for paper, plan in zip(found, plans, strict=True)]


def get_paper(actor: Actor, public_id: str) -> Paper:
    """A paper with its course and parts; raises NotFound."""
    query = select(Paper).options(joinedload(Paper.course).joinedload(Course.programme), *_with_parts())
    found = db.session.scalar(query.where(*visible_papers(actor), Paper.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def visible_papers(actor: Actor) -> list[ColumnElement[Any]]:
    """The conditions under which a paper exists for the actor: a trainer sees those of courses taught."""
    conditions: list[ColumnElement[Any]] = [Paper.organisation_id == actor.organisation_id]
    if actor.classes_taught_only:
        conditions.append(Paper.course_id.in_(select(TrainingClass.course_id).where(*visible_classes(actor))))
    return conditions


def sittings_of(paper: Paper) -> int:
    """How many sittings used the paper, annulled ones apart."""
    return _sittings([paper.id]).get(paper.id, 0)


def retakes_of(paper: Paper) -> Sequence[Paper]:
    """The papers for those who sit this one again."""
    return db.session.scalars(select(Paper).where(Paper.retake_of_id == paper.id).order_by(Paper.id)).all()


def first_of(paper: Paper) -> Paper | None:
    """The paper of which this one is a retake."""
    return db.session.get(Paper, paper.retake_of_id) if paper.retake_of_id else None


def plan_of(paper: Paper) -> Plan:
    """The paper with every question that it may ask, in the versions of now."""
    return plans_of([paper])[0]


def plans_of(papers: Sequence[Paper]) -> list[Plan]:
    """The same for many papers, with one query for all questions."""
    parts = [part for paper in papers for part in paper.parts]
    by_key, by_topic = _candidates(
        {part.question_id for part in parts if part.question_id},
        {part.topic_id for part in parts if part.topic_id},
    )
    return [_plan(paper, by_key, by_topic) for paper in papers]


def pool_of(plan: Plan) -> list[PoolPart]:
    """The parts with the present versions pinned, as sittings and printed forms keep them."""
    return [
        PoolPart(part.draw, part.points, tuple((one.question_id, one.version_id) for one in part.candidates))
        for part in plan.parts
    ]


def versions_of(keys: Iterable[int]) -> dict[int, QuestionVersion]:
    """Versions of questions by their keys."""
    found = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(set(keys))))
    return {version.id: version for version in found}


def shown_versions(keys: Iterable[int]) -> dict[int, Shown]:
    """What drawing must know of these versions."""
    return {version.id: shown_of(Kind(version.kind), version.body) for version in versions_of(keys).values()}


def topics_with_counts(actor: Actor, course_id: int) -> list[tuple[Topic, int]]:
    """Topics with how many questions papers of this course can draw from each, by name; empty ones are left out."""
    query = (
        select(Topic, func.count(Question.id))
        .join(Question, Question.topic_id == Topic.id)
        .where(Topic.organisation_id == actor.organisation_id, *_drawable(course_id))
        .group_by(Topic.id)
        .order_by(Topic.name_fold)
    )
    return [(topic, count) for topic, count in db.session.execute(query)]


def label_of(version: QuestionVersion) -> str:
    """What a question is called in lists: its title, or the beginning of its text."""
    name = version.title or plain(version.text) or "–"
    return name if len(name) <= LONGEST_LABEL else name[: LONGEST_LABEL - 1].rstrip() + "…"


def _with_parts() -> list[Any]:
    return [selectinload(Paper.parts).joinedload(PaperPart.topic)]


def _drawable(course_id: int) -> list[ColumnElement[Any]]:
    """The questions that a paper of this course may draw."""
    return [Question.retired_at.is_(None), or_(Question.course_id == course_id, Question.course_id.is_(None))]


def _sittings(papers: Sequence[int]) -> dict[int, int]:
    query = (
        select(Sitting.paper_id, func.count(Sitting.id))
        .where(Sitting.paper_id.in_(papers), Sitting.annulled_at.is_(None))
        .group_by(Sitting.paper_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


Row = tuple[Question, QuestionVersion]


def _candidates(keys: set[int], topics: set[int]) -> tuple[dict[int, Row], dict[int, list[Row]]]:
    query = (
        select(Question, QuestionVersion)
        .join(
            QuestionVersion,
            and_(QuestionVersion.question_id == Question.id, QuestionVersion.number == Question.number),
        )
        .where(or_(Question.id.in_(keys), Question.topic_id.in_(topics)))
        .order_by(Question.id)
    )
    by_key: dict[int, Row] = {}
    by_topic: dict[int, list[Row]] = defaultdict(list)
    for question, version in db.session.execute(query):
        by_key[question.id] = (question, version)
        if question.topic_id is not None and question.retired_at is None:
            by_topic[question.topic_id].append((question, version))
    return by_key, by_topic


def _plan(paper: Paper, by_key: dict[int, Row], by_topic: dict[int, list[Row]]) -> Plan:
    return Plan(
        tuple(_planned(paper, part, by_key, by_topic) for part in paper.parts),
        paper.time_limit,
        paper.entry_window,
        paper.pass_percent,
        paper.scale,
        paper.require_sessions,
        paper.course.sessions_planned,
    )


def _planned(paper: Paper, part: PaperPart, by_key: dict[int, Row], by_topic: dict[int, list[Row]]) -> PlannedPart:
    if part.question_id is not None:
        return PlannedPart(part.draw_count, part.points, (_candidate(paper, by_key[part.question_id]),))
    rows = [row for row in by_topic[part.topic_id or 0] if row[0].course_id in (paper.course_id, None)]
    topic = part.topic.name if part.topic else ""
    return PlannedPart(part.draw_count, part.points, tuple(_candidate(paper, row) for row in rows), topic)


def _candidate(paper: Paper, row: Row) -> Candidate:
    question, version = row
    return Candidate(
        question.id,
        version.id,
        question.public_id,
        label_of(version),
        Content(Kind(version.kind), version.text, version.body, version.title, version.feedback),
        retired=question.retired_at is not None,
        elsewhere=question.course_id not in (paper.course_id, None),
    )
