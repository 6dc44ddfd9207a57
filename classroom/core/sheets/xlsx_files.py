"""XLSX read as a stream: each cell keeps the type that the file gives it, and limits stop the reading at once."""

import posixpath
import re
from collections.abc import Sized
from dataclasses import dataclass, field
from datetime import date

from classroom.core.errors import Refusal
from classroom.core.sheets.cells import EMPTY, Cell, CellKind, Sheet, SheetLimits
from classroom.core.sheets.package import Attributes, Package, open_package
from classroom.core.sheets.xlsx_plain import NotPlain, plain_rows, with_rows, without_rows
from classroom.core.sheets.xlsx_texts import read_shared_texts, unescape
from classroom.core.sheets.xlsx_values import iso_date, number_or_date

_DATE_FORMATS = {*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
#: The longest number format that a spreadsheet program takes.
_LONGEST_FORMAT = 255
_OLD_FONT = re.compile(r"^(\.vn|vni-)", re.IGNORECASE)


@dataclass
class _Book:
    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    dates: list[bool] = field(default_factory=list)
    fonts: list[str] = field(default_factory=list)
    epoch: date = date(1899, 12, 30)


def read_xlsx(data: bytes, limits: SheetLimits) -> list[Sheet]:
    """Read all sheets in their order; a formula gives the value that was last calculated."""
    with open_package(data, limits) as package:
        book = _Book()
        _read_workbook(package, book)
        if "xl/styles.xml" in package:
            _read_styles(package, book)
        if "xl/sharedStrings.xml" in package:
            book.texts = read_shared_texts(package)
        budget = [limits.max_cells]
        return [_SheetReader(package, book, budget).read(*entry) for entry in book.sheets]


def _read_workbook(package: Package, book: _Book) -> None:
    targets: dict[str, str] = {}
    limits = package.limits

    def relation(tag: str, attributes: Attributes) -> None:
        if tag == "Relationship" and attributes.get("Type", "").endswith("/worksheet"):
            _still_fits(targets, limits.max_members, "sheet.too_many_members")
            target = attributes.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
            targets[attributes.get("Id", "")] = posixpath.normpath(path)

    def entry(tag: str, attributes: Attributes) -> None:
        if tag == "workbookPr" and attributes.get("date1904") in ("1", "true"):
            book.epoch = date(1904, 1, 1)
        elif tag == "sheet":
            key = next((value for name, value in attributes.items() if name.endswith("}id")), "")
            if key in targets:
                _still_fits(book.sheets, limits.max_sheets, "sheet.too_many_sheets")
                hidden = attributes.get("state", "visible") != "visible"
                book.sheets.append((attributes.get("name", ""), targets[key], hidden))

    package.parse("xl/_rels/workbook.xml.rels", relation)
    package.parse("xl/workbook.xml", entry)
    if not book.sheets:
        raise Refusal("sheet.empty")


def _still_fits(held: Sized, limit: int, code: str) -> None:
    """Refuse to hold more than `limit`, while the file is being read and not when all of it is in memory."""
    if len(held) >= limit:
        raise Refusal(code, limit=limit)


def _read_styles(package: Package, book: _Book) -> None:
    custom: dict[str, bool] = {}
    names: list[str] = []
    inside: list[str] = []
    limits = package.limits

    def start(tag: str, attributes: Attributes) -> None:
        if tag == "numFmt" and "cellStyleXfs" not in inside:
            _still_fits(custom, limits.max_number_formats, "sheet.too_many_styles")
            custom[attributes.get("numFmtId", "")] = _shows_date(attributes.get("formatCode", ""))
        elif tag == "font":
            _still_fits(names, limits.max_styles, "sheet.too_many_styles")
            names.append("")
        elif tag in ("name", "rFont") and names and "font" in inside:
            names[-1] = attributes.get("val", "")
        elif tag == "xf" and "cellXfs" in inside:
            _still_fits(book.dates, limits.max_styles, "sheet.too_many_styles")
            number = attributes.get("numFmtId", "0")
            book.dates.append(custom.get(number, _whole(number) in _DATE_FORMATS))
            font = _whole(attributes.get("fontId", ""))
            book.fonts.append(names[font] if font < len(names) and _OLD_FONT.match(names[font]) else "")
        inside.append(tag)

    def end(_tag: str) -> None:
        inside.pop()

    package.parse("xl/styles.xml", start, end)


def _shows_date(code: str) -> bool:
    """Tell a number format that shows a day or a year from one for times or numbers."""
    bare = _QUOTED.sub("", code[:_LONGEST_FORMAT].split(";")[0]).lower()
    return "general" not in bare and bool(re.search(r"[dy]", bare))


class _SheetReader:
    """Builds the rows of one sheet while its XML streams by."""

    def __init__(self, package: Package, book: _Book, budget: list[int]) -> None:
        self._package, self._book, self._budget = package, book, budget
        self._limits = package.limits
        self._rows: list[list[Cell]] = []
        self._filled = 0
        self._seen_rows = 0
        self._column = 0
        self._cell: Attributes = {}
        self._parts: list[str] | None = None
        self._raw: str | None = None
        self._formula = False
        self._phonetic = False
        self._merged: list[tuple[int, int, int, int]] = []

    def read(self, name: str, path: str, hidden: bool) -> Sheet:
        raw = self._package.read(path)
        try:
            raw, inside = without_rows(raw)
            try:
                self._read_plain(inside)
            except NotPlain:
                raw = with_rows(raw, inside)
                raise
        except NotPlain:
            self._rows, self._filled, self._seen_rows = [], 0, 0
        self._package.parse(path, self._start, self._end, self._text, raw)
        while self._rows and not self._rows[-1]:
            self._rows.pop()
        return Sheet(name, self._rows, hidden=hidden, merged=tuple(self._merged))

    def _read_plain(self, inside: bytes) -> None:
        """Take the rows the short way."""
        left, budget = self._budget[0], 0
        columns: dict[bytes, int] = {}
        for number, cells in plain_rows(inside, self._make_plain):
            self._begin_row(number)
            budget += len(cells)
            if budget > left:
                raise Refusal("sheet.too_many_cells")
            row = self._rows[-1]
            for letters, cell in cells:
                column = columns.get(letters)
                if column is None:
                    column = columns[letters] = self._allowed(_column_index(letters.decode()))
                if column == len(row):
                    row.append(cell)
                else:
                    row.extend([EMPTY] * (column + 1 - len(row)))
                    row[column] = cell
            self._filled += bool(cells)
        self._budget[0] = left - budget

    def _make_plain(self, kind: str, style: str, raw: str) -> Cell:
        if kind == "s":  # nearly every text of a list
            place = _whole(style)
            font = self._book.fonts[place] if place < len(self._book.fonts) else ""
            return Cell(CellKind.TEXT, self._shared(raw), False, font)
        self._cell, self._raw, self._formula = {"t": kind, "s": style}, raw, False
        return self._make_cell()

    def _allowed(self, column: int) -> int:
        if column >= self._limits.max_columns:
            raise Refusal("sheet.too_many_columns", limit=self._limits.max_columns)
        return column

    def _start(self, tag: str, attributes: Attributes) -> None:
        if tag == "c":
            self._cell, self._raw, self._formula = attributes, None, False
        elif tag in ("v", "t"):
            self._parts = None if self._phonetic else []
        elif tag == "f":
            self._formula = True
        elif tag == "row":
            self._begin_row(attributes.get("r", ""))
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._note_merge(attributes.get("ref", ""))

    def _text(self, value: str) -> None:
        if self._parts is not None:
            self._parts.append(value)

    def _end(self, tag: str) -> None:
        if tag in ("v", "t") and self._parts is not None:
            self._raw = (self._raw or "") + "".join(self._parts) if tag == "t" else "".join(self._parts)
            self._parts = None
        elif tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._phonetic = False

    def _begin_row(self, reference: str) -> None:
        number = _whole(reference) or len(self._rows) + 1
        self._seen_rows += 1
        if number > self._limits.max_rows or self._seen_rows > self._limits.max_rows:
            nearly_empty = self._filled <= self._limits.max_rows // 2
            code = "sheet.too_many_empty_rows" if nearly_empty else "sheet.too_many_rows"
            raise Refusal(code, limit=self._limits.max_rows)
        if number <= len(self._rows):
            raise Refusal("sheet.broken")
        self._rows.extend([] for _ in range(number - len(self._rows)))
        self._column = 0

    def _end_cell(self) -> None:
        column = self._place(self._cell.get("r", ""))
        cell = self._make_cell()
        if cell is EMPTY:
            return
        if not self._rows:
            raise Refusal("sheet.broken")
        self._allowed(column)
        self._budget[0] -= 1
        if self._budget[0] < 0:
            raise Refusal("sheet.too_many_cells")
        row = self._rows[-1]
        self._filled += not row
        row.extend([EMPTY] * (column + 1 - len(row)))
        row[column] = cell

    def _place(self, reference: str) -> int:
        found = _REFERENCE.fullmatch(reference)
        if found:
            self._column = _column_index(found[1])
        place = self._column
        self._column += 1
        return place

    def _make_cell(self) -> Cell:
        raw, kind = self._raw, self._cell.get("t", "n")
        place = _whole(self._cell.get("s", ""))
        font = self._book.fonts[place] if place < len(self._book.fonts) else ""
        if raw is None or raw == "":
            return Cell(CellKind.EMPTY, formula=True) if self._formula else EMPTY
        if kind == "s":
            return Cell(CellKind.TEXT, self._shared(raw), self._formula, font)
        if kind in ("str", "inlineStr"):
            return Cell(CellKind.TEXT, unescape(raw), self._formula, font)
        if kind == "b":
            return Cell(CellKind.BOOL, raw == "1", self._formula)
        if kind == "e":
            return Cell(CellKind.ERROR, raw, self._formula)
        if kind == "d":
            return iso_date(raw, self._formula)
        is_date = place < len(self._book.dates) and self._book.dates[place]
        return number_or_date(raw, self._formula, self._book.epoch if is_date else None)

    def _shared(self, raw: str) -> str:
        place = _whole(raw.strip(), default=-1)
        if not 0 <= place < len(self._book.texts):
            raise Refusal("sheet.broken")
        return self._book.texts[place]

    def _note_merge(self, reference: str) -> None:
        corners = _REFERENCE.findall(reference)
        if len(corners) == 2 and len(self._merged) < self._limits.max_rows:
            (left, top), (right, bottom) = corners
            self._merged.append((int(top), _column_index(left), int(bottom), _column_index(right)))


def _whole(text: str, default: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1
