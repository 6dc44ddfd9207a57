"""The one clock. Instants are aware UTC; days and half-days are reasoned about in a named time zone."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _pretended.get() or datetime.now(UTC)


@contextmanager
def pretended(at: datetime) -> Iterator[None]:
    """Let it be `at` for what runs inside: a sample programme has a past that its use cases must write."""
    token = _pretended.set(at.astimezone(UTC))
    try:
        yield
    finally:
        _pretended.reset(token)


def zone(name: str) -> ZoneInfo:
    """The IANA time zone `name`; raises ValueError for an unknown one."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"unknown time zone: {name!r}") from unknown


def local(at: datetime, zone_name: str) -> datetime:
    """The instant `at` as it reads on a wall clock in the zone."""
    return at.astimezone(zone(zone_name))


def today(zone_name: str) -> date:
    """The calendar day it is now in the zone."""
    return local(now(), zone_name).date()


def instant(day: date, at: time, zone_name: str) -> datetime:
    """The UTC instant of a local wall-clock time."""
    return datetime.combine(day, at, tzinfo=zone(zone_name)).astimezone(UTC)
