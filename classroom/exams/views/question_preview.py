"""A question as a coordinator looks at it before it is in the bank: with the right answer marked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext

from classroom.exams.rules.imports.drafts import Draft
from classroom.exams.rules.kinds import Kind, has_fixed_order
from classroom.web.words.question_files import KIND_NAMES

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Choice:
    """One line under a question: an option, an accepted answer, a pair or a step."""

    text: str
    right: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page says of one question."""

    draft: Draft
    kind: str
    choices: list[Choice]
    numbered: bool
    notes: list[str]


def show(draft: Draft) -> Shown:
    """The question in words."""
    content = draft.content
    notes = [gettext("The options keep their order.")] if has_fixed_order(content.body) else []
    if content.kind is Kind.SHORT_ANSWER:
        if not content.body.get("diacritics", True):
            notes.append(gettext("Answers without accents count."))
        if content.body.get("case"):
            notes.append(gettext("Small and capital letters are told apart."))
    numbered = content.kind is Kind.ORDERING
    return Shown(draft, str(KIND_NAMES[content.kind]), _CHOICES[content.kind](content.body), numbered, notes)


def _options(body: Body) -> list[Choice]:
    return [
        Choice(
            option["text"],
            option["right"],
            tuple(note for note in (_per_cent(option.get("weight")), option.get("feedback", "")) if note),
        )
        for option in body["options"]
    ]


def _true_false(body: Body) -> list[Choice]:
    return [Choice(gettext("True"), body["right"]), Choice(gettext("False"), not body["right"])]


def _numerical(body: Body) -> list[Choice]:
    return [Choice(_bounds(each), each["percent"] == "100", _unless_whole(each)) for each in body["answers"]]


def _short_answer(body: Body) -> list[Choice]:
    return [Choice(each["text"], each["percent"] == "100", _unless_whole(each)) for each in body["answers"]]


def _matching(body: Body) -> list[Choice]:
    pairs = [Choice(f"{pair['left']} → {pair['right']}", right=True) for pair in body["pairs"]]
    alone = (gettext("belongs to nothing"),)
    return [*pairs, *(Choice(each["text"], notes=alone) for each in body.get("extra", ()))]


def _ordering(body: Body) -> list[Choice]:
    return [Choice(item["text"], right=True) for item in body["items"]]


def _bounds(answer: Mapping[str, str]) -> str:
    if "low" in answer:
        return str(gettext("from %(low)s to %(high)s", low=_comma(answer["low"]), high=_comma(answer["high"])))
    value = _comma(answer["value"])
    return value if answer["tolerance"] == "0" else f"{value} ± {_comma(answer['tolerance'])}"


def _comma(number: str) -> str:
    return number.replace(".", ",")


def _per_cent(number: str | None) -> str:
    return f"{_comma(number)} %" if number else ""


def _unless_whole(answer: Mapping[str, str]) -> tuple[str, ...]:
    return () if answer["percent"] == "100" else (_per_cent(answer["percent"]),)


_CHOICES: dict[Kind, Callable[[Body], list[Choice]]] = {
    Kind.SINGLE: _options,
    Kind.MULTIPLE: _options,
    Kind.TRUE_FALSE: _true_false,
    Kind.NUMERICAL: _numerical,
    Kind.SHORT_ANSWER: _short_answer,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
}
