"""The question before the first one: it counts for nothing and is nobody's secret."""

from dataclasses import dataclass

from flask_babel import gettext as _

from classroom.exams.presenters.showing import ShownQuestion, show_question
from classroom.exams.rules.kinds import Kind


@dataclass(frozen=True, slots=True)
class Practice:
    """The question as a phone shows it, and the id of the right option."""

    question: ShownQuestion
    right: str


def practice_question() -> Practice:
    """Two and three, in the reader's language."""
    body = {"options": [{"id": each, "text": text} for each, text in (("a", "4"), ("b", "5"), ("c", "6"))]}
    text = _("For practice: how much is 2 + 3?")
    return Practice(show_question(0, Kind.SINGLE, text, body, ["a", "b", "c"], str), "b")
