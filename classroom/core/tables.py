"""A plain table on its way to a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Cell = str | int | float | date | None
Kind = Literal["text", "number", "date", "id"]


@dataclass(frozen=True)
class Column:
    """One column; `width` counts characters, an "id" keeps its leading zeros."""

    heading: str
    kind: Kind = "text"
    width: int = 16


@dataclass(frozen=True)
class Table:
    """Headings and rows; a string in a number or date column is written as the text it is."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
