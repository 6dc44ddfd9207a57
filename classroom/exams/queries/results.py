"""The results of a sitting or of a whole paper, in the same few statements however many sat it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true

from classroom.accounts.models import Staff
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.exams.models import Adjustment, Attempt, Paper, Sitting
from classroom.exams.queries.answers import answers_of_attempts
from classroom.exams.queries.keys import Keys, keys_of
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.marking import counting
from classroom.exams.rules.terms import Counts, Terms
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, TrainingClass
from classroom.sessions.queries.scope import visible_classes

#: Rows fetched at once.
_CHUNK = 1000


@dataclass(frozen=True, slots=True)
class Sat:
    """A sitting, where and when it was."""

    id: int
    public_id: str
    paper_id: int
    class_code: str
    class_public_id: str
    session_public_id: str
    opened_at: datetime
    ended_at: datetime | None
    retake: bool
    terms: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taker:
    """A learner with attempts."""

    id: int
    public_id: str
    code: str
    name: str
    sort_key: str
    unit: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A change by hand that holds; `by` is the name of who made it."""

    public_id: str
    points: Decimal
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Go:
    """An attempt as results show it; `marks` in the order of `items`, None until it is marked.

    `items` are those of the attempt without the order of their options.
    """

    id: int
    public_id: str
    sitting_id: int
    learner_id: int
    number: int
    source: str
    state: str
    started_at: datetime
    finished_at: datetime | None
    finished_how: str
    items: Sequence[Mapping[str, Any]]
    marks: Sequence[str] | None
    mark: Decimal | None
    out_of: Decimal | None
    outcome: str
    adjusted: Sequence[Adjusted]


@dataclass(frozen=True, slots=True)
class Results:
    """Everything about who sat what; of the attempts of annulled sittings nothing is in it.

    Attempts stand in the order of the learners' names, then of their beginning. `counted` is the attempt that is the
    result of each learner, by the terms; who has none finished is not in it.
    """

    paper: Paper
    sittings: Mapping[int, Sat]
    takers: Mapping[int, Taker]
    attempts: Sequence[Go]
    keys: Keys
    counted: Mapping[int, Go] = field(default_factory=dict)


def results_of_paper(
    actor: Actor, public_id: str, *, with_retakes: bool = False, learners: Collection[int] | None = None
) -> Results:
    """All sittings of a paper that the actor may see; with those of other sets that count as this paper, if wished.

    With `learners`, whom the actor has in a class, only theirs, in whatever class they sat: it is their result.
    Raises NotFound for a paper of another organisation, and for a trainer in whose classes it was not sat.
    """
    paper = db.session.scalar(
        select(Paper).where(Paper.public_id == public_id, Paper.organisation_id == actor.organisation_id)
    )
    if paper is None:
        raise NotFound
    own = Sitting.paper_id == paper.id
    retakes = Sitting.paper_id.in_(select(Paper.id).where(Paper.retake_of_id == paper.id))
    scope = visible_classes(actor) if learners is None else [Sitting.organisation_id == actor.organisation_id]
    sittings = _sittings(or_(own, retakes) if with_retakes else own, *scope)
    if not sittings and actor.classes_taught_only:
        raise NotFound
    return _results(paper, sittings, Counts(paper.counts), learners)


def results_of_sitting(actor: Actor, public_id: str) -> Results:
    """One sitting; which attempt counts is decided among its own, by the terms that it was opened with.

    Raises NotFound where the actor may not see it.
    """
    sittings = _sittings(Sitting.public_id == public_id, *visible_classes(actor))
    if not sittings:
        raise NotFound
    counts = Terms.from_json(sittings[0].terms).counts
    return _results(db.session.get_one(Paper, sittings[0].paper_id), sittings, counts)


def answers_of(results: Results) -> dict[int, dict[int, Answer]]:
    """The answers of these attempts: by attempt key and position; an item left open has none."""
    return answers_of_attempts(db.session(), [go.id for go in results.attempts])


