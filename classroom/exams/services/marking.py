"""Mark attempts: the one place where marks, sums and outcomes are written."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.core.clock import now
from classroom.core.signals import result_changed
from classroom.exams.models import Adjustment, Attempt, Paper, Sitting
from classroom.exams.queries.answers import answers_where
from classroom.exams.queries.keys import Decision, Keys, keys_of
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.marking import MARKER, Asked, Result, add_up, mark_item
from classroom.exams.rules.terms import Terms

#: Attempts read and written at once: some tens of thousands of answers.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Marked:
    """An attempt with the result that it should have."""

    attempt: Attempt
    paper_id: int
    result: Result
    #: Of an annulled sitting nothing is a result, so nobody is told of it.
    told: bool

    @property
    def outcome(self) -> str:
        """As it is kept."""
        return "pass" if self.result.passed else "fail"


def mark_attempt(session: Session, attempt: Attempt) -> None:
    """Give one attempt its marks, inside the transaction that finished or changed it; see `mark_attempts`."""
    mark_attempts(session, [attempt])


def mark_attempts(session: Session, attempts: Iterable[Attempt]) -> int:
    """Give attempts their marks by the latest rulings and adjustments; how many have another result than before.

    Who calls it holds the attempts' rows. What is marked already as it should be is not touched.
    """
    waiting = iter(attempts)
    changed = 0
    while batch := list(islice(waiting, BATCH)):
        _hold_rulings(session, batch)
        changed += sum(_keep(marked) for marked in results_of(session, batch))
    return changed


def clear_marks(attempt: Attempt) -> str:
    """Take its marks away, before it goes on or is marked anew; what its outcome was. Who calls it tells of it."""
    was = attempt.outcome
    attempt.marks = attempt.mark = attempt.out_of = attempt.marker = attempt.marked_at = None
    attempt.outcome = ""
    return was


def tell_gone(attempt: Attempt, paper_id: int, was: str) -> None:
    """Say that an attempt with this outcome, if it had any, is no result any more; told after it is written."""
    if was:
        _tell(attempt, paper_id, was, "")


def results_of(
    session: Session, attempts: Sequence[Attempt], extra: Mapping[tuple[int, int], Decision] | None = None
) -> Iterator[Marked]:
    """What each attempt's result should be, nothing written; with `extra` decisions by paper and question key."""
    sittings = _sittings(session, attempts)
    papers = {paper_id for paper_id, *_ in sittings.values()}
    keys = keys_of(session, papers, {item["v"] for attempt in attempts for item in attempt.items}, extra)
    answers = answers_where(session, Attempt.id.in_([attempt.id for attempt in attempts]))
    adjustments = _adjustments(session, attempts)
    known: dict[Any, tuple[Decimal, Decimal]] = {}
    for attempt in attempts:
        paper_id, pass_percent, told = sittings[attempt.sitting_id]
        given = answers[attempt.id]
        marks = [_mark(keys, known, paper_id, item, given.get(place)) for place, item in enumerate(attempt.items)]
        yield Marked(attempt, paper_id, add_up(marks, adjustments[attempt.id], pass_percent), told)


def _hold_rulings(session: Session, attempts: Sequence[Attempt]) -> None:
    """Let no ruling slip in between: it waits until these marks are written, and then finds them."""
    papers = select(Sitting.paper_id).where(Sitting.id.in_({attempt.sitting_id for attempt in attempts}))
    session.execute(select(Paper.id).where(Paper.id.in_(papers)).order_by(Paper.id).with_for_update(read=True))


def _mark(
    keys: Keys,
    known: dict[Any, tuple[Decimal, Decimal]],
    paper_id: int,
    item: Mapping[str, Any],
    answer: Answer | None,
) -> tuple[Decimal, Decimal]:
    """Most learners give one of few answers: each is worked out once. Equal ones are one object (`answers_where`)."""
    case = (paper_id, item["v"], item["p"], id(answer))
    found = known.get(case)
    if found is None:
        version = keys.versions[item["v"]]
        ruling = keys.ruling(paper_id, version.id)
        found = known[case] = mark_item(Asked(Decimal(item["p"]), version.kind, version.body, answer, ruling))
    return found


def _keep(marked: Marked) -> bool:
    """Write a result down where it is another; whether mark, sum or outcome changed."""
    attempt, result = marked.attempt, marked.result
    marks = [str(mark) for mark in result.marks]
    before, after = (attempt.mark, attempt.out_of, attempt.outcome), (result.mark, result.out_of, marked.outcome)
    if before == after and attempt.marks == marks and attempt.marker == MARKER:
        return False
    attempt.marks, attempt.marker, attempt.marked_at = marks, MARKER, now()
    attempt.mark, attempt.out_of, attempt.outcome = after
    if before == after:
        return False
    if marked.told:
        _tell(attempt, marked.paper_id, before[2], after[2])
    return True


def _tell(attempt: Attempt, paper_id: int, before: str, after: str) -> None:
    result_changed.send(
        learner_id=attempt.learner_id, paper_id=paper_id, attempt_id=attempt.id, before=before, after=after
    )


def _sittings(session: Session, attempts: Sequence[Attempt]) -> dict[int, tuple[int, int, bool]]:
    """The paper and the share to be reached of each sitting; whether it counts."""
    wanted = {attempt.sitting_id for attempt in attempts}
    rows = session.execute(
        select(Sitting.id, Sitting.paper_id, Sitting.terms, Sitting.annulled_at).where(Sitting.id.in_(wanted))
    )
    return {row.id: (row.paper_id, Terms.from_json(row.terms).pass_percent, row.annulled_at is None) for row in rows}


def _adjustments(session: Session, attempts: Sequence[Attempt]) -> dict[int, list[Decimal]]:
    found: dict[int, list[Decimal]] = defaultdict(list)
    for attempt_id, points in session.execute(
        select(Adjustment.attempt_id, Adjustment.points).where(
            Adjustment.attempt_id.in_([attempt.id for attempt in attempts]), Adjustment.annulled_at.is_(None)
        )
    ):
        found[attempt_id].append(points)
    return found
