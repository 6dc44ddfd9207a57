"""Where the table of people stands in a sheet: below letterheads and titles, above totals and signatures."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

from classroom.core.names import clean_name
from classroom.core.sheets import Cell, CellKind, Sheet
from classroom.sessions.rules.roster.headings import Field, field_of_heading

_SEARCHED_ROWS = 60
#: Totals, signatures and titles are told by their beginning; what a cell holds beyond is not looked at.
_TOLD_BY = 200
_NAMING = frozenset({Field.NAME, Field.GIVEN, Field.FAMILY_MIDDLE})
#: What describes a person who has a name may sound like a signature: Giám đốc, Chủ tịch UBND xã, Giảng viên.
_DESCRIBING = frozenset({Field.POSITION, Field.UNIT, Field.COMMUNE, Field.NOTE})
_SINGLE = frozenset(Field) - {Field.IGNORED, Field.ORDINAL}
_PERSONAL = (Field.BIRTH, Field.ID_NUMBER, Field.PHONE, Field.EMAIL, Field.SEX, Field.MALE, Field.FEMALE)
_TOTALS = re.compile(
    r"(tổng( cộng| số)?|cộng|tong cong|tong so|total)\s*([:.]|\d|$)|(tổng|tong) (cộng|số|cong|so)\b.*\d|"
    r"(ấn định )?danh sách (này )?(có|gồm)\b|tổng số học viên"
)
_SIGNATURE = re.compile(
    r"(người lập|nguoi lap|ngày|\.+,? ?ngày|thủ trưởng|giám đốc|phó giám đốc|chủ tịch|tm\.|t/m|kt\.|đại diện|nơi nhận|"
    r"xác nhận|xác nhận của|giảng viên|lãnh đạo|kế toán trưởng|\(ký)\b|"
    r".*, ?ngày .* tháng .* năm|.*\(?ký,? (và )?ghi rõ họ tên"
)  # fmt: skip
_CLASS_IN_TITLE = re.compile(r"\blớp\s*(?:số\s*)?[:\-]?\s*([^\W\d_]{0,4}[.\-/]?\d[\w.\-/]*)", re.IGNORECASE)
_CLASS_IN_FILENAME = re.compile(r"(?:\b|_)([A-Za-zĐđ]{1,4}[.\-]?\d[\w.\-/]*)")


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is read; rows count from 1 as in the file, columns from 0."""

    heading_row: int
    first_row: int
    last_row: int
    columns: Mapping[int, Field]
    headings: Mapping[int, str]
    class_hint: str = ""

    @property
    def recognised(self) -> bool:
        """Whether there is a name to read, without which nobody can be imported."""
        fields = set(self.columns.values())
        return Field.NAME in fields or Field.GIVEN in fields

    def column_of(self, field: Field) -> int | None:
        """Find the column that holds a field."""
        return next((column for column, held in self.columns.items() if held is field), None)

    def with_columns(self, sheet: Sheet, columns: Mapping[int, Field], first_row: int | None = None) -> "Layout":
        """Correct columns and first row by hand; a field given twice stays with its first column."""
        corrected = replace(self, columns=_first_of_each(columns), first_row=first_row or self.first_row)
        return replace(corrected, last_row=_last_row(sheet, corrected))

    def to_json(self) -> dict[str, Any]:
        """Give what can be kept beside the file."""
        return {
            "heading_row": self.heading_row,
            "first_row": self.first_row,
            "last_row": self.last_row,
            "columns": {str(column): field.value for column, field in self.columns.items()},
            "headings": {str(column): text for column, text in self.headings.items()},
            "class_hint": self.class_hint,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Layout":
        """Read back what `to_json` gave."""
        columns = {int(column): Field(value) for column, value in kept["columns"].items()}
        headings = {int(column): str(text) for column, text in kept["headings"].items()}
        rows = (int(kept["heading_row"]), int(kept["first_row"]), int(kept["last_row"]))
        return cls(*rows, columns, headings, str(kept["class_hint"]))


def recognise(sheet: Sheet, filename: str = "") -> Layout:
    """Find headings, people and the class that the title or file name mentions.

    A sheet without recognisable headings gives a layout that is not `recognised`, to be set up by hand.
    """
    best, best_score = 0, 1
    for row in range(1, min(len(sheet.rows), _SEARCHED_ROWS) + 1):
        columns = _columns_of(sheet, row)
        has_name = bool({Field.NAME, Field.GIVEN} & set(columns.values()))
        if has_name and len(columns) > best_score:
            best, best_score = row, len(columns)
    columns = _columns_of(sheet, best) if best else {}
    second = _second_heading(sheet, best, columns) if best else {}
    columns = {**columns, **second}
    first = best + (2 if second else 1)
    headings = {column: _heading(sheet, best, column, bool(second)) for column in range(sheet.width)}
    columns = _split_names(sheet, first, columns, headings) if best else {}
    layout = Layout(best, first, len(sheet.rows), columns, headings, class_hint(sheet, best, filename))
    return replace(layout, last_row=_last_row(sheet, layout))


def choose_sheet(sheets: Sequence[Sheet]) -> int:
    """Choose the first visible sheet with recognised headings, else the first visible one, else the first."""
    visible = [place for place, sheet in enumerate(sheets) if not sheet.hidden] or [0]
    return next((place for place in visible if recognise(sheets[place]).recognised), visible[0])


def class_hint(sheet: Sheet, heading_row: int, filename: str = "") -> str:
    """Name the class that a title above the table mentions, or the file's name."""
    for row in range(1, min(heading_row, len(sheet.rows) + 1)):
        for cell in sheet.rows[row - 1]:
            if found := _CLASS_IN_TITLE.search(_beginning(cell)):
                return found[1].rstrip(".-/").upper()
    stem = unicodedata.normalize("NFC", PurePath(filename).stem)
    found = _CLASS_IN_TITLE.search(stem.replace("_", " ")) or _CLASS_IN_FILENAME.search(stem)
    return found[1].rstrip(".-/").upper() if found else ""


def people_rows(sheet: Sheet, layout: Layout) -> list[int]:
    """List the rows that hold a person: not blank, no repeated heading, total, section title or signature."""
    return [
        row
        for row in range(layout.first_row, min(layout.last_row, len(sheet.rows)) + 1)
        if _is_person(sheet, layout, row)
    ]


def _first_of_each(columns: Mapping[int, Field]) -> dict[int, Field]:
    seen: set[Field] = set()
    kept = {}
    for column, field in sorted(columns.items()):
        if field not in _SINGLE or field not in seen:
            kept[column] = field
            seen.add(field)
    return kept


def _columns_of(sheet: Sheet, row: int) -> dict[int, Field]:
    found = {}
    for column, cell in enumerate(sheet.rows[row - 1] if row <= len(sheet.rows) else ()):
        if cell.kind is CellKind.TEXT and (field := field_of_heading(cell.text)):
            found[column] = field
    return _first_of_each(found)


def _second_heading(sheet: Sheet, row: int, columns: Mapping[int, Field]) -> dict[int, Field]:
    """Find Nam and Nữ, or Họ đệm and Tên, in a second heading row below merged cells."""
    below = {
        column: field
        for column, field in _columns_of(sheet, row + 1).items()
        if columns.get(column) in (None, Field.BIRTH, Field.SEX, Field.NAME)
    }
    pairs = ({Field.MALE, Field.FEMALE}, {Field.FAMILY_MIDDLE, Field.GIVEN})
    return below if any(pair <= set(below.values()) for pair in pairs) else {}


def _heading(sheet: Sheet, row: int, column: int, two_rows: bool) -> str:
    texts = [clean_name(sheet.cell(row, column).text)] if row else []
    if two_rows:
        texts.append(clean_name(sheet.cell(row + 1, column).text))
    return " ".join(text for text in texts if text)


def _split_names(
    sheet: Sheet, first: int, columns: Mapping[int, Field], headings: Mapping[int, str]
) -> dict[int, Field]:
    """See through "Họ và tên" merged over two columns, and "Tên" that holds whole names."""
    result = dict(columns)
    name = next((column for column, field in columns.items() if field is Field.NAME), None)
    if name is not None and name + 1 not in columns and not headings.get(name + 1):
        below = [cell.text.split() for row in sheet.rows[first - 1 :] if (cell := _at(row, name + 1)).text.strip()]
        if below and sum(len(words) == 1 for words in below) > len(below) * 0.8:
            result |= {name: Field.FAMILY_MIDDLE, name + 1: Field.GIVEN}
    fields = set(result.values())
    if Field.GIVEN in fields and Field.FAMILY_MIDDLE not in fields and Field.NAME not in fields:
        result = {column: Field.NAME if field is Field.GIVEN else field for column, field in result.items()}
    return result


def _at(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else Cell(CellKind.EMPTY)


def _last_row(sheet: Sheet, layout: Layout) -> int:
    """Stop at the last person: at a total or signature unless numbered people follow it."""
    last = layout.first_row - 1
    ended = False
    for row in range(layout.first_row, len(sheet.rows) + 1):
        ended = ended or _ends_table(sheet, layout, row)
        if _is_person(sheet, layout, row) and (not ended or _has_particulars(sheet, layout, row)):
            last = row
    return last


def _is_person(sheet: Sheet, layout: Layout, row: int) -> bool:
    filled = {column: cell for column, cell in enumerate(sheet.rows[row - 1]) if cell.text.strip()}
    if not filled or _repeats_heading(layout, filled) or _numbers_columns(filled):
        return False
    if _has_particulars(sheet, layout, row):
        return True
    named = any(layout.columns.get(column) in (Field.NAME, Field.FAMILY_MIDDLE, Field.GIVEN) for column in filled)
    if _ends_table(sheet, layout, row):
        return False
    return named or sum(layout.columns.get(column) not in (None, Field.ORDINAL) for column in filled) > 1


def _has_particulars(sheet: Sheet, layout: Layout, row: int) -> bool:
    """A row with a running number and a name, or with a birth, ID number or phone, is somebody."""
    held = {layout.columns[column] for column in layout.columns if sheet.cell(row, column).text.strip()}
    if any(field in held for field in _PERSONAL) and not _ends_table(sheet, layout, row):
        return True
    ordinal = layout.column_of(Field.ORDINAL)
    numbered = ordinal is not None and sheet.cell(row, ordinal).text.strip().rstrip(".").isdigit()
    return numbered and bool(held & {Field.NAME, Field.GIVEN, Field.FAMILY_MIDDLE})


def _ends_table(sheet: Sheet, layout: Layout, row: int) -> bool:
    """Totals and signatures stand in rows without a running number and without an ID number or birth, and not in what
    describes somebody who is named.
    """
    texts = {column: text for column, cell in enumerate(sheet.rows[row - 1]) if (text := _beginning(cell).lower())}
    names = [text for column, text in texts.items() if layout.columns.get(column) in _NAMING]
    if names and not any(map(_ends, names)):
        texts = {column: text for column, text in texts.items() if layout.columns.get(column) not in _DESCRIBING}
    solid = (Field.BIRTH, Field.ID_NUMBER)
    if any(layout.columns.get(c) in solid and _looks_solid(cell) for c, cell in enumerate(sheet.rows[row - 1])):
        return False
    ordinal = layout.column_of(Field.ORDINAL)
    if ordinal is not None and sheet.cell(row, ordinal).text.strip().rstrip(".").isdigit():
        return False
    return any(map(_ends, texts.values()))


def _ends(text: str) -> bool:
    return bool(_TOTALS.match(text) or _SIGNATURE.match(text))


def _beginning(cell: Cell) -> str:
    return " ".join(unicodedata.normalize("NFC", cell.text[: 2 * _TOLD_BY]).split())[:_TOLD_BY]


def _looks_solid(cell: Cell) -> bool:
    return cell.kind is CellKind.DATE or sum(c.isdigit() for c in cell.text) >= 4


def _repeats_heading(layout: Layout, filled: Mapping[int, Cell]) -> bool:
    known = [c for c in filled if layout.headings.get(c) and clean_name(filled[c].text) == layout.headings[c]]
    return len(known) >= 2


def _numbers_columns(filled: Mapping[int, Cell]) -> bool:
    """Tell the row "1 2 3 4 …" (or A, B, 1, 2) under the headings of official forms."""
    marks = [cell.text.strip(" ()") for _, cell in sorted(filled.items())]
    digits = [int(mark) for mark in marks if mark.isascii() and mark.isdigit() and len(mark) < 3]
    letters = [mark for mark in marks if mark.isalpha() and len(mark) == 1]
    rising = digits == list(range(digits[0], digits[0] + len(digits))) if digits else False
    return len(marks) > 2 and rising and len(digits) >= 2 and len(digits) + len(letters) == len(marks)
