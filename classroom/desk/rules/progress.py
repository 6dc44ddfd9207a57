"""How far everybody of a course has come, in rooms and online, and who needs a call: pure counting."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from classroom.attendance.rules import ATTENDED, Status
from classroom.attendance.rules.sat import SatCourse

#: Days before the end within which somebody who has not completed is called: day 8 of 10, and the two after it.
LAST_DAYS: Final = 2
ABSENCES: Final = 2
#: Why somebody is to be called, in the order in which pages name them.
RISKS: Final = (
    "online.ending",
    "online.over",
    "online.late",
    "rooms.unreachable",
    "rooms.absent",
    "test.failed",
    "held.match",
)
#: Given an issue's day and days: from when to when (not included) a completion counts.
Limits = Callable[[date, int], tuple[datetime, datetime]]


@dataclass(slots=True)
class Steps:
    """One funnel."""

    invited: int = 0
    active: int = 0
    enough: int = 0
    tested: int = 0
    passed: int = 0
    certified: int = 0

    def add(self, *, active: bool, enough: bool, tested: bool, passed: bool, certified: bool) -> None:
        """Count one person."""
        self.invited += 1
        self.active += active
        self.enough += enough
        self.tested += tested
        self.passed += passed
        self.certified += certified


class OnlineLine(NamedTuple):
    """One account with what the newest report says of it; `reported` is false while no report names it."""

    learner_id: int
    intake_id: int
    days: int
    issued_on: date | None = None
    completed_at: datetime | None = None
    progress: Decimal | None = None
    score: Decimal | None = None
    said: str = ""
    reported: bool = True


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a course as a whole; test results are "pass" or "fail" by learner."""

    sessions: int
    least_score: int | None = None
    tests: Mapping[int, str] = field(default_factory=dict)
    decided: Mapping[int, str] = field(default_factory=dict)
    certified: Collection[int] = frozenset()
    held: Collection[int] = frozenset()


@dataclass(slots=True)
class Risk:
    """One person to call, for one or several reasons; `lacking` are numbers that words are filled with."""

    learner_id: int
    class_id: int | None = None
    intake_id: int | None = None
    reasons: list[str] = field(default_factory=list)
    sessions: int = 0
    progress: Decimal | None = None
    last_day: date | None = None


@dataclass(slots=True)
class Progress:
    """A course: both worlds as a whole and by group, how many are in both, and who needs a call."""

    rooms: Steps = field(default_factory=Steps)
    online: Steps = field(default_factory=Steps)
    classes: dict[int, Steps] = field(default_factory=lambda: defaultdict(Steps))
    intakes: dict[int, Steps] = field(default_factory=lambda: defaultdict(Steps))
    both: int = 0
    risks: list[Risk] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many people are to be called for each reason; who has two counts in both."""
        return {code: sum(code in one.reasons for one in self.risks) for code in RISKS}


def weigh(
    known: Known, sat: Mapping[int, SatCourse], online: Iterable[OnlineLine], today: date, limits: Limits
) -> Progress:
    """Count everybody; who is certified or has passed by decision is called for nothing."""
    found, risks = Progress(), dict[int, Risk]()
    limits = lru_cache(maxsize=None)(limits)
    in_rooms = {key: place for key, place in sat.items() if not place.ended}
    for key, place in in_rooms.items():
        _in_room(found, risks, known, key, place)
    accounts: dict[int, list[OnlineLine]] = defaultdict(list)
    for line in online:
        accounts[line.learner_id].append(line)
    for key, lines in accounts.items():
        _online(found, risks, known, key, lines, today, limits)
    found.both = len(in_rooms.keys() & accounts.keys())
    for key in known.held:
        if key in in_rooms or key in accounts:
            _risk(risks, known, key, "held.match")
    found.risks = sorted(risks.values(), key=lambda one: (RISKS.index(one.reasons[0]), one.last_day or today))
    return found


def _in_room(found: Progress, risks: dict[int, Risk], known: Known, key: int, place: SatCourse) -> None:
    credit = place.credit(known.sessions)
    tested = known.tests.get(key, "")
    flags = {
        "active": any(each.status in ATTENDED for each in place.half_days),
        "enough": credit.reached,
        "tested": tested == "pass",
        **_ends(known, key),
    }
    found.rooms.add(**flags)
    found.classes[place.class_id].add(**flags)
    missed = sum(each.held and not each.cancelled and each.status in {None, Status.ABSENT} for each in place.half_days)
    reasons = []
    if not credit.reached and not credit.within_reach:
        reasons.append("rooms.unreachable")
    elif not credit.reached and missed >= ABSENCES:
        reasons.append("rooms.absent")
    if tested == "fail":
        reasons.append("test.failed")
    for reason in reasons:
        if one := _risk(risks, known, key, reason):
            one.class_id, one.sessions = place.class_id, credit.still_needed


def _online(
    found: Progress,
    risks: dict[int, Risk],
    known: Known,
    key: int,
    lines: list[OnlineLine],
    today: date,
    limits: Limits,
) -> None:
    """Somebody with two accounts counts once in the whole, by the better of each, and once in either intake."""
    told = [_flags(known, line, limits) for line in lines]
    ends = _ends(known, key)
    for line, flags in zip(lines, told, strict=True):
        found.intakes[line.intake_id].add(**flags, **ends)
    best = told[0] if len(told) == 1 else {name: any(flags[name] for flags in told) for name in told[0]}
    found.online.add(**best, **ends)
    if best["enough"]:
        return
    line = lines[0] if len(lines) == 1 else max(lines, key=lambda each: each.issued_on or date.min)
    reason = _lateness(line, today)
    if reason and (one := _risk(risks, known, key, reason)):
        one.intake_id, one.progress, one.last_day = line.intake_id, line.progress, _last(line)


def _flags(known: Known, line: OnlineLine, limits: Limits) -> dict[str, bool]:
    in_time = False
    if line.completed_at is not None and line.issued_on is not None:
        first, after = limits(line.issued_on, line.days)
        in_time = first <= line.completed_at < after
    if known.least_score is None:
        tested = line.said == "passed"
    else:
        tested = line.score is not None and line.score >= known.least_score
    return {"active": line.reported and bool(line.progress or line.completed_at), "enough": in_time, "tested": tested}


def _lateness(line: OnlineLine, today: date) -> str:
    last = _last(line)
    if line.completed_at is not None:
        return "online.late" if line.issued_on else ""
    if last is None:
        return ""
    left = (last - today).days
    return "online.over" if left < 0 else "online.ending" if left <= LAST_DAYS else ""


def _last(line: OnlineLine) -> date | None:
    return line.issued_on + timedelta(line.days) if line.issued_on else None


def _ends(known: Known, key: int) -> dict[str, bool]:
    certified = key in known.certified
    return {"passed": certified or known.decided.get(key) == "pass", "certified": certified}


def _risk(risks: dict[int, Risk], known: Known, key: int, reason: str) -> Risk | None:
    if key in known.certified or known.decided.get(key) == "pass":
        return None
    one = risks.setdefault(key, Risk(key))
    one.reasons.append(reason)
    return one
