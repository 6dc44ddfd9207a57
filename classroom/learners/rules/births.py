"""Dates of birth as offices write them: a date, a text in many shapes, or a year alone."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from classroom.core.sheets import Cell, CellKind
from classroom.learners.rules.findings import Finding, Parsed, Severity, as_cell, plain_text

_DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ].*)?")
_RUN_TOGETHER = re.compile(r"(\d{2})(\d{2})((?:19|20)\d{2})")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[/.\-]\s*((?:19|20)\d{2})")
_SPREADSHEET_EPOCH = date(1899, 12, 30)
_YOUNGEST, _OLDEST = 10, 110


@dataclass(frozen=True, slots=True, order=True)
class Birth:
    """A birth: the year always, the day only if it is known."""

    year: int
    on: date | None = None

    @classmethod
    def of(cls, day: date) -> "Birth":
        """Make a birth of a known day."""
        return cls(day.year, day)

    def __str__(self) -> str:
        return f"{self.on:%d/%m/%Y}" if self.on else str(self.year)


def parse_birth(given: Cell | str, today: date) -> Parsed[Birth]:
    """Read a birth with the day before the month; a year alone stays a year.

    `today` bounds what is plausible and decides the century of two-digit years.
    """
    cell = as_cell(given)
    if cell.kind is CellKind.EMPTY:
        return Parsed(None)
    parsed = _of_cell(cell, today)
    if parsed.value is not None and not _YOUNGEST <= today.year - parsed.value.year <= _OLDEST:
        finding = Finding("birth_implausible", Severity.WARNING, details={"age": today.year - parsed.value.year})
        return Parsed(parsed.value, (*parsed.findings, finding), parsed.unconfirmed)
    return parsed


def _of_cell(cell: Cell, today: date) -> Parsed[Birth]:
    if isinstance(cell.value, date):
        return _of_date(cell.value)
    if isinstance(cell.value, int | float) and cell.kind is CellKind.NUMBER:
        return _of_number(cell.value)
    return _of_text(plain_text(cell), today)


def _of_date(day: date) -> Parsed[Birth]:
    """A year typed into a cell formatted as a date reads as a day of summer 1905."""
    serial = (day - _SPREADSHEET_EPOCH).days
    if 1900 <= serial <= 2099:
        return _proposed(Birth(serial), "birth_year_shown_as_date")
    return Parsed(Birth.of(day))


def _of_number(value: int | float) -> Parsed[Birth]:
    if value == int(value) and 1900 <= value <= 2099:
        return _year_only(int(value))
    if 10_000 <= value <= 60_000:
        return _proposed(Birth.of(_SPREADSHEET_EPOCH + timedelta(days=int(value))), "birth_serial_number")
    return _of_text(str(int(value)).zfill(8), date.max) if value == int(value) else _unreadable()


def _of_text(text: str, today: date) -> Parsed[Birth]:
    if found := _DAY_FIRST.fullmatch(text) or _RUN_TOGETHER.fullmatch(text):
        return _of_parts(int(found[1]), int(found[2]), found[3], today)
    if found := _ISO.fullmatch(text):
        return _of_parts(int(found[3]), int(found[2]), found[1], today)
    if _YEAR.fullmatch(text):
        return _year_only(int(text))
    if (found := _MONTH_YEAR.fullmatch(text)) and 1 <= int(found[1]) <= 12:
        return Parsed(Birth(int(found[2])), (Finding("birth_month_only", Severity.INFO),))
    return _unreadable()


def _of_parts(day: int, month: int, year: str, today: date) -> Parsed[Birth]:
    full = int(year) if len(year) == 4 else _century(int(year), today)
    try:
        birth = Birth.of(date(full, month, day))
    except ValueError:
        return _month_first(day, month, full)
    return _proposed(birth, "birth_two_digit_year") if len(year) == 2 else Parsed(birth)


def _month_first(day: int, month: int, year: int) -> Parsed[Birth]:
    try:
        return _proposed(Birth.of(date(year, day, month)), "birth_month_first")
    except ValueError:
        return _unreadable()


def _century(year: int, today: date) -> int:
    recent = today.year - today.year % 100 + year
    return recent if today.year - recent >= _YOUNGEST else recent - 100


def _year_only(year: int) -> Parsed[Birth]:
    return Parsed(Birth(year), (Finding("birth_year_only", Severity.INFO),))


def _proposed(birth: Birth, code: str) -> Parsed[Birth]:
    return Parsed(birth, (Finding(code, Severity.CONFIRM, str(birth)),))


def _unreadable() -> Parsed[Birth]:
    return Parsed(None, (Finding("birth_unreadable", Severity.ERROR),))
