"""The seven kinds of question, and what an author must have written for one to be asked.

`body` is JSON, by kind; ids are short texts, unique within the question, and never tell what is right:

- single, multiple: `{"options": [{"id", "text", "right", "weight"?, "feedback"?}], "fixed_order"?}`. `weight` is per
  cent as text, for partial credit that the author wrote; on all options or on none.
- true_false: `{"right": true}`
- numerical: `{"answers": [{"value", "tolerance"} or {"low", "high"}, and "percent"]}`, numbers as text with a point
- short_answer: `{"answers": [{"text", "percent"}], "diacritics": true, "case": false}`
- matching: `{"pairs": [{"id", "left", "right"}], "extra": [{"id", "text"}]}`; equal texts on the right are one choice
- ordering: `{"items": [{"id", "text"}]}`, in the right order
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from classroom.core.names import fold


class Kind(StrEnum):
    """What a learner has to do."""

    SINGLE = "single"
    MULTIPLE = "multiple"
    TRUE_FALSE = "true_false"
    NUMERICAL = "numerical"
    SHORT_ANSWER = "short_answer"
    MATCHING = "matching"
    ORDERING = "ordering"


LONGEST_TITLE = 200
LONGEST_TEXT = 8000
LONGEST_OPTION = 1000
LONGEST_SHORT_ANSWER = 200
MOST_OPTIONS = 20
#: Ids of options, in the order in which an author writes them.
OPTION_IDS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Content:
    """One version of a question as an author writes it; texts are the Markdown subset of core.markup."""

    kind: Kind
    text: str
    body: Mapping[str, Any]
    title: str = ""
    feedback: str = ""

    @property
    def digest(self) -> str:
        """Equal for contents that are the same."""
        parts = [self.kind.value, self.title, self.text, self.body, self.feedback]
        return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def searchable(self) -> str:
        """Everything one would look a question up by, folded."""
        return fold(" ".join([self.title, self.text, *option_texts(self.kind, self.body)]))


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a question: a code `question.*` for words, the field it is about, details for the words."""

    code: str
    where: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


def flaws(content: Content) -> list[Flaw]:
    """Everything that keeps the question from being asked; an empty list for a good one."""
    found = []
    if not content.text.strip():
        found.append(Flaw("question.no_text", "text"))
    for name, text, most in (
        ("title", content.title, LONGEST_TITLE),
        ("text", content.text, LONGEST_TEXT),
        ("feedback", content.feedback, LONGEST_TEXT),
    ):
        if len(text) > most:
            found.append(Flaw("question.too_long", name, {"most": most}))
    return found + _BODY_FLAWS[content.kind](content.body)


def option_ids(kind: Kind, body: Mapping[str, Any]) -> list[str]:
    """The ids of what is shown in a drawn order: options, choices on the right, items; empty for other kinds."""
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        return [option["id"] for option in body["options"]]
    if kind is Kind.MATCHING:
        return list(choices(body))
    return [item["id"] for item in body["items"]] if kind is Kind.ORDERING else []


def shown_texts(kind: Kind, body: Mapping[str, Any]) -> dict[str, str]:
    """What `option_ids` names, id and text."""
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        return {option["id"]: option["text"] for option in body["options"]}
    if kind is Kind.MATCHING:
        return choices(body)
    return {item["id"]: item["text"] for item in body["items"]} if kind is Kind.ORDERING else {}


def choices(body: Mapping[str, Any]) -> dict[str, str]:
    """What may be matched: id and text, each text once."""
    seen: dict[str, str] = {}
    for part in [*body["pairs"], *body.get("extra", ())]:
        text = part.get("right", part.get("text", ""))
        if text not in seen.values():
            seen[part["id"]] = text
    return seen


def option_texts(kind: Kind, body: Mapping[str, Any]) -> list[str]:
    """The texts of options, pairs or items, for search; accepted answers of open kinds are no part of it."""
    if kind in {Kind.SINGLE, Kind.MULTIPLE}:
        return [option["text"] for option in body.get("options", ())]
    if kind is Kind.MATCHING:
        return [text for pair in body.get("pairs", ()) for text in (pair["left"], pair["right"])]
    return [item["text"] for item in body.get("items", ())] if kind is Kind.ORDERING else []


def has_fixed_order(body: Mapping[str, Any]) -> bool:
    """Whether the author wants the options as written ("all of the above")."""
    return bool(body.get("fixed_order"))


def number_in(text: str) -> Decimal | None:
    """The number that a person wrote with a comma or a point; None for anything else, and for several of them.

    A single comma or point is the decimal sign; spaces (also narrow ones) group digits.
    """
    bare = "".join(text.split()).replace("\N{MINUS SIGN}", "-").replace(",", ".")
    if not bare or len(bare) > 40 or bare.count(".") > 1 or "_" in bare or not bare.isascii():
        return None
    try:
        number = Decimal(bare)
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= 40 else None


