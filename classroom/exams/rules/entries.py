"""Papers answered by pen are keyed in twice: what an entry says, and where two of them differ."""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from classroom.core.errors import Invalid
from classroom.exams.rules.answers import Answer
from classroom.exams.rules.kinds import Kind, number_in
from classroom.exams.rules.pens import from_pen

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Printed:
    """One question as it stands on a printed form; `number` counts from 1, `label` is how it begins."""

    number: int
    kind: Kind
    body: Mapping[str, Any]
    order: tuple[str, ...]
    label: str = ""

    def read(self, typed: str) -> Answer | None:
        """The answer behind what was keyed in; raises Invalid `pen.*`."""
        return from_pen(self.kind, self.body, self.order, typed)


def unreadable(form: Sequence[Printed], typed: Sequence[str]) -> dict[int, Invalid]:
    """By place from 0, what cannot be read and why; raises Invalid `pen_entry.shape` for another number of fields."""
    if len(typed) != len(form):
        raise Invalid("pen_entry.shape")
    found = {}
    for place, (question, text) in enumerate(zip(form, typed, strict=True)):
        if len(text) > LONGEST:
            found[place] = Invalid("pen.too_long", most=LONGEST)
            continue
        try:
            question.read(text)
        except Invalid as refusal:
            found[place] = refusal
    return found


def differences(form: Sequence[Printed], first: Sequence[str], second: Sequence[str]) -> list[int]:
    """Places from 0 where two readable entries do not say the same; how it was typed does not matter."""
    pairs = zip(form, first, second, strict=True)
    return [
        place for place, (question, one, other) in enumerate(pairs) if _said(question, one) != _said(question, other)
    ]


def _said(question: Printed, typed: str) -> object:
    answer = question.read(typed)
    if answer is None or "text" not in answer:
        return answer
    if question.kind is Kind.NUMERICAL:
        return number_in(answer["text"])
    return " ".join(unicodedata.normalize("NFC", answer["text"]).split())
