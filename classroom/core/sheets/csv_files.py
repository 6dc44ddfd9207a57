"""CSV in the encodings and with the separators that Vietnamese offices' programs write."""

import csv
import io
import re

from classroom.core.errors import Refusal
from classroom.core.sheets.cells import EMPTY, Cell, CellKind, Sheet, SheetLimits
from classroom.core.text_files import decode_text

_SEPARATORS = ",;\t|"
_SAMPLE_LINES = 40
_JUNK = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff]")
_SEP_LINE = re.compile(r'\A"?sep=(.)"?\r?\n', re.IGNORECASE)


def read_csv(data: bytes, name: str, limits: SheetLimits) -> Sheet:
    """Read a text table; every cell is text, and a guessed encoding is said so."""
    text, guessed = decode_text(data)
    if _JUNK.search(text):
        raise Refusal("sheet.binary")
    separator = ""
    if directive := _SEP_LINE.match(text):
        separator, text = directive[1], text[directive.end() :]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator or _separator(text))
    rows: list[list[Cell]] = [[]] if directive else []
    budget = limits.max_cells
    try:
        for fields in reader:
            rows.append(_row(fields, limits))
            if _swallowed(fields, reader.dialect.delimiter, len(rows[0])):
                raise Refusal("sheet.open_quote", row=len(rows))
            budget -= len(rows[-1])
            if budget < 0:
                raise Refusal("sheet.too_many_cells", limit=limits.max_cells)
            if len(rows) > limits.max_rows:
                _refuse_rows(rows, limits)
    except csv.Error as error:
        raise Refusal("sheet.broken") from error
    while rows and not rows[-1]:
        rows.pop()
    if not rows:
        raise Refusal("sheet.empty")
    return Sheet(name, rows, guessed_encoding=guessed)


def _row(fields: list[str], limits: SheetLimits) -> list[Cell]:
    while fields and not fields[-1].strip():
        fields.pop()
    if len(fields) > limits.max_columns:
        raise Refusal("sheet.too_many_columns", limit=limits.max_columns)
    return [Cell(CellKind.TEXT, value) if value.strip() else EMPTY for value in fields]


def _swallowed(fields: list[str], separator: str, width: int) -> bool:
    """Whether a cell holds whole rows of the list: a quotation mark was opened and closed far below, or never."""
    for value in fields:
        rows = [line for line in value.splitlines()[1:] if line.count(separator) >= max(1, width - 1)]
        if len(rows) >= (1 if width > 2 else 2):
            return True
    return False


def _refuse_rows(rows: list[list[Cell]], limits: SheetLimits) -> None:
    filled = sum(1 for cells in rows if cells)
    nearly_empty = filled <= limits.max_rows // 2
    raise Refusal("sheet.too_many_empty_rows" if nearly_empty else "sheet.too_many_rows", limit=limits.max_rows)


def _separator(text: str) -> str:
    """Choose the separator that cuts the most lines into the same number of columns."""
    lines = text[:100_000].splitlines()[:_SAMPLE_LINES]

    def score(separator: str) -> tuple[int, int]:
        widths = [len(fields) for fields in csv.reader(lines, delimiter=separator) if len(fields) > 1]
        usual = max(set(widths), key=widths.count) if widths else 0
        return widths.count(usual), usual

    return max(_SEPARATORS, key=score)
