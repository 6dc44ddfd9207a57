"""What a class is made of, how many it may hold, and from when a learner belongs to it."""

from dataclasses import dataclass, field
from datetime import datetime

from classroom.core.errors import Invalid, Refusal

USUAL_CAPACITY = 100
MOST_CAPACITY = 1000


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Seconds a rotating code lives (5 to 60), minutes before and after the start, and which codes there are.

    With `check_out` learners check out, too; whoever goes earlier than `left_early_before` minutes leaves early.
    """

    code_period: int = 10
    opens_before: int = 30
    late_after: int = 15
    typed_code: bool = True
    fixed_code: bool = False
    check_out: bool = False
    left_early_before: int = 15

    def check(self) -> None:
        """Refuse settings under which nobody could check in."""
        if not 5 <= self.code_period <= 60:
            raise Invalid("class.code_period")
        if not all(0 <= each <= 240 for each in (self.opens_before, self.late_after, self.left_early_before)):
            raise Invalid("class.minutes")


@dataclass(frozen=True, slots=True)
class ClassFacts:
    """What a coordinator decides about a class, sessions apart; `room` and `trainers` are public ids."""

    code: str
    title: str = ""
    room: str = ""
    trainers: tuple[str, ...] = ()
    capacity: int = USUAL_CAPACITY
    check_in: CheckIn = field(default_factory=CheckIn)


def comfortable(seats: int | None) -> int:
    """How many a class holds without being asked twice: 100, or fewer where the room has fewer seats."""
    return min(USUAL_CAPACITY, seats or USUAL_CAPACITY)


def check_capacity(capacity: int, seats: int | None, *, knowingly: bool) -> None:
    """More than is comfortable is taken only from somebody who says that it is meant."""
    if not 1 <= capacity <= MOST_CAPACITY:
        raise Invalid("class.capacity", most=MOST_CAPACITY)
    if capacity > comfortable(seats) and not knowingly:
        raise Refusal("class.capacity_large", capacity=capacity, limit=comfortable(seats))


def effective_from(created_at: datetime, first_starts_at: datetime | None, at: datetime) -> datetime:
    """From when a learner who is enrolled at `at` belongs to the class.

    Before it has begun: since the class exists, so that every session counts. Later: from now, so that earlier
    sessions are not applicable.
    """
    if first_starts_at is None or at < first_starts_at:
        return min(created_at, at)
    return at


def check_course(planned: int, required: int) -> None:
    """Refuse a course of which more must be attended than is held."""
    if not 1 <= planned <= 60 or not 1 <= required <= planned:
        raise Invalid("course.sessions")
