"""Class sessions as a week to look at."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from classroom.sessions.models import ClassSession
from classroom.sessions.rules.times import Part
from classroom.sessions.rules.weeks import Week


@dataclass(frozen=True)
class Day:
    """One day of a timetable: the sessions of each part, in order of time and class."""

    day: date
    is_today: bool
    parts: dict[str, list[ClassSession]]

    @property
    def empty(self) -> bool:
        """Whether nothing is held."""
        return not any(self.parts.values())


@dataclass(frozen=True)
class Timetable:
    """A week; evenings and weekends are there only when something is held then."""

    week: Week
    parts: Sequence[str]
    days: Sequence[Day]

    @property
    def empty(self) -> bool:
        """Whether the week holds nothing."""
        return all(day.empty for day in self.days)


def timetable(week: Week, class_sessions: Iterable[ClassSession], today: date) -> Timetable:
    """Sort sessions into the days and parts of a week."""
    cells: dict[tuple[date, str], list[ClassSession]] = {}
    for one in class_sessions:
        cells.setdefault((one.held_on, one.part), []).append(one)
    used = {part for _day, part in cells}
    parts = [part.value for part in Part if part is not Part.EVENING or part.value in used]
    last = max([4, *((day - week.monday).days for day, _part in cells)])
    days = [
        Day(day, day == today, {part: cells.get((day, part), []) for part in parts}) for day in week.days[: last + 1]
    ]
    return Timetable(week, parts, days)
