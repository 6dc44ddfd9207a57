"""Tables written for spreadsheet programs, so that no cell is ever run as a formula."""

import csv
import io
import re
from collections.abc import Sequence
from datetime import date, datetime

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from classroom.core.tables import Cell, Column, Table

#: What spreadsheet programs may take for the beginning of a formula, also in the wide letters of East Asia.
_ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_FORBIDDEN_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DATE_FORMAT = "dd/mm/yyyy"


def write_xlsx(tables: Sequence[Table]) -> bytes:
    """Write one sheet a table; ID numbers are text cells, dates are real dates, formulas are only shown."""
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    with Workbook(target, options) as book:
        formats = _formats(book)
        for name, table in zip(_sheet_names(tables), tables, strict=True):
            _write_sheet(book.add_worksheet(name), table, formats)
    return target.getvalue()


def write_csv(table: Table, separator: str = ",") -> bytes:
    """Write UTF-8 with the mark that Excel needs; a text that a program would run gets a quote before it."""
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator, lineterminator="\r\n")
    writer.writerow([_harmless(column.heading) for column in table.columns])
    for row in table.rows:
        writer.writerow([_csv_value(value) for value in row])
    return target.getvalue().encode("utf-8-sig")


def _formats(book: Workbook) -> dict[str, Format]:
    return {
        "heading": book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1}),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "quoted": book.add_format({"num_format": "@", "valign": "top", "quote_prefix": True}),
        "date": book.add_format({"num_format": _DATE_FORMAT, "valign": "top", "align": "left"}),
        "number": book.add_format({"valign": "top"}),
    }


def _write_sheet(sheet: Worksheet, table: Table, formats: dict[str, Format]) -> None:
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    for place, column in enumerate(table.columns):
        sheet.set_column(place, place, column.width)
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.heading, formats["heading"])
    for number, row in enumerate(table.rows, start=1):
        for place, (column, value) in enumerate(zip(table.columns, row, strict=True)):
            _write_cell(sheet, (number, place), column, value, formats)


def _write_cell(sheet: Worksheet, at: tuple[int, int], column: Column, value: Cell, formats: dict[str, Format]) -> None:
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        value = value.replace(tzinfo=None)
    if isinstance(value, date):
        sheet.write_datetime(*at, value, formats["date"])
    elif isinstance(value, int | float) and column.kind != "id":
        sheet.write_number(*at, value, formats["number"])
    else:
        text = _CONTROL.sub("", str(value))[:32_767]
        sheet.write_string(*at, text, formats["quoted" if text.startswith(_ACTIVE) else "text"])


def _sheet_names(tables: Sequence[Table]) -> list[str]:
    names: list[str] = []
    for number, table in enumerate(tables, start=1):
        name = _FORBIDDEN_IN_NAMES.sub(" ", table.title)[:28].strip(" '") or f"{number}"
        taken = {used.casefold() for used in names}
        names.append(name if name.casefold() not in taken else f"{name[:24]} ({number})")
    return names


def _csv_value(value: Cell) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, str):
        return _harmless(value)
    return "" if value is None else str(value)


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_ACTIVE) else text
