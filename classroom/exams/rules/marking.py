"""Marking: what an answer is worth, exactly, from the version that was shown and the answer alone.

Shares are fractions, points are Decimals with five places; nothing in here is a float.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any, Protocol, TypeVar

from classroom.core.names import clean_name
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.kinds import Kind, number_in, option_ids
from classroom.exams.rules.terms import Counts

#: Grows whenever the same answer would earn other points; attempts keep which one marked them.
MARKER = 1
PLACES = 5

Body = Mapping[str, Any]
_NOTHING, _ALL = Fraction(0), Fraction(1)
_NIL = Decimal().scaleb(-PLACES)
_TONE = "[\u0300\u0301\u0303\u0309\u0323]"
#: hòa and hoà, thủy and thuỷ are two ways to write one word: where the tone stands is no matter.
_TONE_WITHIN_RHYME = re.compile(f"(o)({_TONE})([ae])|(u)({_TONE})(y)", re.IGNORECASE)


class Action(StrEnum):
    """What a coordinator decides about a question after it was answered."""

    REKEY = "rekey"
    FULL = "full"
    DROP = "drop"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A decision about one question of a paper; `body` is that of the version whose key counts, for a rekey."""

    action: Action
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One item as it is marked: what it is worth, what was shown, what was answered, what was decided since."""

    points: Decimal
    kind: Kind
    body: Body
    answer: Answer | None
    ruling: Ruling | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """The marks of an attempt's items in their order, their sum with the adjustments, and of how much."""

    marks: tuple[Decimal, ...]
    mark: Decimal
    out_of: Decimal
    passed: bool


class Countable(Protocol):
    """An attempt, as a row or as facts."""

    @property
    def id(self) -> Any: ...
    @property
    def state(self) -> Any: ...
    @property
    def started_at(self) -> Any: ...
    @property
    def mark(self) -> Any: ...
    @property
    def out_of(self) -> Any: ...


Attempt = TypeVar("Attempt", bound=Countable)


def fraction(kind: Kind, body: Body, answer: Answer | None) -> Fraction:
    """The share of an item's points that an answer earns, from 0 to 1; nothing answered earns nothing.

    Weights that an author wrote as 33.333 three times are shares of their sum: the best answer earns everything.
    """
    return _NOTHING if answer is None else _MARK[kind](body, answer)


def item_mark(share: Fraction, points: Decimal) -> Decimal:
    """That share of these points, to five places, half up."""
    return _rounded(share * Fraction(points), PLACES)


def mark_item(asked: Asked) -> tuple[Decimal, Decimal]:
    """The points of an item, and out of how many: a dropped one counts nothing out of nothing."""
    ruling = asked.ruling or Ruling(Action.NONE)
    if ruling.action is Action.DROP:
        return _NIL, _NIL
    if ruling.action is Action.FULL:
        return item_mark(_ALL, asked.points), asked.points
    body = asked.body if ruling.body is None else ruling.body
    return item_mark(fraction(asked.kind, body, asked.answer), asked.points), asked.points


def add_up(items: Sequence[tuple[Decimal, Decimal]], adjustments: Iterable[Decimal], pass_percent: int) -> Result:
    """The result of an attempt from what `mark_item` gave for its items.

    Adjustments never take it below nothing or above everything.
    """
    out_of = sum((most for _, most in items), _NIL)
    earned = sum((mark for mark, _ in items), _NIL) + sum(adjustments, _NIL)
    mark = min(max(earned, _NIL), out_of)
    return Result(tuple(mark for mark, _ in items), mark, out_of, passes(mark, out_of, pass_percent))


def can_rekey(kind: Kind, old: Body, new_kind: Kind, new: Body) -> bool:
    """Whether answers to one version can be marked by another: the same kind, and the same ids to choose from."""
    return kind is new_kind and _all_ids(kind, old) == _all_ids(kind, new)


def passes(mark: Decimal, out_of: Decimal, pass_percent: int) -> bool:
    """Whether the share of the points is reached, to the last hundred-thousandth; out of nothing nobody passes."""
    return out_of > 0 and mark * 100 >= out_of * pass_percent


def counting(attempts: Iterable[Attempt], counts: Counts) -> Attempt | None:
    """The attempt that is the result: of those finished and marked, the best, the last or the first begun.

    The best is that with the greatest share; of equals, the one begun first.
    """
    marked = [each for each in attempts if each.state == "finished" and each.mark is not None]
    in_order = sorted(marked, key=lambda each: (each.started_at, each.id))
    if not in_order:
        return None
    if counts is Counts.BEST:
        return max(in_order, key=lambda each: _share(each.mark, each.out_of))
    return in_order[-1 if counts is Counts.LAST else 0]


def scaled(mark: Decimal, out_of: Decimal, scale: int) -> Decimal:
    """The mark on a scale (thang điểm 10), to two places, half up; nothing out of nothing is 0."""
    return _rounded(_share(mark, out_of) * scale, 2)


