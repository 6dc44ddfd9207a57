"""A learner's own result: only what the paper lets be seen, and only once it does."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from markupsafe import Markup

from classroom.core.markup import render, render_line
from classroom.exams.presenters.showing import PictureUrl
from classroom.exams.presenters.wording import given_lines, right_lines
from classroom.exams.queries.own import attempts_of_family, keyed_items, keys_now, own_attempt, own_attempts
from classroom.exams.queries.release import answers_are_released
from classroom.exams.queries.renewing import open_renewal
from classroom.exams.queries.sittings import SittingFacts
from classroom.exams.rules.marking import Action, counting, scaled
from classroom.exams.rules.terms import Counts, ShowScore, Terms


@dataclass(frozen=True, slots=True)
class LookedOver:
    """One question after the release: what was answered, what is right, what it earned."""

    html: Markup
    given: list[Markup]
    right: list[Markup]
    feedback: Markup
    mark: Decimal
    points: Decimal
    #: It was taken out of the test afterwards.
    dropped: bool = False


@dataclass(frozen=True, slots=True)
class OwnTest:
    """One finished attempt in the learner's own list; without a score while it is not shown."""

    title: str
    class_code: str
    number: int
    finished_at: datetime
    scale: int
    score: Decimal | None = None
    outcome: str = ""


def own_tests(learner_id: int, organisation_id: int) -> list[OwnTest]:
    """What a learner has sat, the latest first."""
    shown = []
    for row in own_attempts(learner_id, organisation_id):
        terms = Terms.from_json(row.terms)
        test = OwnTest(terms.title, row.class_code, row.number, row.finished_at, terms.scale)
        if terms.score_is_shown(marked=row.mark is not None, ended=row.ended_at is not None):
            test = replace(test, score=scaled(row.mark, row.out_of, terms.scale), outcome=row.outcome)
        shown.append(test)
    return shown


@dataclass(frozen=True, slots=True)
class OwnFinal:
    """Which of several attempts is the result, by the policy `counts`; `here` where it is the one that is shown."""

    counts: str
    attempts: int
    score: Decimal
    scale: int
    outcome: str
    started_at: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class OwnResult:
    """What the page shows; `mark` is None while points are not shown, `waits` says that they will be."""

    finished_at: datetime | None
    finished_how: str
    answered: int
    count: int
    waits: bool = False
    mark: Decimal | None = None
    out_of: Decimal | None = None
    score: Decimal | None = None
    scale: int = 10
    outcome: str = ""
    adjusted: bool = False
    items: list[LookedOver] = field(default_factory=list)
    final: OwnFinal | None = None
    #: Marks are being worked out anew: these may not stay.
    renewing: bool = False


def own_final(sitting: SittingFacts, attempt_public_id: str) -> OwnFinal | None:
    """The result over the test and its retakes; None for a single attempt, and while one of them is not to be seen."""
    return _final(attempts_of_family(attempt_public_id, sitting.counts_for), attempt_public_id)


def _final(rows: Sequence[Any], attempt_public_id: str) -> OwnFinal | None:
    terms = {row.id: Terms.from_json(row.terms) for row in rows}
    shown = [terms[row.id].score_is_shown(marked=row.mark is not None, ended=row.ended_at is not None) for row in rows]
    if len(rows) < 2 or not all(shown):
        return None
    policy = rows[0].counts
    best = counting(rows, Counts(policy))
    if best is None:
        return None
    scale = terms[best.id].scale
    here = best.public_id == attempt_public_id
    score = scaled(best.mark, best.out_of, scale)
    return OwnFinal(policy, len(rows), score, scale, best.outcome, best.started_at, here)


def own_result(sitting: SittingFacts, attempt_public_id: str, at: datetime, picture_url: PictureUrl) -> OwnResult:
    """The result of a finished attempt as its learner may see it at this instant."""
    row = own_attempt(attempt_public_id)
    terms = sitting.terms
    basis: dict[str, Any] = {
        "finished_at": row.finished_at,
        "finished_how": row.finished_how,
        "answered": row.answered,
        "count": len(row.items),
        "scale": terms.scale,
    }
    if terms.show_score is ShowScore.NEVER:
        return OwnResult(**basis)
    if not terms.score_is_shown(marked=row.mark is not None, ended=sitting.ended_at is not None):
        return OwnResult(**basis, waits=True)
    items: list[LookedOver] = []
    if terms.show_answers and answers_are_released(sitting.paper_id, at):
        items = _looked_over(row, sitting.paper_id, picture_url)
    family = attempts_of_family(attempt_public_id, sitting.counts_for)
    return OwnResult(
        **basis,
        mark=row.mark,
        out_of=row.out_of,
        score=scaled(row.mark, row.out_of, terms.scale),
        outcome=row.outcome,
        adjusted=row.adjusted,
        items=items,
        final=_final(family, attempt_public_id),
        renewing=open_renewal({sitting.paper_id, *(each.paper_id for each in family)}) is not None,
    )


def _looked_over(row: Any, paper_id: int, picture_url: PictureUrl) -> list[LookedOver]:
    """By the key that counts since it was last decided about, as the marks are."""
    items = keyed_items(row)
    keys = keys_now(paper_id, items)
    looked = []
    for item, mark in zip(items, row.marks, strict=True):
        ruling = keys.ruling(paper_id, item.version_id)
        body = item.body if ruling is None or ruling.body is None else ruling.body
        looked.append(
            LookedOver(
                render(item.text, picture_url),
                [render_line(line, picture_url) for line in given_lines(item.kind, item.body, item.answer)],
                [render_line(line, picture_url) for line in right_lines(item.kind, body)],
                render(item.feedback, picture_url),
                Decimal(mark),
                item.points,
                dropped=ruling is not None and ruling.action is Action.DROP,
            )
        )
    return looked
