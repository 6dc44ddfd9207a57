"""How jobs live: their states, how long a lease lasts, when a broken one is tried again."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any


class State(StrEnum):
    """Where a job is on its way."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


LIVING = (State.QUEUED, State.RUNNING)
#: A job whose runner has been silent for longer is taken over.
LEASE = timedelta(seconds=30)
#: How often a runner renews its lease while the task itself says nothing.
HEARTBEAT = timedelta(seconds=10)
#: How often progress is written at most.
WRITE_EVERY = timedelta(seconds=1)
#: A job that breaks, or kills its worker, so many times is given up.
MOST_ATTEMPTS = 5
LONGEST_NOTE = 200
BROKEN = "job.broken"


def back_off(attempts: int) -> timedelta:
    """How long to wait after so many broken attempts: 10 s, 40 s, 2 min 40 s, 10 min 40 s."""
    return timedelta(seconds=10 * 4 ** (attempts - 1))


def percent(done: int, total: int) -> int:
    """How far a job has come; never 100 before all is done."""
    return min(100, 100 * done // total) if total > 0 else 0


def pack(details: Mapping[str, object]) -> dict[str, Any]:
    """Details of a refusal as JSON keeps them."""
    return {name: _packed(value) for name, value in details.items()}


def unpack(kept: Mapping[str, Any]) -> dict[str, object]:
    """The details again, with instants and days as such."""
    return {name: _unpacked(value) for name, value in kept.items()}


def _packed(value: object) -> Any:
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"on": value.isoformat()}
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _unpacked(value: Any) -> object:
    if isinstance(value, dict):
        return datetime.fromisoformat(value["at"]) if "at" in value else date.fromisoformat(value["on"])
    return value
