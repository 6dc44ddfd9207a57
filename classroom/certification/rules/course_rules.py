"""What a course asks of who shall be certified, as data: kept as JSON, never changed, only followed by another."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from classroom.core.errors import Invalid

#: Half-days that a class can have, and per cent.
MOST_SESSIONS, MOST_PERCENT = 60, 100


@dataclass(frozen=True, slots=True)
class InPerson:
    """The way through a class: so many of the planned half-days (0: not asked), and a test.

    `paper` is the public id of a test paper; which attempt counts is the paper's own policy. Without `mark` its own
    pass line holds, with it so many per cent of the points.
    """

    sessions: int = 5
    paper: str = ""
    mark: int | None = None


@dataclass(frozen=True, slots=True)
class Online:
    """The way through an intake: completed within its limit, and so many per cent of the test and of the progress."""

    in_time: bool = True
    score: int | None = None
    progress: int | None = None


@dataclass(frozen=True, slots=True)
class CourseRule:
    """Either way is enough. `mixed`: also the half-days of a class together with the test of the online platform."""

    in_person: InPerson | None = None
    online: Online | None = None
    mixed: bool = False

    def as_json(self) -> dict[str, Any]:
        """What is kept in a RuleVersion."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "CourseRule":
        """The rule of a row."""
        in_person, online = kept.get("in_person"), kept.get("online")
        return cls(
            InPerson(**in_person) if in_person is not None else None,
            Online(**online) if online is not None else None,
            bool(kept.get("mixed")),
        )


def check_rule(rule: CourseRule, planned: int) -> None:
    """Raise Invalid for a rule that asks for nothing, or for what a course of so many half-days cannot give."""
    if rule.in_person is None and rule.online is None:
        raise Invalid("rule.no_path")
    if rule.in_person is not None:
        _check_in_person(rule.in_person, planned)
    if rule.online is not None:
        _check_online(rule.online)
    if rule.mixed and not (rule.in_person and rule.in_person.sessions and rule.online and rule.online.score):
        raise Invalid("rule.mixed_needs_both")


def _check_in_person(asked: InPerson, planned: int) -> None:
    if not 0 <= asked.sessions <= MOST_SESSIONS:
        raise Invalid("rule.sessions_range", most=planned)
    if asked.sessions > planned:
        raise Invalid("rule.too_many_sessions", planned=planned)
    if not asked.sessions and not asked.paper:
        raise Invalid("rule.in_person_empty")
    if asked.mark is not None and not asked.paper:
        raise Invalid("rule.mark_without_paper")
    _check_percent(asked.mark, "mark")


def _check_online(asked: Online) -> None:
    if not asked.in_time and asked.score is None and asked.progress is None:
        raise Invalid("rule.online_empty")
    _check_percent(asked.score, "score")
    _check_percent(asked.progress, "progress")


def _check_percent(value: int | None, field: str) -> None:
    if value is not None and not 1 <= value <= MOST_PERCENT:
        raise Invalid("rule.percent_range", field=field)


def default_rule(sessions: int, papers: list[str], *, online: bool) -> CourseRule:
    """What a new course begins with: its own requirement, its only test, and its intakes if it has any."""
    paper = papers[0] if len(papers) == 1 else ""
    return CourseRule(InPerson(sessions, paper), Online() if online else None)
