"""Scores, instants and verdicts as platforms write them."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Literal
from zoneinfo import ZoneInfo

from classroom.core.names import fold
from classroom.core.sheets import Cell, CellKind
from classroom.learners.rules import Finding, Parsed, Severity
from classroom.learners.rules.findings import plain_text

Order = Literal["dmy", "mdy"]
_NOTHING = frozenset(
    {"", "-", "–", "—", "n/a", "na", "null", "none", "chua co", "chua lam", "not attempted", "khong co"}
)
_LONGEST_NOTHING = 20
_NUMBER = re.compile(r"[+]?\d{1,6}(?:[.,]\d{1,8})?")
_SLASHED = re.compile(
    r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ ,T]+(\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([AaPp])\.?[Mm]\.?)?)?"
)
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2})?(\.\d+)?( ?(Z|[+-]\d{2}:?\d{2}|UTC))?)?")
_WORDED = re.compile(
    r"(?:[^\d,]+(?:\d,)?,? )?(\d{1,2}) (?:thang )?([a-z]+|\d{1,2})(?: nam)?,? (\d{4})"
    r"(?:,? (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ?([ap])\.?m\.?| ?(sang|chieu|toi|sa|ch))?)?"
)
_MONTHS = {name: place for place, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
#: To how much points are kept (core.points): what is finer would never be the same again.
_KEPT = Decimal("0.00001")
_EPOCH = date(1899, 12, 30)
_UNIX = range(1_000_000_000, 4_000_000_000)
#: How programs write a date that nobody entered.
_NEVER = re.compile(r"(0001-01-01|0?1[/.\-]0?1[/.\-]0001)(?!\d).*")
#: No platform of ours is older; and what lies further ahead than ten years, or in no century of ours, is a slip.
_FIRST, _LAST, _AHEAD = date(2000, 1, 1), date(2089, 12, 31), timedelta(days=3652)
_PASSED = re.compile(
    r"(da )?(dat|do|hoan thanh|qua)( yeu cau)?|y(es)?|co|pass(ed)?|completed?( achieved pass grade)?|true|1|x"
)
_FAILED = re.compile(
    r"(khong|chua) (dat|do|hoan thanh|qua)( yeu cau)?|truot|rot|no?|khong|fail(ed)?|not (passed|completed)|incomplete"
    r"|completed did not achieve pass grade|in progress|dang hoc|false|0"
)
_TAKEN_BACK = re.compile(r"(da |bi )?(thu hoi|huy)( ket qua)?|retracted|revoked|withdrawn|cancelled")


def is_nothing(text: str) -> bool:
    """Whether a platform writes this where there is no value."""
    return len(text) <= _LONGEST_NOTHING and fold(text) in _NOTHING


def parse_number(cell: Cell) -> Parsed[Decimal]:
    """A score or share as it stands, with decimal point or comma, perhaps with a per cent sign; never negative."""
    if isinstance(cell.value, bool) or cell.kind is CellKind.DATE:
        return _odd("score_unreadable")
    if isinstance(cell.value, int | float):
        return Parsed(Decimal(str(cell.value))) if 0 <= cell.value < 1_000_000 else _odd("score_unreadable")
    text = plain_text(cell)
    if is_nothing(text):
        return Parsed(None)
    number = text.removesuffix("%").strip()
    if not _NUMBER.fullmatch(number):
        return _odd("score_unreadable")
    try:
        return Parsed(Decimal(number.replace(",", ".")))
    except InvalidOperation:
        return _odd("score_unreadable")


def scaled(number: Decimal, maximum: Decimal) -> Decimal | None:
    """Per cent of the maximum, as exact as it is kept; None above it."""
    share = number * 100 / maximum
    return share.quantize(_KEPT, ROUND_HALF_UP) if share <= 100 else None


def guess_maximum(numbers: Iterable[Decimal], heading: str, *, percent_signs: bool = False) -> int:
    """1, 10 or 100: what the heading says, else the least that holds all values."""
    words = fold(heading)
    if percent_signs or "%" in words or "percent" in words or "phan tram" in words:
        return 100
    if found := re.search(r"(?:thang|/)\s*(10{0,2})\b", words):
        return int(found[1])
    ordered = sorted(numbers)
    highest = ordered[-1 - len(ordered) // 100] if ordered else Decimal(0)  # a slip of the keyboard is no maximum
    return 1 if 0 < highest <= 1 else 10 if highest <= 10 else 100


def guess_order(texts: Iterable[str]) -> Order | None:
    """The order of day and month that all dates agree with; None where both could be meant, or neither fits."""
    seen: Counter[str] = Counter()
    for text in set(texts):
        found = _SLASHED.match(text.strip())
        if not found:
            continue
        first, second = int(found[1]), int(found[2])
        if first == second:
            seen["same"] += 1
        else:
            seen["dmy" if first > 12 else "mdy" if second > 12 else "either"] += 1
    if seen["dmy"] and not seen["mdy"]:
        return "dmy"
    if seen["mdy"] and not seen["dmy"]:
        return "mdy"
    return None if seen["either"] or seen["mdy"] else "dmy"


def parse_moment(cell: Cell, zone: ZoneInfo, order: Order, today: date = _LAST) -> Parsed[datetime]:
    """An instant in UTC: day first or month first as `order` says, ISO, a serial number, Unix time, or in words.

    A day without a time is its first second on the organisation's clock; so is a time without an offset read. What lies
    before 2000 or more than ten years after `today` cannot be meant.
    """
    try:
        read = _moment(cell, zone, order)
    except (ValueError, OverflowError):
        return _odd("moment_unreadable")
    if read.value and not _FIRST <= read.value.date() <= today + _AHEAD:
        return _odd("moment_unreadable")
    return read


def _moment(cell: Cell, zone: ZoneInfo, order: Order) -> Parsed[datetime]:
    if isinstance(cell.value, date):
        return Parsed(_of_local(cell.value, cell.seconds, zone) if cell.value.year > 1 else None)
    if isinstance(cell.value, int | float) and cell.kind is CellKind.NUMBER:
        return _of_number(cell.value, zone)
    text = plain_text(cell)
    if is_nothing(text) or _NEVER.fullmatch(text):
        return Parsed(None)
    if found := _SLASHED.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        day, month = (first, second) if order == "dmy" else (second, first)
        seconds = _seconds(found[4], found[5], found[6], found[7])
        return Parsed(_of_local(date(int(found[3]), month, day), seconds, zone))
    if _ISO.fullmatch(text):
        return Parsed(_of_iso(text, zone))
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return _of_number(float(text), zone)
    return _in_words(fold(text), zone)


def lies_ahead(taken_at: datetime, at: datetime) -> bool:
    """Whether an export would be of a day to come: every later one would be the older one."""
    return taken_at > at + timedelta(days=1)


def parse_verdict(cell: Cell) -> Parsed[str]:
    """The platform's own word for the result: "passed", "failed", "retracted"; empty where it says nothing."""
    if isinstance(cell.value, bool):
        return Parsed("passed" if cell.value else "failed")
    text = fold(re.sub(r"[()]", " ", plain_text(cell)))
    if is_nothing(text):
        return Parsed("")
    for word, pattern in (("retracted", _TAKEN_BACK), ("passed", _PASSED), ("failed", _FAILED)):
        if pattern.fullmatch(text):
            return Parsed(word)
    return Parsed("", (Finding("verdict_unreadable", Severity.WARNING),))


