"""The terms of a paper, as a sitting copies them at its opening."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import timedelta
from enum import StrEnum
from typing import Any


class Counts(StrEnum):
    """Which of several attempts is the result."""

    BEST = "best"
    LAST = "last"
    FIRST = "first"


class ShowScore(StrEnum):
    """When a learner sees points and pass or fail."""

    AT_ONCE = "at_once"
    AFTER_END = "after_end"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Terms:
    """Minutes, shares and switches; see models.papers.Paper for what each means. Names are those of its columns."""

    title: str
    instructions: str = ""
    time_limit: int = 45
    entry_window: int | None = 15
    pass_percent: int = 50
    scale: int = 10
    layout: str = "one"
    shuffle_questions: bool = True
    shuffle_options: bool = True
    practice: bool = True
    attempts_allowed: int = 1
    counts: Counts = Counts.BEST
    show_score: ShowScore = ShowScore.AT_ONCE
    show_answers: bool = False
    require_present: bool = True
    require_sessions: int = 0
    grace: int = 10

    def score_is_shown(self, *, marked: bool, ended: bool) -> bool:
        """Whether a learner may see points and pass or fail; `ended` is the sitting."""
        when = {ShowScore.AT_ONCE: True, ShowScore.AFTER_END: ended, ShowScore.NEVER: False}
        return marked and when[self.show_score]

    @property
    def limit(self) -> timedelta:
        """How long one attempt lasts."""
        return timedelta(minutes=self.time_limit)

    @property
    def grace_time(self) -> timedelta:
        """How long after the deadline an answer that was on its way still counts."""
        return timedelta(seconds=self.grace)

    def to_json(self) -> dict[str, Any]:
        """JSON that `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Terms":
        """What was copied; a term that did not exist then has its default."""
        known = {each.name: kept[each.name] for each in fields(cls) if each.name in kept}
        known["counts"] = Counts(known.get("counts", Counts.BEST))
        known["show_score"] = ShowScore(known.get("show_score", ShowScore.AT_ONCE))
        return cls(**known)

    @classmethod
    def of(cls, paper: Any) -> "Terms":
        """The terms of a row of the table of papers."""
        return cls.from_json({each.name: getattr(paper, each.name) for each in fields(cls)})
