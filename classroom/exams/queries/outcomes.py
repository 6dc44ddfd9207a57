"""The final result of every learner in a paper, over all its sittings and those of its retake papers.

What stands above this room (certificates, figures of courses) asks here and nowhere else who has passed.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, func, or_, select

from classroom.core.db import db
from classroom.exams.models import Attempt, Paper, Sitting
from classroom.exams.rules.marking import counting, scaled
from classroom.exams.rules.terms import Counts
from classroom.sessions.models import ClassSession

#: Rows fetched at once.
_CHUNK = 5000


@dataclass(frozen=True, slots=True)
class FinalResult:
    """The attempt that is the result: where it was sat, and what came of it.

    `paper_id` is the paper it was sat on: that asked for, or one that asks it anew. `percent` is the share of the
    points to two places; whether it is a pass is `outcome`, which is decided exactly. `attempts` of the learner count
    as candidates, by the policy `counts` of the paper asked for.
    """

    outcome: str
    mark: Decimal
    out_of: Decimal
    percent: Decimal
    attempt_id: int
    attempt_public_id: str
    sitting_id: int
    paper_id: int
    class_session_id: int
    class_id: int
    finished_at: datetime
    source: str
    retake: bool
    counts: Counts
    attempts: int

    @property
    def passed(self) -> bool:
        """Whether the test is passed."""
        return self.outcome == "pass"


def final_results(
    organisation_id: int, paper_ids: Collection[int], learners: Collection[int] | None = None
) -> dict[int, dict[int, FinalResult]]:
    """By paper key and learner key; two statements, whatever the number of papers and learners.

    A learner without any attempt that is finished and counts is not in it, and a paper of another organisation has
    nobody. With `learners` only these.
    """
    wanted = set(paper_ids)
    policies = {
        row.id: Counts(row.counts)
        for row in db.session.execute(
            select(Paper.id, Paper.counts).where(Paper.id.in_(wanted), Paper.organisation_id == organisation_id)
        )
    }
    goes: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in _attempts(organisation_id, set(policies), learners) if policies else ():
        for paper_id in {row.paper_id, row.retake_of_id} & policies.keys():
            goes[paper_id, row.learner_id].append(row)
    found: dict[int, dict[int, FinalResult]] = {paper_id: {} for paper_id in wanted}
    for (paper_id, learner_id), theirs in goes.items():
        best = counting(theirs, policies[paper_id])
        if best is not None:
            found[paper_id][learner_id] = _final(best, paper_id, policies[paper_id], len(theirs))
    return found


def _attempts(organisation_id: int, papers: set[int], learners: Collection[int] | None) -> Iterator[Any]:
    query = _finished().where(
        Sitting.organisation_id == organisation_id, or_(Paper.id.in_(papers), Paper.retake_of_id.in_(papers))
    )
    if learners is not None:
        query = query.where(Attempt.learner_id.in_(set(learners)))
    return iter(db.session.execute(query, execution_options={"yield_per": _CHUNK}))


def _finished() -> Select[Any]:
    """What may count, without the questions and answers."""
    return (
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.learner_id,
            Attempt.sitting_id,
            Attempt.state,
            Attempt.source,
            Attempt.started_at,
            Attempt.finished_at,
            Attempt.mark,
            Attempt.out_of,
            Attempt.outcome,
            Sitting.paper_id,
            Sitting.retake,
            Sitting.class_session_id,
            ClassSession.class_id,
            Paper.retake_of_id,
        )
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .where(Attempt.state == "finished", Attempt.mark.is_not(None), Sitting.annulled_at.is_(None))
    )


def _final(row: Any, paper_id: int, counts: Counts, attempts: int) -> FinalResult:
    return FinalResult(
        outcome=row.outcome,
        mark=row.mark,
        out_of=row.out_of,
        percent=scaled(row.mark, row.out_of, 100),
        attempt_id=row.id,
        attempt_public_id=row.public_id,
        sitting_id=row.sitting_id,
        paper_id=row.paper_id,
        class_session_id=row.class_session_id,
        class_id=row.class_id,
        finished_at=row.finished_at,
        source=row.source,
        retake=row.retake or row.paper_id != paper_id,
        counts=counts,
        attempts=attempts,
    )


def sat_elsewhere(paper_id: int, sitting_id: int, learners: Collection[int]) -> bool:
    """Whether one of these learners has finished the paper, or one that asks it anew, in another sitting."""
    query = (
        select(func.count(Attempt.id))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(Paper, Paper.id == Sitting.paper_id)
        .where(
            Attempt.learner_id.in_(set(learners)),
            Attempt.state == "finished",
            Sitting.id != sitting_id,
            Sitting.annulled_at.is_(None),
            or_(Paper.id == paper_id, Paper.retake_of_id == paper_id),
        )
    )
    return bool(db.session.scalar(query))
