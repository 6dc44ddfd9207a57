"""What was answered to a question, and what in its figures deserves a look."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from classroom.exams.rules.analysis import SMALL, ItemFigures
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.kinds import Kind, number_in
from classroom.exams.rules.marking import fraction, typed_form

#: Typed texts that are shown; the rest is counted together.
MOST_TYPED = 10
#: Under so many attempts nobody is advised.
FEW = 10
#: A wrong option with this share of all is "almost everybody".
ALMOST_ALL = 0.7
#: Facility, in per cent, beyond which a question tells nobody apart.
TOO_EASY = 95.0
TOO_HARD = 15.0


@dataclass(frozen=True, slots=True)
class Chosen:
    """One answer, or one part of one: `id` is an option, a typed text, or for parts `to` what was given for `id`.

    single, multiple: id of the option · true_false: "true", "false" · typed: the text · matching: left id, right id ·
    ordering: id of the item, its place from 1. `share` is of all attempts; `mean` is the mean total of who chose it.
    """

    id: str
    right: bool
    count: int
    share: float
    mean: float | None
    to: str = ""


@dataclass(frozen=True, slots=True)
class Distribution:
    """The answers of `n` attempts; `blank` left it open, `others` typed something less common than what is shown."""

    n: int
    chosen: tuple[Chosen, ...]
    blank: int
    others: int = 0


def distribution(kind: Kind, body: Mapping[str, Any], answers: Sequence[tuple[Answer | None, Decimal]]) -> Distribution:
    """Who chose what, from the answers with the total of each attempt. Options stand as written, nobody's with 0;
    other answers by how many gave them.
    """
    totals: dict[tuple[str, str], list[Decimal]] = {part: [] for part in _offered(kind, body)}
    right: dict[tuple[str, str], bool] = {part: _is_right(kind, body, part) for part in totals}
    blank = 0
    for answer, total in answers:
        blank += answer is None
        for part, good in _parts(kind, body, answer) if answer is not None else ():
            totals.setdefault(part, []).append(total)
            right.setdefault(part, good)
    rows = [_row(part, right[part], given, len(answers)) for part, given in totals.items()]
    if kind in {Kind.SINGLE, Kind.MULTIPLE, Kind.TRUE_FALSE}:
        return Distribution(len(answers), tuple(rows), blank)
    rows.sort(key=lambda row: (-row.count, row.id, row.to))
    shown = rows[:MOST_TYPED] if kind in {Kind.NUMERICAL, Kind.SHORT_ANSWER} else rows
    return Distribution(len(answers), tuple(shown), blank, sum(row.count for row in rows[len(shown) :]))


def guessing(kind: Kind, body: Mapping[str, Any]) -> float | None:
    """The facility that blind guessing gives, in per cent; None where nothing can be guessed at."""
    if kind is Kind.TRUE_FALSE:
        return 50.0
    if kind is not Kind.SINGLE:
        return None
    options = body["options"]
    return 100 * float(sum(fraction(kind, body, {"choice": option["id"]}) for option in options)) / len(options)


def advice(figures: ItemFigures, answers: Distribution, by_guessing: float | None = None) -> list[str]:
    """Codes `advice.*`, the gravest first; nothing for fewer than ten attempts, or where nothing is odd."""
    if figures.n < FEW or figures.facility is None:
        return []
    found = {
        "advice.key": any(not row.right and not row.to and row.share >= ALMOST_ALL for row in answers.chosen),
        "advice.negative": figures.discrimination is not None and figures.discrimination < 0,
        "advice.guessing": by_guessing is not None and figures.facility < by_guessing,
        "advice.too_hard": figures.facility < TOO_HARD,
        "advice.too_easy": figures.facility > TOO_EASY,
        "advice.unused_option": figures.n >= SMALL and any(not row.count for row in answers.chosen),
    }
    return [code for code, holds in found.items() if holds]


def _offered(kind: Kind, body: Mapping[str, Any]) -> list[tuple[str, str]]:
    if kind is Kind.TRUE_FALSE:
        return [("true", ""), ("false", "")]
    return [(option["id"], "") for option in body["options"]] if kind in {Kind.SINGLE, Kind.MULTIPLE} else []


def _is_right(kind: Kind, body: Mapping[str, Any], part: tuple[str, str]) -> bool:
    if kind is Kind.TRUE_FALSE:
        return bool(body["right"]) is (part[0] == "true")
    return any(option["right"] for option in body["options"] if option["id"] == part[0])


def _parts(kind: Kind, body: Mapping[str, Any], answer: Answer) -> Iterable[tuple[tuple[str, str], bool]]:
    """What an answer consists of, and whether each part is right."""
    if kind is Kind.SINGLE:
        return [((answer["choice"], ""), False)]
    if kind is Kind.MULTIPLE:
        return [((each, ""), False) for each in answer["choices"]]
    if kind is Kind.TRUE_FALSE:
        return [(("true" if answer["value"] else "false", ""), False)]
    if kind is Kind.MATCHING:
        return [((left, to), _fits(body, left, to)) for left, to in answer["pairs"].items()]
    if kind is Kind.ORDERING:
        places = zip(body["items"], answer["order"], strict=False)
        return [((given, str(place)), item["id"] == given) for place, (item, given) in enumerate(places, start=1)]
    return [((_typed(kind, body, answer["text"]), ""), fraction(kind, body, answer) > 0)]


def _fits(body: Mapping[str, Any], left: str, to: str) -> bool:
    return fraction(Kind.MATCHING, body, {"pairs": {left: to}}) > 0


def _typed(kind: Kind, body: Mapping[str, Any], text: str) -> str:
    if kind is Kind.SHORT_ANSWER:
        return typed_form(body, text)
    number = number_in(text)
    return " ".join(text.split()) if number is None else f"{number.normalize():f}"


def _row(part: tuple[str, str], right: bool, totals: Sequence[Decimal], n: int) -> Chosen:
    mean = float(sum(totals, Decimal()) / len(totals)) if totals else None
    return Chosen(part[0], right, len(totals), len(totals) / n if n else 0.0, mean, part[1])
