"""Intakes: what account numbers look like, and until when a completion counts."""

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from classroom.core.errors import Invalid
from classroom.core.names import fold

LONGEST_PREFIX = 40
#: Digits after the prefix, as the platforms in use number their accounts.
SERIAL_DIGITS = 5
#: More people than this in one go is a mistake: an intake has about 4,500.
MOST_AT_ONCE = 20_000
_PREFIX = re.compile(r"[a-z0-9][a-z0-9._-]*")


def clean_prefix(text: str) -> str:
    """What account numbers begin with; raises Invalid `intake.prefix` for what platforms refuse as a user name."""
    prefix = text.strip().lower()
    if prefix and (len(prefix) > LONGEST_PREFIX or not _PREFIX.fullmatch(prefix)):
        raise Invalid("intake.prefix")
    return prefix


def propose_prefix(organisation: str, number: int) -> str:
    """Such as "nghean02": the last two words of the organisation's name, and the number of the intake."""
    words = re.sub(r"[^a-z0-9 ]", "", fold(organisation)).split()
    return f"{''.join(words[-2:])[:20] or 'hocvien'}{number:02}"


def account_key(name: str) -> str:
    """The form in which account numbers are compared."""
    return name.strip().casefold()


def next_names(prefix: str, taken: Iterable[str], count: int) -> list[str]:
    """`count` account numbers after the highest one taken: the prefix and five digits, more where those are used up."""
    used = [int(rest) for key in taken if key.startswith(prefix) and (rest := key.removeprefix(prefix)).isdecimal()]
    first = max(used, default=0) + 1
    return [f"{prefix}{serial:0{SERIAL_DIGITS}}" for serial in range(first, first + count)]


def last_day(issued_on: date, days: int) -> date:
    """The last day on which a completion counts: the day of issue is day 0."""
    return issued_on + timedelta(days=days)


def in_time(issued_on: date | None, completed_at: datetime | None, days: int, time_zone: str) -> bool:
    """Whether it was completed by the last second of the last day, by the organisation's clock."""
    if issued_on is None or completed_at is None:
        return False
    return completed_at.astimezone(ZoneInfo(time_zone)).date() <= last_day(issued_on, days)
