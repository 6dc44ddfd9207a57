"""What coordinators choose on the pages of an import, turned into values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from werkzeug.datastructures import MultiDict

from classroom.core.clock import now, zone
from classroom.core.errors import Refusal
from classroom.core.sheets import Cell, CellKind
from classroom.online.rules.headings import Meaning
from classroom.online.rules.mapping import Mapping as Columns
from classroom.online.rules.mapping import corrected
from classroom.online.rules.tables import Table
from classroom.online.rules.values import lies_ahead, parse_moment

Form = MultiDict[str, str]
_MAXIMA = {"1": 1, "10": 10, "100": 100}


@dataclass(frozen=True, slots=True)
class ColumnsForm:
    """The page of columns as it was sent."""

    mapping: Columns
    sheet: int | None
    heading_row: int | None
    order: str
    source: str
    taken_at: datetime | None
    keeps: str


def columns_form(form: Form, table: Table, present: Columns, time_zone: str) -> ColumnsForm:
    """Read it; what is missing or unknown stays as it is, only a time of the export must be one."""
    known = {meaning.value: meaning for meaning in Meaning}
    places = ((name.removeprefix("column-"), value) for name, value in form.items() if name.startswith("column-"))
    chosen = {int(place): known[value] for place, value in places if _small(place) is not None and value in known}
    mapping = Columns(
        corrected(table, chosen) if chosen else present.columns,
        _MAXIMA.get(form.get("score_max", ""), present.score_max),
        _MAXIMA.get(form.get("progress_max", ""), present.progress_max),
        min(_small(form.get("pass_mark", "")) or present.pass_mark, 100),
    )
    row, sheet = _small(form.get("heading_row", "")), _small(form.get("sheet", ""))
    moved = row not in (None, table.heading_row)
    return ColumnsForm(
        mapping,
        sheet,
        row if moved or form.get("row_chosen") else None,
        form.get("order", ""),
        form.get("source", ""),
        _moment(form, time_zone),
        form.get("keeps", ""),
    )


def pressed(form: Mapping[str, str]) -> tuple[str, str]:
    """The button of the page of problems: what to do, and about what."""
    verb, _, about = form.get("do", "").partition(":")
    return verb, about


def _moment(form: Form, time_zone: str) -> datetime | None:
    """When the platform wrote the file, as typed; raises `online.moment_unreadable` and `online.taken_ahead`."""
    typed = Cell(CellKind.TEXT, form.get("taken_at", "").strip())
    read = parse_moment(typed, zone(time_zone), "dmy") if typed.text else None
    if read and read.value is None:
        raise Refusal("online.moment_unreadable")
    if read and read.value and lies_ahead(read.value, now()):
        raise Refusal("online.taken_ahead")
    return read.value if read else None


def _small(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else None
