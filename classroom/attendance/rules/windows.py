"""When check-in is open: computed from register, schedule and clock, never switched by a job."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from classroom.core.clock import instant, local
from classroom.core.errors import Refusal


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a class session takes place: first start and last end in UTC, and the zone that tells days."""

    starts_at: datetime
    ends_at: datetime
    time_zone: str = "Asia/Ho_Chi_Minh"
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings of a class that decide about time."""

    opens_before: timedelta = timedelta(minutes=30)
    late_after: timedelta = timedelta(minutes=15)
    #: Whether learners check out, too; whoever goes earlier than this before the end has left early.
    check_out: bool = False
    left_early_before: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class RegisterState:
    """What people did to the register: taps, not the clock."""

    opened_at: datetime | None = None
    closed_at: datetime | None = None
    signed_off_at: datetime | None = None


class Phase(StrEnum):
    """Where a register stands at an instant."""

    CANCELLED = "cancelled"
    NOT_YET = "not_yet"
    OPEN = "open"
    CLOSED = "closed"
    SIGNED_OFF = "signed_off"


UNTOUCHED = RegisterState()


def opens_at(schedule: Schedule, policy: Policy, register: RegisterState = UNTOUCHED) -> datetime:
    """The first instant of check-in: by the clock before the start, or by the trainer's earlier tap."""
    by_clock = schedule.starts_at - policy.opens_before
    return by_clock if register.opened_at is None else min(by_clock, register.opened_at)


def day_end(schedule: Schedule) -> datetime:
    """The midnight after the local day in which the session ends; one that ends at midnight ends its day."""
    last_moment = local(schedule.ends_at - timedelta(microseconds=1), schedule.time_zone)
    return instant(last_moment.date() + timedelta(days=1), time(0), schedule.time_zone).astimezone(UTC)


def closes_at(schedule: Schedule, register: RegisterState = UNTOUCHED) -> datetime:
    """The first instant at which check-in is over: the trainer's closing, else the end of the local day."""
    end = day_end(schedule)
    return end if register.closed_at is None else min(register.closed_at, end)


def phase(schedule: Schedule, policy: Policy, register: RegisterState, now: datetime) -> Phase:
    """Where the register stands now; a session that is cancelled is nothing else."""
    if schedule.cancelled:
        return Phase.CANCELLED
    if register.signed_off_at is not None:
        return Phase.SIGNED_OFF
    if now >= closes_at(schedule, register):
        return Phase.CLOSED
    return Phase.OPEN if now >= opens_at(schedule, policy, register) else Phase.NOT_YET


def must_close_itself(schedule: Schedule, register: RegisterState, now: datetime) -> bool:
    """Whether nobody closed the register and its day is over."""
    return not schedule.cancelled and register.closed_at is None and now >= day_end(schedule)


def check_window(scanned_at: datetime, schedule: Schedule, policy: Policy, register: RegisterState = UNTOUCHED) -> None:
    """Judge a scan by when it was made, not by when it reached us.

    Raises Refusal `scan.cancelled`, `scan.too_early` (opens_at) or `scan.too_late` (closes_at).
    """
    if schedule.cancelled:
        raise Refusal("scan.cancelled")
    first, end = opens_at(schedule, policy, register), closes_at(schedule, register)
    if scanned_at >= end:
        raise Refusal("scan.too_late", closes_at=end)
    if scanned_at < first:
        raise Refusal("scan.too_early", opens_at=first)


def check_editable(schedule: Schedule, register: RegisterState, *, may_override: bool, reason: str) -> None:
    """Whether somebody may mark or correct by hand; after sign-off only a coordinator, with a reason.

    Raises Refusal `session.cancelled`, `register.signed_off` or `mark.reason_missing`.
    """
    if schedule.cancelled:
        raise Refusal("session.cancelled")
    if register.signed_off_at is not None and not may_override:
        raise Refusal("register.signed_off")
    if not reason.strip():
        raise Refusal("mark.reason_missing")


def is_late(arrived_at: datetime, schedule: Schedule, policy: Policy) -> bool:
    """Whether an arrival is late; the whole boundary minute is still on time.

    With 07:30 and 15 minutes, 07:45:59 is on time and 07:46:00 is late.
    """
    return arrived_at >= late_from(schedule, policy)


def late_from(schedule: Schedule, policy: Policy) -> datetime:
    """The first instant at which somebody is late."""
    return schedule.starts_at + policy.late_after + timedelta(minutes=1)
