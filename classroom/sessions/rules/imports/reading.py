"""A file seen through the decisions about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from classroom.core.legacy_text import LegacyEncoding, convert_legacy, legacy_encoding, legacy_of_font
from classroom.core.names import title_case
from classroom.core.sheets import EMPTY, Cell, CellKind, Sheet, column_letter
from classroom.sessions.rules.imports.choices import Choices
from classroom.sessions.rules.roster import Field, Layout, RosterRow, choose_sheet, read_rows, recognise

_SAMPLES = 4
_NAMES = (Field.NAME, Field.FAMILY_MIDDLE, Field.GIVEN)
_LEGACY: tuple[LegacyEncoding, ...] = ("tcvn3", "vni")


@dataclass(frozen=True, slots=True)
class Reading:
    """The chosen sheet as it stands in the file and as it is read, with everybody on it."""

    sheets: Sequence[Sheet]
    original: Sheet
    sheet: Sheet
    layout: Layout
    rows: Sequence[RosterRow]

    @property
    def has_class_column(self) -> bool:
        """Whether the file itself says who goes to which class."""
        return self.layout.column_of(Field.CLASS) is not None

    def original_value(self, row: int, column: int) -> str:
        """Give what stands in the file, whatever was typed instead."""
        return self.original.cell(row, column).text


@dataclass(frozen=True, slots=True)
class OldText:
    """Text in an old encoding, as it stands and as it would be read."""

    before: str
    after: str


def first_choices(sheets: Sequence[Sheet], filename: str) -> Choices:
    """Choose sheet and layout as they are recognised."""
    chosen = choose_sheet(sheets)
    return Choices(sheet=chosen, layout=recognise(sheets[chosen], filename).to_json())


def read_list(sheets: Sequence[Sheet], filename: str, choices: Choices, today: date) -> Reading:
    """Read the people of the chosen sheet; a sheet number that the file does not have counts as the first."""
    original = sheets[choices.sheet] if 0 <= choices.sheet < len(sheets) else sheets[0]
    layout = choices.read_layout() or recognise(original, filename)
    sheet = converted(original, layout) if choices.convert else original
    sheet = corrected(sheet, layout, choices.corrections)
    rows = read_rows(sheet, layout, today) if layout.recognised else []
    return Reading(sheets, original, sheet, layout, rows)


def with_heading_row(sheet: Sheet, row: int, filename: str) -> Layout:
    """Recognise the columns from one row that a person says is the heading."""
    above = recognise(replace(sheet, rows=[*([()] * (row - 1)), *sheet.rows[row - 1 :]]), filename)
    if above.heading_row == row:
        return above
    headings = {column: sheet.cell(row, column).text for column in range(sheet.width)}
    return Layout(row, row + 1, len(sheet.rows), {}, headings, above.class_hint)


def corrected(sheet: Sheet, layout: Layout, corrections: Mapping[str, str]) -> Sheet:
    """Put typed text over cells; a whole name typed into a split one is split again."""
    if not corrections:
        return sheet
    rows = [list(cells) for cells in sheet.rows]
    for place, text in corrections.items():
        row, column = (int(part) for part in place.split(":"))
        if not 1 <= row <= len(rows):
            continue
        family = layout.column_of(Field.FAMILY_MIDDLE)
        if layout.columns.get(column) is Field.GIVEN and family is not None:
            *before, text = text.split() or [""]
            _put(rows[row - 1], family, " ".join(before))
        _put(rows[row - 1], column, text)
    return replace(sheet, rows=rows)


def old_text(sheet: Sheet) -> list[OldText]:
    """Show some text that looks like an old encoding, before and after."""
    found = {}
    for cell in _texts(sheet):
        encoding = _encoding(sheet, cell)
        if encoding and (after := convert_legacy(cell.text, encoding)) != cell.text:
            found[cell.text] = after
            if len(found) == _SAMPLES:
                break
    return [OldText(before, after) for before, after in found.items()]


def converted(sheet: Sheet, layout: Layout | None = None) -> Sheet:
    """Read old encodings as Unicode, cell by cell: those that say so by their font, their letters or their file.

    Old fonts have no small and capital letters of the same name, so that names get their capitals back.
    """
    names = {column for column, held in layout.columns.items() if held in _NAMES} if layout else set()
    first = layout.first_row if layout else 0
    return replace(
        sheet,
        rows=[
            [_converted(sheet, cell, named=number >= first and column in names) for column, cell in enumerate(cells)]
            for number, cells in enumerate(sheet.rows, start=1)
        ],
    )


def column_index(sheet: Sheet, letter: str) -> int | None:
    """Find a column (from 0) by its letter."""
    return next((place for place in range(sheet.width) if column_letter(place) == letter), None)


def _put(cells: list[Cell], column: int, text: str) -> None:
    cells.extend([EMPTY] * (column + 1 - len(cells)))
    cells[column] = Cell(CellKind.TEXT, text.strip()) if text.strip() else EMPTY


def _texts(sheet: Sheet) -> Iterable[Cell]:
    return (cell for cells in sheet.rows for cell in cells if cell.kind is CellKind.TEXT)


def _encoding(sheet: Sheet, cell: Cell) -> LegacyEncoding | None:
    whole_file = next((encoding for encoding in _LEGACY if encoding == sheet.guessed_encoding), None)
    return whole_file or legacy_of_font(cell.font) or legacy_encoding(cell.text)


def _converted(sheet: Sheet, cell: Cell, *, named: bool) -> Cell:
    encoding = _encoding(sheet, cell) if cell.kind is CellKind.TEXT else None
    if encoding is None:
        return cell
    text = convert_legacy(cell.text, encoding)
    return replace(cell, value=title_case(text) if named else text, font="")
