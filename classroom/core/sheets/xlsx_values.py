"""Numbers of a worksheet, and the dates that some of them are."""

import math
from datetime import date, datetime, timedelta

from classroom.core.sheets.cells import Cell, CellKind

_DAY = 86_400


def iso_date(raw: str, formula: bool) -> Cell:
    """A cell that says it is a date, written as ISO 8601."""
    try:
        moment = datetime.fromisoformat(raw)
    except ValueError:
        return Cell(CellKind.TEXT, raw, formula)
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return Cell(CellKind.DATE, moment.date(), formula, seconds=seconds)


def number_or_date(raw: str, formula: bool, epoch: date | None) -> Cell:
    """A number as it stands, or the date it is where its format shows one: days since `epoch`."""
    try:
        value = float(raw)
    except ValueError:
        return Cell(CellKind.TEXT, raw, formula)
    if not math.isfinite(value):
        return Cell(CellKind.TEXT, raw, formula)
    if epoch is not None and 1 <= value < 2_950_000:
        days = int(value) + (epoch.year == 1899 and value < 60)
        seconds = min(round(value % 1 * _DAY), _DAY - 1)
        return Cell(CellKind.DATE, epoch + timedelta(days=days), formula, seconds=seconds)
    return Cell(CellKind.NUMBER, int(value) if value == int(value) else value, formula)
