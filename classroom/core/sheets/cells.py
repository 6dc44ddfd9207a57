"""What a file's table is made of once it has been read."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


class CellKind(enum.StrEnum):
    """What the file says a cell is; a text "0100" stays a text."""

    EMPTY = "empty"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    BOOL = "bool"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; `formula` marks a value that was calculated, `font` names an old Vietnamese font.

    `seconds` is the time of day of a date, which is kept beside it since most dates have none.
    """

    kind: CellKind
    value: str | int | float | date | datetime | bool | None = None
    formula: bool = False
    font: str = ""
    seconds: int = 0

    @property
    def text(self) -> str:
        """The value as a person reads it in the sheet, dates as dd/mm/yyyy."""
        if isinstance(self.value, str):
            return self.value
        if isinstance(self.value, date):
            return f"{self.value:%d/%m/%Y}"
        return "" if self.value is None else str(self.value)


EMPTY = Cell(CellKind.EMPTY)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it stands in the file: `rows[0]` is row 1, and rows may differ in length."""

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    #: How a text file was read when it did not say so itself (`windows-1258`, `tcvn3`, `vni`); else empty.
    guessed_encoding: str = ""
    merged: Sequence[tuple[int, int, int, int]] = field(default=())

    def cell(self, row: int, column: int) -> Cell:
        """Give a cell by row number (from 1) and column index (from 0), empty outside the table."""
        if not 1 <= row <= len(self.rows):
            return EMPTY
        cells = self.rows[row - 1]
        return cells[column] if 0 <= column < len(cells) else EMPTY

    @property
    def width(self) -> int:
        """The number of columns of the longest row."""
        return max((len(cells) for cells in self.rows), default=0)


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """What a file may cost before it is refused."""

    max_bytes: int = 10_000_000
    max_unpacked: int = 80_000_000
    #: Unpacked against packed size; judged only from `ratio_from` bytes on, small files pack well.
    max_ratio: int = 150
    ratio_from: int = 20_000_000
    max_members: int = 500
    max_sheets: int = 50
    #: What spreadsheet programs themselves can hold; lists that were copied about for years come near it.
    max_styles: int = 65_536
    max_number_formats: int = 5_000
    max_shared_texts: int = 1_000_000
    #: Elements within elements; a workbook needs about ten.
    max_depth: int = 64
    max_rows: int = 20_000
    max_columns: int = 200
    max_cells: int = 1_000_000


def column_letter(index: int) -> str:
    """Name a column (from 0) as spreadsheets do: A … Z, AA …"""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