def typed_form(body: Body, text: str) -> str:
    """What a typed text is compared by: NFC, single spaces, no case unless the author wants it.

    Diacritics stay unless the author says otherwise; on which vowel of an open rhyme the tone stands is no matter.
    """
    shown = clean_name(text)
    parts = unicodedata.normalize("NFD", shown if body.get("case") else shown.casefold())
    if body.get("diacritics", True):
        return unicodedata.normalize("NFC", _TONE_WITHIN_RHYME.sub(r"\1\3\2\4\6\5", parts))
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")


def _single(body: Body, answer: Answer) -> Fraction:
    options, chosen = body["options"], [answer.get("choice")]
    weights = _weights(options)
    if weights:
        return _part(_sum(weights, chosen), max(weights.values()))
    return _ALL if any(option["right"] and option["id"] in chosen for option in options) else _NOTHING


def _multiple(body: Body, answer: Answer) -> Fraction:
    options, chosen = body["options"], answer.get("choices", ())
    weights = _weights(options)
    if weights:
        return _part(_sum(weights, set(chosen)), sum((each for each in weights.values() if each > 0), _NOTHING))
    right = [option["id"] in chosen for option in options if option["right"]]
    wrong = [option["id"] in chosen for option in options if not option["right"]]
    return max(Fraction(sum(right), len(right)) - Fraction(sum(wrong), len(wrong) or 1), _NOTHING)


def _weights(options: Iterable[Mapping[str, Any]]) -> dict[str, Fraction]:
    """What the author wrote for each option; empty where nothing was written."""
    return {each["id"]: _exact(each["weight"]) for each in options if each.get("weight") is not None}


def _sum(weights: Mapping[str, Fraction], chosen: Iterable[Any]) -> Fraction:
    return sum((weights.get(each, _NOTHING) for each in chosen), _NOTHING)


def _part(earned: Fraction, best: Fraction) -> Fraction:
    return min(max(earned / best, _NOTHING), _ALL) if best > 0 else _NOTHING


def _true_false(body: Body, answer: Answer) -> Fraction:
    return _ALL if answer.get("value") is body["right"] else _NOTHING


def _numerical(body: Body, answer: Answer) -> Fraction:
    given = number_in(answer.get("text", ""))
    if given is None:
        return _NOTHING
    return _best(each["percent"] for each in body["answers"] if _is_within(each, Fraction(given)))


def _is_within(accepted: Mapping[str, str], given: Fraction) -> bool:
    if "low" in accepted:
        return _exact(accepted["low"]) <= given <= _exact(accepted["high"])
    return abs(given - _exact(accepted["value"])) <= _exact(accepted["tolerance"])


def _short_answer(body: Body, answer: Answer) -> Fraction:
    typed = typed_form(body, answer.get("text", ""))
    return _best(each["percent"] for each in body["answers"] if typed and typed == typed_form(body, each["text"]))


def _best(percents: Iterable[str]) -> Fraction:
    return max((_exact(each) / 100 for each in percents), default=_NOTHING)


def _matching(body: Body, answer: Answer) -> Fraction:
    made, texts = answer.get("pairs", {}), _texts_on_the_right(body)
    pairs = body["pairs"]
    right = sum(1 for pair in pairs if pair["id"] in made and texts.get(made[pair["id"]]) == pair["right"])
    return Fraction(right, len(pairs))


def _texts_on_the_right(body: Body) -> dict[str, str]:
    """The text behind each id, also those of equal texts that are shown as one."""
    own = {pair["id"]: pair["right"] for pair in body["pairs"]}
    return own | {each["id"]: each["text"] for each in body.get("extra", ())}


def _ordering(body: Body, answer: Answer) -> Fraction:
    items = body["items"]
    right = sum(1 for item, given in zip(items, answer.get("order", ()), strict=False) if item["id"] == given)
    return Fraction(right, len(items))


def _all_ids(kind: Kind, body: Body) -> tuple[set[str], ...]:
    if kind is Kind.MATCHING:
        return {pair["id"] for pair in body["pairs"]}, set(_texts_on_the_right(body))
    return (set(option_ids(kind, body)),)


@lru_cache(maxsize=4096)
def _exact(number: str) -> Fraction:
    """A number that an author wrote; `flaws` let no other text through."""
    return Fraction(number_in(str(number)) or 0)


def _share(mark: Decimal, out_of: Decimal) -> Fraction:
    return Fraction(mark) / Fraction(out_of) if out_of else _NOTHING


def _rounded(value: Fraction, places: int) -> Decimal:
    """Half up, for what is never negative."""
    return Decimal(floor(value * 10**places + Fraction(1, 2))).scaleb(-places)


_MARK: dict[Kind, Callable[[Body, Answer], Fraction]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numerical,
    Kind.SHORT_ANSWER: _short_answer,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
