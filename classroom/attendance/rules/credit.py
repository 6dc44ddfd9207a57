"""Counting: statuses that add up to the roster, and what still has to be attended."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from classroom.attendance.rules.marks import CAME, Status

Key = TypeVar("Key")
#: What counts as attended until a course says otherwise.
ATTENDED = frozenset({Status.PRESENT, Status.LATE})


@dataclass(frozen=True, slots=True)
class Tally:
    """One class session in numbers; the seven statuses always add up to `roster`, guests stand beside it."""

    roster: int = 0
    present: int = 0
    late: int = 0
    left_early: int = 0
    excused: int = 0
    absent: int = 0
    not_applicable: int = 0
    unmarked: int = 0
    guests: int = 0

    @property
    def came(self) -> int:
        """Learners of the roster who were seen."""
        return self.present + self.late + self.left_early

    @property
    def expected(self) -> int:
        """Learners of the roster who could have come."""
        return self.roster - self.not_applicable

    @property
    def heads(self) -> int:
        """What a head count in the room should find."""
        return self.came + self.guests


def tally(roster: Iterable[Key], marks: Mapping[Key, Status | None], not_yet: Collection[Key] = frozenset()) -> Tally:
    """Count every place of the roster exactly once.

    `not_yet` are places whose enrolment took effect after the session; they need no mark of their own. A mark
    of somebody who is not on the roster is a guest's and counts as such if the guest came.
    """
    places = set(roster)
    counts = Counter(_status(place, marks, not_yet) for place in places)
    guests = sum(1 for place, status in marks.items() if place not in places and status in CAME)
    return Tally(
        roster=len(places),
        present=counts[Status.PRESENT],
        late=counts[Status.LATE],
        left_early=counts[Status.LEFT_EARLY],
        excused=counts[Status.EXCUSED],
        absent=counts[Status.ABSENT],
        not_applicable=counts[Status.NOT_APPLICABLE],
        unmarked=counts[None],
        guests=guests,
    )


@dataclass(frozen=True, slots=True)
class CourseRule:
    """At least `required` of the planned sessions, attended in a status that counts."""

    required: int = 5
    counts: frozenset[Status] = ATTENDED


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """One session of the learner's own class: its number in the course, and whether it took place."""

    number: int
    held: bool = False
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Attendance:
    """A mark of the learner in any class of the course, as a fact about a planned session."""

    number: int
    status: Status


@dataclass(frozen=True, slots=True)
class Credit:
    """Where a learner stands: `attended` of `held` so far, `required` of `planned` in the end.

    `possible` is what can still be reached if nothing more is missed in the own class; making up as a guest
    of another class may raise it.
    """

    attended: int
    held: int
    planned: int
    required: int
    still_needed: int
    possible: int

    @property
    def reached(self) -> bool:
        """Whether enough has been attended already."""
        return self.still_needed == 0

    @property
    def within_reach(self) -> bool:
        """Whether enough can still be attended in the own class."""
        return self.possible >= self.required


def credit(rule: CourseRule, planned: Iterable[PlannedSession], attendances: Iterable[Attendance]) -> Credit:
    """Count each planned session at most once, wherever it was attended.

    A cancelled session shrinks plan and requirement, unless the learner made it up elsewhere; joining late
    shrinks nothing. A class with fewer sessions than the rule asks for asks for all of them, and for one at
    least.
    """
    sessions = {each.number: each for each in planned}
    attended = {each.number for each in attendances if each.status in rule.counts and each.number in sessions}
    cancelled = {number for number, each in sessions.items() if each.cancelled} - attended
    living = sessions.keys() - cancelled
    held = {number for number in living if sessions[number].held} | attended
    required = max(min(rule.required, len(sessions)) - len(cancelled), min(rule.required, 1, len(living)))
    return Credit(
        attended=len(attended),
        held=len(held),
        planned=len(living),
        required=required,
        still_needed=max(0, required - len(attended)),
        possible=len(attended) + len(living - held),
    )


def _status(place: Key, marks: Mapping[Key, Status | None], not_yet: Collection[Key]) -> Status | None:
    return marks.get(place) or (Status.NOT_APPLICABLE if place in not_yet else None)