class _Shared:
    """Keeps equal items and marks once: tens of thousands of attempts hold a few hundred different ones."""

    def __init__(self) -> None:
        self._items: dict[Any, Mapping[str, Any]] = {}
        self._marks: dict[str, str] = {}

    def lean(self, row: dict[str, Any]) -> dict[str, Any]:
        marks = row["marks"]
        return {
            **row,
            "items": [self._item(item) for item in row["items"]],
            "marks": marks and [self._marks.setdefault(mark, mark) for mark in marks],
        }

    def _item(self, item: Mapping[str, Any]) -> Mapping[str, Any]:
        key = (item["q"], item["v"], item["p"], item["part"])
        return self._items.setdefault(key, dict(zip(("q", "v", "p", "part"), key, strict=True)))


def _results(paper: Paper, sittings: Sequence[Sat], counts: Counts, learners: Collection[int] | None = None) -> Results:
    who = true() if learners is None else Attempt.learner_id.in_(set(learners))
    wanted = and_(Attempt.sitting_id.in_([sitting.id for sitting in sittings]), who)
    takers = {row.id: Taker(*row) for row in db.session.execute(_takers(wanted))}
    adjusted = _adjusted(wanted)
    share = _Shared()
    rows = db.session.execute(_attempts(wanted), execution_options={"yield_per": _CHUNK})
    attempts = [Go(**share.lean(row._asdict()), adjusted=adjusted.get(row.id, ())) for row in rows]
    attempts.sort(key=lambda go: (takers[go.learner_id].sort_key, go.learner_id, go.started_at, go.id))
    papers = {sitting.paper_id for sitting in sittings}
    keys = keys_of(db.session(), papers, {item["v"] for go in attempts for item in go.items})
    by_id = {sitting.id: sitting for sitting in sittings}
    return Results(paper, by_id, takers, attempts, keys, _counted(attempts, counts))


def _counted(attempts: Iterable[Go], counts: Counts) -> dict[int, Go]:
    theirs: dict[int, list[Go]] = defaultdict(list)
    for attempt in attempts:
        theirs[attempt.learner_id].append(attempt)
    chosen = ((learner_id, counting(some, counts)) for learner_id, some in theirs.items())
    return {learner_id: attempt for learner_id, attempt in chosen if attempt is not None}


def _sittings(*conditions: ColumnElement[bool]) -> list[Sat]:
    rows = db.session.execute(
        select(
            Sitting.id,
            Sitting.public_id,
            Sitting.paper_id,
            TrainingClass.code,
            TrainingClass.public_id,
            ClassSession.public_id,
            Sitting.opened_at,
            Sitting.ended_at,
            Sitting.retake,
            Sitting.terms,
        )
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Sitting.annulled_at.is_(None), *conditions)
        .order_by(Sitting.opened_at, Sitting.id)
    )
    return [Sat(*row) for row in rows]


def _takers(wanted: ColumnElement[bool]) -> Select[Any]:
    who = select(Attempt.learner_id).where(wanted)
    columns = (Learner.id, Learner.public_id, Learner.code, Learner.name, Learner.sort_key, Learner.unit)
    return select(*columns).where(Learner.id.in_(who))


def _attempts(wanted: ColumnElement[bool]) -> Select[Any]:
    return select(
        Attempt.id,
        Attempt.public_id,
        Attempt.sitting_id,
        Attempt.learner_id,
        Attempt.number,
        Attempt.source,
        Attempt.state,
        Attempt.started_at,
        Attempt.finished_at,
        Attempt.finished_how,
        Attempt.items,
        Attempt.marks,
        Attempt.mark,
        Attempt.out_of,
        Attempt.outcome,
    ).where(wanted)


def _adjusted(wanted: ColumnElement[bool]) -> dict[int, list[Adjusted]]:
    found: dict[int, list[Adjusted]] = defaultdict(list)
    rows = db.session.execute(
        select(
            Adjustment.attempt_id,
            Adjustment.public_id,
            Adjustment.points,
            Adjustment.reason,
            Adjustment.at,
            Staff.name,
        )
        .join(Attempt, Attempt.id == Adjustment.attempt_id)
        .outerjoin(Staff, Staff.id == Adjustment.staff_id)
        .where(wanted, Adjustment.annulled_at.is_(None))
        .order_by(Adjustment.id)
    )
    for attempt_id, public_id, points, reason, at, by in rows:
        found[attempt_id].append(Adjusted(public_id, points, reason, at, by or ""))
    return found
