"""The spreadsheet with questions: one row each, read by its headings."""

import unicodedata
from collections.abc import Sequence

from classroom.core.errors import Refusal
from classroom.core.legacy_text import LegacyEncoding, convert_legacy, legacy_of_font
from classroom.core.names import fold
from classroom.core.sheets import Cell, CellKind, Sheet, column_letter
from classroom.exams.rules.imports.drafts import MOST_QUESTIONS, Draft, Parsed, Problem, Unreadable, judged, shortened
from classroom.exams.rules.imports.sheet_headings import EXAMPLES, GUIDE, KINDS, Columns, find_columns
from classroom.exams.rules.imports.sheet_rows import Row, read_body
from classroom.exams.rules.kinds import Content

_OLD: tuple[LegacyEncoding, ...] = ("tcvn3", "vni")
_NOT_READ = {fold(name) for name in (EXAMPLES, GUIDE, "Examples", "Guide")}


def parse_sheets(sheets: Sequence[Sheet]) -> Parsed:
    """Read the first sheet that has the headings; the examples of the template are never read.

    Raises `sheet_questions.no_headings`, and `question_import.too_many` for more than anybody could look through.
    """
    usable = [
        (sheet, columns)
        for sheet in sheets
        if fold(sheet.name) not in _NOT_READ and not sheet.hidden and (columns := find_columns(sheet))
    ]
    if not usable:
        raise Refusal("sheet_questions.no_headings")
    sheet, columns = usable[0]
    drafts: list[Draft] = []
    problems = [
        Problem(columns.row, "sheet_questions.unknown_column", {"column": column_letter(place)}, text, notice=True)
        for place, text in columns.unknown
    ]
    for other, _ in usable[1:]:
        problems.append(Problem(columns.row, "sheet_questions.other_sheet", {"sheet": other.name[:60]}, notice=True))
    if any(_encoding(sheet, cell) for cells in sheet.rows for cell in cells):
        problems.append(Problem(columns.row, "sheet_questions.old_font", notice=True))
    count = 0
    for number in range(columns.row + 1, len(sheet.rows) + 1):
        if not any(cell.text.strip() for cell in sheet.rows[number - 1]):
            continue
        count += 1
        if count > MOST_QUESTIONS:
            raise Refusal("question_import.too_many", most=MOST_QUESTIONS)
        draft, bad = _question(sheet, columns, number)
        problems += bad
        drafts += [draft] if draft else []
    return Parsed(drafts, problems)


def _question(sheet: Sheet, columns: Columns, number: int) -> tuple[Draft | None, list[Problem]]:
    shown = shortened(" | ".join(cell.text for cell in sheet.rows[number - 1] if cell.text.strip()))
    try:
        row = _row(sheet, columns, number)
        word = row.get("kind")
        if not word:
            raise Unreadable("sheet_questions.no_kind")
        if (kind := KINDS.get(fold(word))) is None:
            raise Unreadable("sheet_questions.unknown_kind", word=word[:40])
        content = Content(kind, row.get("text"), read_body(kind, row), row.get("title"), row.get("feedback"))
    except Unreadable as bad:
        return None, [Problem(number, bad.code, bad.details, shown)]
    draft = Draft(number, content, " ".join(row.get("topic").split()))
    problems = judged(draft, shown)
    return (None, problems) if problems else (draft, [])


def _row(sheet: Sheet, columns: Columns, number: int) -> Row:
    cells: dict[str, str] = {}
    for name, place in columns.columns.items():
        cell = sheet.cell(number, place)
        if cell.kind is CellKind.ERROR or (cell.formula and not cell.text):
            raise Unreadable("sheet_questions.cell_error", column=column_letter(place))
        if cell.kind is CellKind.DATE and (name in ("answer", "tolerance") or name.startswith("option-")):
            raise Unreadable("sheet_questions.cell_is_date", column=column_letter(place), value=cell.text)
        text = cell.text
        if encoding := _encoding(sheet, cell):
            text = convert_legacy(text, encoding)
        text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
        cells[name] = text.strip()
    return Row(cells)


def _encoding(sheet: Sheet, cell: Cell) -> LegacyEncoding | None:
    """The old encoding of a cell, told by its font or found for the whole file."""
    if cell.kind is not CellKind.TEXT or cell.text.isascii():
        return None
    whole = next((encoding for encoding in _OLD if encoding == sheet.guessed_encoding), None)
    return whole or legacy_of_font(cell.font)
