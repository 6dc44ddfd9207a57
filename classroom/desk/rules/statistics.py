"""Numbers of a course by class, intake, unit and day: pure counting."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from classroom.attendance.rules import ATTENDED
from classroom.attendance.rules.sat import SatCourse
from classroom.core.clock import local
from classroom.desk.rules.progress import OnlineLine


@dataclass(frozen=True, slots=True)
class Rate:
    """So many of so many."""

    name: str
    part: int
    whole: int

    @property
    def percent(self) -> float:
        """In per cent, to one place."""
        return round(100 * self.part / self.whole, 1) if self.whole else 0.0


@dataclass(frozen=True, slots=True)
class Marks:
    """Test results of one class: how many, their mean in per cent, how many passed."""

    name: str
    count: int
    mean: Decimal
    passed: int

    @property
    def percent(self) -> float:
        """Of those who sat it, who passed."""
        return round(100 * self.passed / self.count, 1) if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Completion:
    """One intake: how many accounts, and how many had completed by the end of each day since their issue."""

    name: str
    accounts: int
    #: From day 0 to the last day that counts, cumulative.
    by_day: tuple[int, ...]

    @property
    def percents(self) -> tuple[float, ...]:
        """The same in per cent of the accounts."""
        return tuple(round(100 * done / self.accounts, 1) if self.accounts else 0.0 for done in self.by_day)


def attendance_by_class(sat: Mapping[int, SatCourse], names: Mapping[int, str]) -> list[Rate]:
    """Half-days that were held: attended of expected, for each class."""
    whole, part = Counter[int](), Counter[int]()
    for place in _living(sat):
        for each in place.half_days:
            if each.held and not each.cancelled:
                whole[place.class_id] += 1
                part[place.class_id] += each.status in ATTENDED
    return [Rate(name, part[key], whole[key]) for key, name in names.items() if whole[key]]


def attendance_by_day(sat: Mapping[int, SatCourse]) -> list[tuple[date, Rate]]:
    """The same for each day on which something was held."""
    whole, part = Counter[date](), Counter[date]()
    for place in _living(sat):
        for each in place.half_days:
            if each.held and not each.cancelled:
                whole[each.held_on] += 1
                part[each.held_on] += each.status in ATTENDED
    return [(day, Rate(day.isoformat(), part[day], whole[day])) for day in sorted(whole)]


def completion(lines: Iterable[OnlineLine], names: Mapping[int, str], zone: str) -> list[Completion]:
    """Completed by day since issue; who completed before the issue, or after the last day, is in no day."""
    accounts, days = Counter[int](), dict[int, int]()
    done: dict[int, Counter[int]] = defaultdict(Counter)
    for line in lines:
        accounts[line.intake_id] += 1
        days[line.intake_id] = line.days
        if line.completed_at is not None and line.issued_on is not None:
            done[line.intake_id][(local(line.completed_at, zone).date() - line.issued_on).days] += 1
    found = []
    for key, name in names.items():
        if accounts[key]:
            run, total = [], 0
            for day in range(days[key] + 1):
                total += done[key][day]
                run.append(total)
            found.append(Completion(name, accounts[key], tuple(run)))
    return found


def marks_by_class(sat: Mapping[int, SatCourse], results: Mapping[int, Any], names: Mapping[int, str]) -> list[Marks]:
    """The results of the learners of each class, wherever they sat the test."""
    found: dict[int, list[Any]] = defaultdict(list)
    for key, result in results.items():
        if key in sat and not sat[key].ended:
            found[sat[key].class_id].append(result)
    return [
        Marks(
            name,
            len(theirs),
            (sum((each.percent for each in theirs), Decimal(0)) / len(theirs)).quantize(Decimal("0.1")),
            sum(each.passed for each in theirs),
        )
        for key, name in names.items()
        if (theirs := found[key])
    ]


def by_unit(counted: Iterable[tuple[str, str, int]], canonical: Mapping[str, str]) -> list[tuple[str, int]]:
    """Certificates by unit, spellings of one unit together, most first; `canonical` names the unit of an alias."""
    totals, names = Counter[str](), dict[str, str]()
    for folded, spelled, count in counted:
        name = canonical.get(folded, spelled)
        totals[name.casefold()] += count
        names.setdefault(name.casefold(), name)
    return sorted(((names[key], count) for key, count in totals.items()), key=lambda one: (-one[1], one[0]))


def _living(sat: Mapping[int, SatCourse]) -> Iterable[SatCourse]:
    return (place for place in sat.values() if not place.ended)