def _choice_flaws(body: Mapping[str, Any], *, one: bool) -> list[Flaw]:
    options = body.get("options", [])
    found = _text_flaws([option["text"] for option in options], "options", least=2)
    if any(len(option.get("feedback") or "") > LONGEST_OPTION for option in options):
        found.append(Flaw("question.feedback_too_long", "options", {"most": LONGEST_OPTION}))
    right = [option for option in options if option["right"]]
    if not right:
        found.append(Flaw("question.no_right_answer", "options"))
    if one and len(right) > 1:
        found.append(Flaw("question.several_right", "options"))
    weights = [option.get("weight") for option in options]
    if any(weight is not None for weight in weights):
        found += _weight_flaws(weights, one=one)
    return found


def _weight_flaws(weights: Sequence[str | None], *, one: bool) -> list[Flaw]:
    numbers = [number_in(weight or "") for weight in weights]
    if any(number is None or not -100 <= number <= 100 for number in numbers):
        return [Flaw("question.bad_weight", "options")]
    known = [number for number in numbers if number is not None]
    best = max(known) if one else sum((number for number in known if number > 0), Decimal())
    return [] if abs(best - 100) <= 1 else [Flaw("question.weights_not_100", "options")]


def _true_false_flaws(body: Mapping[str, Any]) -> list[Flaw]:
    return [] if isinstance(body.get("right"), bool) else [Flaw("question.no_right_answer", "right")]


def _numerical_flaws(body: Mapping[str, Any]) -> list[Flaw]:
    answers = body.get("answers", [])
    found = _percent_flaws(answers)
    for answer in answers:
        names = ("low", "high") if "low" in answer else ("value", "tolerance")
        one, other = (number_in(str(answer.get(name, ""))) for name in names)
        if one is None or other is None:
            found.append(Flaw("question.bad_number", "answers"))
        elif ("low" in answer and one > other) or ("value" in answer and other < 0):
            found.append(Flaw("question.bad_range", "answers"))
    return found


def _short_answer_flaws(body: Mapping[str, Any]) -> list[Flaw]:
    answers = body.get("answers", [])
    texts = [answer["text"] for answer in answers]
    return _percent_flaws(answers) + _text_flaws(texts, "answers", least=0, longest=LONGEST_SHORT_ANSWER)


def _percent_flaws(answers: Sequence[Mapping[str, Any]]) -> list[Flaw]:
    percents = [number_in(str(answer.get("percent", ""))) for answer in answers]
    if any(percent is None or not 0 <= percent <= 100 for percent in percents):
        return [Flaw("question.bad_weight", "answers")]
    return [] if 100 in percents else [Flaw("question.no_right_answer", "answers")]


def _matching_flaws(body: Mapping[str, Any]) -> list[Flaw]:
    pairs, extra = body.get("pairs", []), body.get("extra", [])
    found = _text_flaws([pair["left"] for pair in pairs], "pairs", least=2)
    rights = [pair["right"] for pair in pairs] + [each["text"] for each in extra]
    found += [flaw for flaw in _text_flaws(rights, "pairs", least=2) if flaw.code != "question.equal_options"]
    if len({text.strip() for text in rights}) < 2:
        found.append(Flaw("question.one_choice", "pairs"))
    return found


def _ordering_flaws(body: Mapping[str, Any]) -> list[Flaw]:
    return _text_flaws([item["text"] for item in body.get("items", [])], "items", least=2)


def _text_flaws(texts: Sequence[str], name: str, *, least: int, longest: int = LONGEST_OPTION) -> list[Flaw]:
    found = []
    if len(texts) < least:
        found.append(Flaw("question.too_few_options", name, {"least": least}))
    if len(texts) > MOST_OPTIONS:
        found.append(Flaw("question.too_many_options", name, {"most": MOST_OPTIONS}))
    if any(not text.strip() for text in texts):
        found.append(Flaw("question.empty_option", name))
    if any(len(text) > longest for text in texts):
        found.append(Flaw("question.too_long", name, {"most": longest}))
    seen: set[str] = set()
    for text in (" ".join(text.split()) for text in texts if text.strip()):
        if text in seen:
            found.append(Flaw("question.equal_options", name, {"text": text[:80]}))
        seen.add(text)
    return found


_BODY_FLAWS = {
    Kind.SINGLE: lambda body: _choice_flaws(body, one=True),
    Kind.MULTIPLE: lambda body: _choice_flaws(body, one=False),
    Kind.TRUE_FALSE: _true_false_flaws,
    Kind.NUMERICAL: _numerical_flaws,
    Kind.SHORT_ANSWER: _short_answer_flaws,
    Kind.MATCHING: _matching_flaws,
    Kind.ORDERING: _ordering_flaws,
}
