"""Where a question is used, and how it did."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import or_, select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.exams.models import Attempt, Paper, PaperPart, Question, Sitting
from classroom.exams.rules.drawing import Item, PoolPart

#: So many tests are looked through, the newest ones first, and so many marked attempts of those that ask the question.
MOST_SITTINGS, MOST_ATTEMPTS = 200, 2000
#: Rows fetched at once.
_CHUNK = 250


class Use(NamedTuple):
    """A paper that asks the question, or may draw it from its topic."""

    paper: Paper
    drawn: bool


class Outcome(NamedTuple):
    """How one version did: in how many marked attempts it was asked, and the share of its points earned (0 to 1)."""

    number: int
    asked: int
    facility: Decimal


def papers_with(actor: Actor, question: Question) -> list[Use]:
    """Papers in use that ask it, by title; a paper of another course draws no question of this one's."""
    by_topic = PaperPart.topic_id == question.topic_id if question.topic_id and not question.retired_at else None
    asks = PaperPart.question_id == question.id
    query = (
        select(Paper, PaperPart.question_id)
        .join(PaperPart)
        .where(
            Paper.organisation_id == actor.organisation_id,
            Paper.retired_at.is_(None),
            asks if by_topic is None else or_(asks, by_topic),
        )
        .order_by(Paper.title, Paper.id, PaperPart.question_id.is_(None))
    )
    uses: dict[int, Use] = {}
    for paper, fixed in db.session.execute(query):
        if fixed is None and question.course_id not in (None, paper.course_id):
            continue
        uses.setdefault(paper.id, Use(paper, fixed is None))
    return list(uses.values())


def outcomes_of(actor: Actor, question: Question) -> list[Outcome]:
    """How each version did in the newest attempts at the newest tests, by version; those never asked are left out."""
    sittings = db.session.execute(
        select(Sitting.id, Sitting.pool)
        .where(Sitting.organisation_id == actor.organisation_id, Sitting.annulled_at.is_(None))
        .order_by(Sitting.id.desc())
        .limit(MOST_SITTINGS),
        execution_options={"yield_per": _CHUNK},
    )
    asking = [key for key, pool in sittings if _holds(pool, question.id)]
    shares: dict[int, list[Decimal]] = defaultdict(list)
    for items, marks in _marked(asking):
        for item, mark in zip(map(Item.from_json, items), marks, strict=True):
            if item.question_id == question.id:
                shares[item.version_id].append(Decimal(mark) / item.points)
    return [
        Outcome(version.number, len(earned), sum(earned, Decimal()) / len(earned))
        for version in question.versions
        if (earned := shares.get(version.id))
    ]


def _holds(pool: Sequence[dict[str, object]], question_id: int) -> bool:
    return any(question_id == asked for part in pool for asked, _ in PoolPart.from_json(part).versions)


def _marked(sittings: Sequence[int]) -> Iterator[tuple[list[dict[str, object]], list[str]]]:
    if not sittings:
        return
    rows = db.session.execute(
        select(Attempt.items, Attempt.marks)
        .where(Attempt.sitting_id.in_(sittings), Attempt.state == "finished", Attempt.marks.is_not(None))
        .order_by(Attempt.id.desc())
        .limit(MOST_ATTEMPTS),
        execution_options={"yield_per": _CHUNK},
    )
    for items, marks in rows:
        if marks is not None:
            yield items, marks
