"""What a decision is made of: lines with what is required, what is there and where that comes from, and the ways."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from classroom.certification.rules.facts import OnlineFact

IN_PERSON, ONLINE, MIXED, LISTED = "in_person", "online", "mixed", "listed"
#: The ways that rest on a result from online.
WITH_ONLINE = (ONLINE, MIXED)
#: Every reason that a decision may give, in the order in which pages offer them.
REASONS = (
    "attendance.short",
    "attendance.withdrawn",
    "attendance.none",
    "test.none",
    "test.failed",
    "test.low",
    "online.no_result",
    "online.not_completed",
    "online.no_completion_day",
    "online.no_issue_day",
    "online.before_issue",
    "online.late",
    "online.no_score",
    "online.low_score",
    "online.low_progress",
    "online.retracted",
    "online.none",
    "listed.deny",
    "held.match",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One criterion: what is required, what is there, whether that is enough, and where it comes from (JSON values).

    `score` is a test's result as it shall be printed, such as "8,5/10".
    """

    path: str
    criterion: str
    met: bool
    required: dict[str, Any] = field(default_factory=dict)
    actual: dict[str, Any] = field(default_factory=dict)
    source: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    score: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is kept in an outcome and copied into a certificate."""
        return {
            "path": self.path,
            "criterion": self.criterion,
            "met": self.met,
            "required": self.required,
            "actual": self.actual,
            "source": self.source,
            "reason": self.reason,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class Track:
    """One way with its lines; `part`: whether the learner has set foot on it."""

    path: str
    part: bool
    lines: tuple[Line, ...]
    intake_id: int | None = None

    @property
    def passed(self) -> bool:
        """Whether every criterion is met."""
        return all(line.met for line in self.lines)


def spell(value: Decimal) -> str:
    """A number as it is printed: decimal comma, no needless zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def row_of(record: OnlineFact) -> dict[str, Any]:
    """The row of the import that says what a record says."""
    return {
        "record": record.record,
        "account": record.account,
        "intake": record.intake,
        "intake_name": record.intake_name,
        "import": record.import_id,
        "file": record.filename,
        "row": record.row,
    }


def iso(day: date | None) -> str:
    """A day as it is kept; empty for none."""
    return day.isoformat() if day else ""


def text_of(value: Decimal | None) -> str:
    """A number as it is printed; empty for none."""
    return "" if value is None else spell(value)
