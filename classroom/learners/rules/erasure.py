"""When a request to be erased must be answered, and what stays of a learner then. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from classroom.core.reasons import NEUTRAL
from classroom.learners.rules.facts import LearnerFacts

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class AskedErasure:
    """A request as it came in: who asked, how it was made sure that this is the person, and perhaps why."""

    asked_by: str
    identity: str
    reason: str = ""
    received_on: date | None = None


def due_day(received_on: date, working_days: int) -> date:
    """The last day for an answer: so many days from Monday to Friday after the one on which the request came in.

    Public holidays are not counted off: the answer is rather early than late.
    """
    day, left = received_on, working_days
    while left > 0:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def erased_columns() -> dict[str, Any]:
    """What stands in a learner's row afterwards; the audience stays, because statistics count by it."""
    columns = LearnerFacts(name=NEUTRAL).columns()
    del columns["audience"]
    return columns


def add_up(answers: Iterable[Mapping[str, int] | None]) -> dict[str, int]:
    """What the rooms have answered, as one list without what is nothing."""
    found: dict[str, int] = {}
    for answer in answers:
        for name, count in (answer or {}).items():
            if count:
                found[name] = found.get(name, 0) + count
    return found
