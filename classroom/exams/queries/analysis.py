"""The analysis of a sitting or a paper: every question with its figures, answers and advice."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from classroom.exams.queries.keys import Version
from classroom.exams.queries.results import Go, Results, answers_of
from classroom.exams.rules.analysis import Figures, ItemFigures, analyse
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.distribution import Distribution, advice, distribution, guessing
from classroom.exams.rules.marking import Action, Ruling, can_rekey

#: A question at the points that it is worth: the same question for other points is a line of its own.
Key = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One question of the paper. `version` is the newest that was answered; answers to older ones are counted with it
    where they had the same options, and `left_out` says how many had not.
    """

    version: Version
    points: Decimal
    ruling: Ruling | None
    figures: ItemFigures
    answers: Distribution
    left_out: int
    advice: Sequence[str]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole test, over the attempt that counts of each learner; items in the order of the paper's parts."""

    figures: Figures
    items: Sequence[ItemReport]


def analysis_of(results: Results) -> Report:
    """Figures over what counts. Totals are the marks of the items, without adjustments: those belong to no question."""
    goes = [go for go in results.counted.values() if go.marks is not None]
    given, keys = answers_of(results), _keys(results, goes)
    figures = _figures(results, goes, keys)
    cases = _cases(results, goes, given)
    items = [_report(results, key, each, cases[key]) for key, each in zip(keys, figures.items, strict=True)]
    return Report(figures, items)


@dataclass(frozen=True, slots=True)
class _Case:
    version: Version
    answer: Answer | None
    total: Decimal


def _key(results: Results, go: Go, item: Mapping[str, Any]) -> Key:
    paper_id = results.sittings[go.sitting_id].paper_id
    return paper_id, item["q"], item["p"]


def _keys(results: Results, goes: Sequence[Go]) -> list[Key]:
    """The columns: by part of the paper, then by question."""
    part: dict[Key, int] = {}
    for go in goes:
        for item in go.items:
            part.setdefault(_key(results, go, item), item["part"])
    return sorted(part, key=lambda key: (key[0], part[key], key[1], key[2]))


def _figures(results: Results, goes: Sequence[Go], keys: Sequence[Key]) -> Figures:
    """A dropped question is as one that was not asked."""
    column = {key: place for place, key in enumerate(keys)}
    rows, places = [], []
    for go in goes:
        row: list[Decimal | None] = [None] * len(keys)
        held = [
            (item["part"], _key(results, go, item), Decimal(mark))
            for item, mark in zip(go.items, go.marks or (), strict=True)
            if not _is_dropped(results, go, item)
        ]
        for _, key, mark in held:
            row[column[key]] = mark
        rows.append(row)
        places.append([mark for _, _, mark in sorted(held, key=lambda each: each[0])])
    alike = len({len(each) for each in places}) == 1 and len({key[0] for key in keys}) == 1
    return analyse(rows, [Decimal(points) for _, _, points in keys], places if alike else None)


def _is_dropped(results: Results, go: Go, item: Mapping[str, Any]) -> bool:
    ruling = results.keys.ruling(results.sittings[go.sitting_id].paper_id, item["v"])
    return ruling is not None and ruling.action is Action.DROP


def _cases(results: Results, goes: Sequence[Go], given: Mapping[int, Mapping[int, Answer]]) -> dict[Key, list[_Case]]:
    found: dict[Key, list[_Case]] = defaultdict(list)
    for go in goes:
        total = sum((Decimal(mark) for mark in go.marks or ()), Decimal())
        answers = given.get(go.id, {})
        for place, item in enumerate(go.items):
            version = results.keys.versions[item["v"]]
            found[_key(results, go, item)].append(_Case(version, answers.get(place), total))
    return found


def _report(results: Results, key: Key, figures: ItemFigures, cases: Sequence[_Case]) -> ItemReport:
    paper_id, _, points = key
    newest = max((case.version for case in cases), key=lambda version: version.number)
    ruling = results.keys.ruling(paper_id, newest.id)
    body = newest.body if ruling is None or ruling.body is None else ruling.body
    shown = {case.version.id: case.version for case in cases}
    fits = {key: can_rekey(each.kind, each.body, newest.kind, newest.body) for key, each in shown.items()}
    fitting = [case for case in cases if fits[case.version.id]]
    answers = distribution(newest.kind, body, [(case.answer, case.total) for case in fitting])
    settled = ruling is not None and ruling.action in {Action.FULL, Action.DROP}
    return ItemReport(
        version=newest,
        points=Decimal(points),
        ruling=ruling,
        figures=figures,
        answers=answers,
        left_out=len(cases) - len(fitting),
        advice=[] if settled else advice(figures, answers, guessing(newest.kind, body)),
    )
