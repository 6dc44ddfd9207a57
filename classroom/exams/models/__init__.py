"""Tables of tests."""

from classroom.core.points import Points
from classroom.exams.models.bank import Question, QuestionImport, QuestionPicture, QuestionVersion, Topic
from classroom.exams.models.papers import Paper, PaperPart, PrintedForm, Ruling
from classroom.exams.models.sittings import (
    Adjustment,
    Attempt,
    AttemptDevice,
    GatePass,
    Kiosk,
    PaperEntry,
    Response,
    Sitting,
    StrayAnswer,
)

__all__ = [
    "Adjustment",
    "Attempt",
    "AttemptDevice",
    "GatePass",
    "Kiosk",
    "Paper",
    "PaperEntry",
    "PaperPart",
    "Points",
    "PrintedForm",
    "Question",
    "QuestionImport",
    "QuestionPicture",
    "QuestionVersion",
    "Response",
    "Ruling",
    "Sitting",
    "StrayAnswer",
    "Topic",
]