def parse_retraction(cell: Cell) -> bool:
    """Whether a column for retractions says so: any mark or reason but a plain no."""
    if isinstance(cell.value, bool):
        return cell.value
    text = fold(plain_text(cell))
    return not is_nothing(text) and text not in {"khong", "no", "n", "0", "false"}


def _odd(code: str) -> Parsed[Any]:
    return Parsed(None, (Finding(code, Severity.ERROR),))


def _of_local(day: date, seconds: int, zone: ZoneInfo) -> datetime:
    return (datetime.combine(day, time(), tzinfo=zone) + timedelta(seconds=seconds)).astimezone(UTC)


def _seconds(hour: str | None, minute: str | None, second: str | None, half: str | None) -> int:
    if hour is None or minute is None:
        return 0
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError("no hour of half a day")
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    moment = time(hours, int(minute), int(second or 0))
    return moment.hour * 3600 + moment.minute * 60 + moment.second


def _of_number(value: float, zone: ZoneInfo) -> Parsed[datetime]:
    if int(value) in _UNIX:
        return Parsed(datetime.fromtimestamp(int(value), UTC))
    if 30_000 <= value < 80_000:
        seconds = min(round(value % 1 * 86_400), 86_399)
        return Parsed(_of_local(_EPOCH + timedelta(days=int(value)), seconds, zone))
    return Parsed(None, (Finding("moment_unreadable", Severity.ERROR),))


def _of_iso(text: str, zone: ZoneInfo) -> datetime:
    moment = datetime.fromisoformat(text.replace(" UTC", "+00:00").replace("UTC", "+00:00").replace("Z", "+00:00"))
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)


def _in_words(text: str, zone: ZoneInfo) -> Parsed[datetime]:
    """As Moodle writes: "Monday, 2 March 2026, 10:00 AM", "Thứ hai, 2 Tháng 3 2026, 10:00 AM"."""
    found = _WORDED.fullmatch(text)
    if not found:
        return Parsed(None, (Finding("moment_unreadable", Severity.ERROR),))
    month = int(found[2]) if found[2].isdigit() else _MONTHS.get(found[2][:3], 0)
    half = found[7] or {"sang": "a", "sa": "a", "chieu": "p", "toi": "p", "ch": "p"}.get(found[8] or "")
    seconds = _seconds(found[4], found[5], found[6], half if found[4] and int(found[4]) <= 12 else None)
    return Parsed(_of_local(date(int(found[3]), month, int(found[1])), seconds, zone))
