"""How long somebody was in the room: from comings and goings, in whatever order they were learned of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from classroom.attendance.rules.windows import Policy, Schedule


@dataclass(frozen=True, slots=True)
class Stay:
    """Whole minutes within the session, and when the learner left for good; None for who is still there.

    `estimated` says that a coming or a going is missing and was taken from the schedule.
    """

    minutes: int
    estimated: bool
    left_at: datetime | None


def stay(
    entries: Iterable[datetime], exits: Iterable[datetime], schedule: Schedule, presumed_end: datetime | None = None
) -> Stay:
    """Add up the time between each coming and the going after it.

    Whoever goes without having come was there from the start, whoever does not go stays until `presumed_end` or the
    end of the session; both are estimates. Coming twice changes nothing; of two goings in a row the last one counts.
    """
    moves = sorted([(at, False) for at in entries] + [(at, True) for at in exits])
    estimated = not moves or moves[0][1]
    inside_since = schedule.starts_at if estimated else None
    left_at, total = None, timedelta()
    for at, going in moves:
        if going:
            total += _within(inside_since or left_at or at, at, schedule)
            inside_since, left_at = None, at
        elif inside_since is None:
            inside_since = at
    if inside_since is not None:
        total += _within(inside_since, presumed_end or schedule.ends_at, schedule)
        estimated, left_at = True, None
    return Stay(total // timedelta(minutes=1), estimated, left_at)


def leaves_early(left_at: datetime, schedule: Schedule, policy: Policy) -> bool:
    """Whether somebody who goes at this instant goes early; whoever goes at the very boundary does not.

    With an end at 11:30 and 15 minutes, 11:14:59 is early and 11:15:00 is not.
    """
    return left_at < schedule.ends_at - policy.left_early_before


def _within(first: datetime, last: datetime, schedule: Schedule) -> timedelta:
    return max(min(last, schedule.ends_at) - max(first, schedule.starts_at), timedelta())
