"""Time in a sitting. The server's clock alone counts; a pause makes the deadline wait, never the learner lose.

An attempt keeps `deadline_at` as if no pause were on; while the sitting is paused since `paused_at`, the deadline that
holds is later by the length of the pause, and resuming writes that down.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from classroom.core.errors import Refusal


class Answered(StrEnum):
    """What becomes of an answer that arrives."""

    COUNTS = "counts"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Hours:
    """The times of a sitting that bear on its attempts."""

    opened_at: datetime
    entry_window: timedelta | None
    grace: timedelta
    paused_at: datetime | None = None
    ended_at: datetime | None = None


def deadline(deadline_at: datetime, hours: Hours, at: datetime) -> datetime:
    """The deadline that holds at an instant."""
    return deadline_at if hours.paused_at is None else deadline_at + (at - hours.paused_at)


def is_over(deadline_at: datetime, hours: Hours, at: datetime) -> bool:
    """Whether the time is up: from the deadline on, not before."""
    return at >= deadline(deadline_at, hours, at)


def is_due(deadline_at: datetime, hours: Hours, at: datetime) -> bool:
    """Whether an attempt is to be closed: the deadline and the grace after it are over."""
    return at > deadline(deadline_at, hours, at) + hours.grace


def judge_answer(deadline_at: datetime, hours: Hours, received_at: datetime) -> Answered:
    """An answer counts until `grace` after the deadline, that instant included; the device's clock is not asked."""
    return Answered.LATE if is_due(deadline_at, hours, received_at) else Answered.COUNTS


def check_entry(hours: Hours, at: datetime) -> None:
    """Whether an attempt may begin now; raises Refusal `sitting.ended`, `sitting.paused`, `sitting.entry_over`.

    An entry window that closes does not shorten attempts that run; a pause makes it wait, too.
    """
    if hours.ended_at is not None and at >= hours.ended_at:
        raise Refusal("sitting.ended", ended_at=hours.ended_at)
    if hours.paused_at is not None:
        raise Refusal("sitting.paused")
    if hours.entry_window is not None and at >= hours.opened_at + hours.entry_window:
        raise Refusal("sitting.entry_over", closed_at=hours.opened_at + hours.entry_window)


def first_deadline(started_at: datetime, limit: timedelta, extra: timedelta = timedelta()) -> datetime:
    """When an attempt that begins now is over."""
    return started_at + limit + extra


def resumed(deadline_at: datetime, paused_at: datetime, at: datetime) -> datetime:
    """The deadline after a pause: later by as long as it lasted."""
    return deadline_at + max(at - paused_at, timedelta())


def extended(deadline_at: datetime, hours: Hours, at: datetime, by: timedelta) -> datetime:
    """The deadline after an extension: later by that much, and by that much from now on where it had passed.

    In the frame of `deadline_at`: what a running pause will add is not in it.
    """
    standing = at if hours.paused_at is None else hours.paused_at
    return max(deadline_at, standing) + by


def time_left(deadline_at: datetime, hours: Hours, at: datetime) -> timedelta:
    """What the learner's clock shows; never negative."""
    return max(deadline(deadline_at, hours, at) - at, timedelta())
