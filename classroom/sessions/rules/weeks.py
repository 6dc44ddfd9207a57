"""Calendar weeks as ISO 8601 counts them: Monday to Sunday, week 1 holds the year's first Thursday."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

#: Beyond these years there is no week before or after.
_YEARS = range(1900, 2200)
_SPELLED = re.compile(r"(\d{4})-W(\d{1,2})")


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """One week, written 2026-W42."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> "Week":
        """The week the day lies in."""
        year, number, _weekday = day.isocalendar()
        return cls(year, number)

    @classmethod
    def parse(cls, text: str) -> "Week | None":
        """The week so written, or None for anything else."""
        found = _SPELLED.fullmatch(text.strip())
        if not found or int(found[1]) not in _YEARS:
            return None
        try:
            return cls.of(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.number:02d}"

    @property
    def monday(self) -> date:
        """Its first day."""
        return date.fromisocalendar(self.year, self.number, 1)

    @property
    def days(self) -> tuple[date, ...]:
        """Its seven days."""
        return tuple(self.monday + timedelta(days=place) for place in range(7))

    def shifted(self, weeks: int) -> "Week":
        """So many weeks later, or earlier."""
        return Week.of(self.monday + timedelta(weeks=weeks))
