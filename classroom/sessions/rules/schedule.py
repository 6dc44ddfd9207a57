"""Plans of class sessions: laying out days, numbering, shifting, and what cannot be."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise

from classroom.core.clock import instant, local
from classroom.core.errors import Invalid
from classroom.sessions.rules.times import Part, Ranges, TimeRange, part_of

MOST_SESSIONS = 60
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A half-day as planned; `trainer` and `room` are public ids, or empty for none."""

    held_on: date
    ranges: Ranges
    topic: str = ""
    trainer: str = ""
    room: str = ""


@dataclass(frozen=True, slots=True)
class NumberedSession:
    """A planned half-day with its place in the class: number 1 is the morning of day 1."""

    number: int
    day_number: int
    part: Part
    plan: PlannedSession


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch between two instants."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        """Whether both share an instant; one may begin when the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def teaching_days(first: date, count: int, *, weekends: bool = False) -> list[date]:
    """So many days from `first` on; without weekends it moves past Saturdays and Sundays."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if weekends or day.weekday() < _SATURDAY:
            days.append(day)
        day += timedelta(days=1)
    return days


def default_plan(
    first: date, days: int, halves: Sequence[Ranges], *, weekends: bool = False, trainer: str = ""
) -> list[PlannedSession]:
    """Every half on every day; a plan that begins on a weekend day means weekends."""
    weekends = weekends or first.weekday() >= _SATURDAY
    return [
        PlannedSession(day, ranges, trainer=trainer)
        for day in teaching_days(first, days, weekends=weekends)
        for ranges in halves
        if ranges
    ]


def number_plan(plan: Iterable[PlannedSession]) -> list[NumberedSession]:
    """Put the plan into order and number it; raises Invalid for an empty, endless or overlapping one."""
    ordered = sorted(plan, key=lambda one: (one.held_on, one.ranges))
    if not ordered:
        raise Invalid("plan.empty")
    if len(ordered) > MOST_SESSIONS:
        raise Invalid("plan.too_long", most=MOST_SESSIONS)
    for earlier, later in pairwise(ordered):
        if earlier.held_on == later.held_on and later.ranges[0].starts < earlier.ranges[-1].ends:
            raise Invalid("plan.overlap", day=later.held_on)
    days = sorted({one.held_on for one in ordered})
    return [
        NumberedSession(number, days.index(one.held_on) + 1, part_of(one.ranges), one)
        for number, one in enumerate(ordered, 1)
    ]


def day_number_on(held_on: date, known: Sequence[tuple[date, int, bool]]) -> int:
    """The number of a day among sessions given as their day, its number and whether they were moved there.

    A day that exists keeps its number, and a moved one brings its own unless that is left behind; any other is next.
    """
    stayed = [number for day, number, moved in known if day == held_on and not moved]
    elsewhere = {number for day, number, _ in known if day != held_on}
    came = [number for day, number, _ in known if day == held_on and number not in elsewhere]
    following = max((number for _, number, _ in known), default=0) + 1
    return min(stayed or came or [following])


def shift_days(days: Iterable[date], first: date) -> dict[date, date]:
    """Where each day goes when the earliest one becomes `first`.

    A plan that knew no weekends keeps its distances in working days, any other in calendar days.
    """
    ordered = sorted(set(days))
    if not ordered:
        return {}
    if first.weekday() >= _SATURDAY or any(day.weekday() >= _SATURDAY for day in ordered):
        return {day: first + (day - ordered[0]) for day in ordered}
    distances = [_working_days(ordered[0], day) for day in ordered]
    targets = teaching_days(first, distances[-1] + 1)
    return {day: targets[distance] for day, distance in zip(ordered, distances, strict=True)}


def shift_plan(plan: Sequence[PlannedSession], first: date) -> list[PlannedSession]:
    """The same plan beginning on another day."""
    moved = shift_days((one.held_on for one in plan), first)
    return [replace(one, held_on=moved[one.held_on]) for one in plan]


def spans(held_on: date, ranges: Ranges, time_zone: str) -> list[Span]:
    """The instants of local times on a day."""
    return [Span(instant(held_on, one.starts, time_zone), instant(held_on, one.ends, time_zone)) for one in ranges]


def local_range(span: Span, time_zone: str) -> TimeRange:
    """A span as it reads on the wall clock of its day."""
    return TimeRange(local(span.starts_at, time_zone).time(), local(span.ends_at, time_zone).time())


def _working_days(first: date, last: date) -> int:
    return sum((first + timedelta(days=n)).weekday() < _SATURDAY for n in range((last - first).days))
