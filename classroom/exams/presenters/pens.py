"""The fields into which a paper is keyed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from classroom.exams.rules.entries import Printed
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.pens import letter


@dataclass(frozen=True, slots=True)
class Field:
    """One question: its number and beginning, what is expected, what was typed, what is wrong with that."""

    place: int
    number: int
    label: str
    hint: str
    value: str
    error: str = ""


def fields_of(questions: Sequence[Printed], typed: Sequence[str], errors: Mapping[int, str]) -> list[Field]:
    """A field for each question, in printed order."""
    return [
        Field(place, question.number, question.label, hint(question), typed[place], errors.get(place, ""))
        for place, question in enumerate(questions)
    ]


def hint(question: Printed) -> str:
    """What is keyed in for this kind: A–D, Đ or S, a number, words, 1C 2A 3B, 3124."""
    last = letter(max(len(question.order) - 1, 0))
    words = {
        Kind.SINGLE: _("A–%(last)s", last=last),
        Kind.MULTIPLE: _("A–%(last)s, several", last=last),
        Kind.TRUE_FALSE: _("Đ or S"),
        Kind.NUMERICAL: _("number"),
        Kind.SHORT_ANSWER: _("words"),
        Kind.MATCHING: _("pairs, such as 1C 2A"),
        Kind.ORDERING: _("places, such as 3124"),
    }
    return str(words[question.kind])
