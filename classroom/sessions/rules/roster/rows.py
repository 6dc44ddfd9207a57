"""The people of a class list, with everything worth saying about each cell."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from classroom.core.names import clean_name, sort_key
from classroom.core.sheets import EMPTY, Cell, CellKind, Sheet, column_letter
from classroom.learners.rules import (
    Audience,
    Birth,
    Finding,
    Parsed,
    Severity,
    Sex,
    is_learner_code,
    normalise_learner_code,
    parse_audience,
    parse_birth,
    parse_email,
    parse_id_number,
    parse_name,
    parse_phone,
    parse_sex,
)
from classroom.sessions.rules.roster.headings import Field
from classroom.sessions.rules.roster.layout import Layout, people_rows

T = TypeVar("T")
_LENGTHS = {Field.POSITION: 200, Field.UNIT: 200, Field.COMMUNE: 120, Field.NOTE: 500, Field.CLASS: 30}
_CHECKED = "xX✓✔√v1"


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark about one cell: `row` as in the file, `column` its letter, `proposal` what is offered."""

    row: int
    column: str
    heading: str
    code: str
    severity: Severity
    value: str = ""
    proposal: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person as read. The fields follow every proposal; `settled` takes back those nobody accepted."""

    row: int
    #: The learner code, in files that were taken out of here.
    code: str = ""
    name: str = ""
    birth: Birth | None = None
    sex: Sex | None = None
    id_number: str = ""
    phone: str = ""
    email: str = ""
    audience: Audience | None = None
    position: str = ""
    unit: str = ""
    commune: str = ""
    note: str = ""
    class_code: str = ""
    problems: tuple[Problem, ...] = ()
    #: Field and value that hold while the proposal of a problem code is not accepted.
    unconfirmed: Mapping[str, tuple[str, Any]] = field(default_factory=dict)

    @property
    def sort_key(self) -> str:
        """The Vietnamese order of the person's name."""
        return sort_key(self.name)

    @property
    def has_errors(self) -> bool:
        """Whether the row can be imported at all."""
        return any(problem.severity is Severity.ERROR for problem in self.problems)

    def settled(self, accepted: Callable[[Problem], bool]) -> "RosterRow":
        """Keep the accepted proposals and take the others back."""
        refused = [p.code for p in self.problems if p.severity is Severity.CONFIRM and not accepted(p)]
        changes: dict[str, Any] = dict(self.unconfirmed[code] for code in refused)
        return replace(self, **changes)


class _Reader:
    def __init__(self, sheet: Sheet, layout: Layout, row: int) -> None:
        self.sheet, self.layout, self.row = sheet, layout, row
        self.problems: list[Problem] = []
        self.unconfirmed: dict[str, tuple[str, Any]] = {}

    def cell(self, held: Field) -> Cell:
        column = self.layout.column_of(held)
        return EMPTY if column is None else self.sheet.cell(self.row, column)

    def take(self, held: Field, attribute: str, parsed: Parsed[T]) -> T | None:
        """Note the findings of one cell and keep what holds unless they are accepted."""
        for finding in parsed.findings:
            self.note(held, finding)
            if finding.severity is Severity.CONFIRM:
                kept = parsed.unconfirmed
                if kept is None and attribute not in ("birth", "sex", "audience"):
                    self.unconfirmed[f"roster.{finding.code}"] = (attribute, "")
                else:
                    self.unconfirmed[f"roster.{finding.code}"] = (attribute, kept)
        return parsed.value

    def note(self, held: Field, finding: Finding, value: str | None = None) -> None:
        column = self.layout.column_of(held)
        self.problems.append(
            Problem(
                row=self.row,
                column="" if column is None else column_letter(column),
                heading="" if column is None else self.layout.headings.get(column, ""),
                code=f"roster.{finding.code}",
                severity=finding.severity,
                value=self.cell(held).text if value is None else value,
                proposal=finding.proposal,
                details=finding.details,
            )
        )

    def words(self, held: Field) -> str:
        text = clean_name(self.cell(held).text)
        limit = _LENGTHS[held]
        if len(text) > limit:
            self.note(held, Finding("text_too_long", Severity.WARNING, text[:limit], {"limit": limit}))
        return text[:limit]

    def formulas(self) -> None:
        for column, held in sorted(self.layout.columns.items()):
            cell = self.sheet.cell(self.row, column)
            if held in (Field.ORDINAL, Field.IGNORED):
                continue
            if cell.kind is CellKind.ERROR:
                self.note(held, Finding("cell_error", Severity.WARNING))
            elif cell.formula and cell.kind is CellKind.EMPTY:
                self.note(held, Finding("formula_without_value", Severity.WARNING))
            elif cell.formula:
                self.note(held, Finding("formula", Severity.INFO))


def read_rows(sheet: Sheet, layout: Layout, today: date) -> list[RosterRow]:
    """Read every person of the table; nothing is repaired beyond what each problem says."""
    readable = _without_errors(sheet)
    rows = [_read_row(sheet, readable, layout, row, today) for row in people_rows(sheet, layout)]
    return _with_repetitions(rows, layout)


def _without_errors(sheet: Sheet) -> Sheet:
    if not any(cell.kind is CellKind.ERROR for row in sheet.rows for cell in row):
        return sheet
    rows = [[EMPTY if cell.kind is CellKind.ERROR else cell for cell in row] for row in sheet.rows]
    return replace(sheet, rows=rows)


def _read_row(original: Sheet, sheet: Sheet, layout: Layout, row: int, today: date) -> RosterRow:
    marks = _Reader(original, layout, row)
    marks.formulas()
    reader = _Reader(sheet, layout, row)
    reader.problems = marks.problems
    name = _name(reader)
    sex, birth = _sex_and_birth(reader, today)
    number = reader.take(Field.ID_NUMBER, "id_number", parse_id_number(reader.cell(Field.ID_NUMBER), birth, sex))
    if layout.column_of(Field.ID_NUMBER) is not None and reader.cell(Field.ID_NUMBER).kind is CellKind.EMPTY:
        reader.note(Field.ID_NUMBER, Finding("id_number_missing", Severity.WARNING))
    return RosterRow(
        row=row,
        code=_code(reader),
        name=name,
        birth=birth,
        sex=sex,
        id_number=number or "",
        phone=reader.take(Field.PHONE, "phone", parse_phone(reader.cell(Field.PHONE))) or "",
        email=reader.take(Field.EMAIL, "email", parse_email(reader.cell(Field.EMAIL))) or "",
        audience=reader.take(Field.AUDIENCE, "audience", parse_audience(reader.cell(Field.AUDIENCE))),
        position=reader.words(Field.POSITION),
        unit=reader.words(Field.UNIT),
        commune=reader.words(Field.COMMUNE),
        note=reader.words(Field.NOTE),
        class_code=reader.words(Field.CLASS).upper(),
        problems=tuple(reader.problems),
        unconfirmed=reader.unconfirmed,
    )


def _code(reader: _Reader) -> str:
    typed = reader.cell(Field.CODE).text
    if typed.strip() and not is_learner_code(typed):
        reader.note(Field.CODE, Finding("code_unreadable", Severity.WARNING))
        return ""
    return normalise_learner_code(typed)


def _name(reader: _Reader) -> str:
    """Join a split name before judging it, so that its spaces and capitals are judged as a whole."""
    if reader.layout.column_of(Field.NAME) is not None:
        held, cell = Field.NAME, reader.cell(Field.NAME)
    else:
        held = Field.GIVEN
        parts = [reader.cell(Field.FAMILY_MIDDLE), reader.cell(Field.GIVEN)]
        joined = " ".join(part.text for part in parts if part.text)
        cell = Cell(CellKind.TEXT, joined, font=parts[0].font or parts[1].font)
    parsed = parse_name(cell)
    before = len(reader.problems)
    name = reader.take(held, "name", parsed)
    reader.problems[before:] = [replace(problem, value=cell.text) for problem in reader.problems[before:]]
    return name or ""


def _sex_and_birth(reader: _Reader, today: date) -> tuple[Sex | None, Birth | None]:
    """Read NAM and NỮ columns too, whether they hold a cross or the birth itself."""
    birth = reader.take(Field.BIRTH, "birth", parse_birth(reader.cell(Field.BIRTH), today))
    male, female = reader.cell(Field.MALE), reader.cell(Field.FEMALE)
    if not (male.text.strip() or female.text.strip()):
        return reader.take(Field.SEX, "sex", parse_sex(reader.cell(Field.SEX))), birth
    held = Field.MALE if male.text.strip() else Field.FEMALE
    if male.text.strip() and female.text.strip():
        reader.note(held, Finding("sex_both", Severity.WARNING), f"{male.text} / {female.text}")
        return None, birth
    cell = male if held is Field.MALE else female
    if cell.text.strip() not in _CHECKED and birth is None and parse_sex(cell).value is None:
        birth = reader.take(held, "birth", parse_birth(cell, today))
    return Sex(held.value), birth


def _with_repetitions(rows: list[RosterRow], layout: Layout) -> list[RosterRow]:
    """Compare each row with those before it; people are never taken for one another because of a name."""
    seen: dict[tuple[str, str], list[RosterRow]] = defaultdict(list)
    result = []
    for row in rows:
        remarks = list(_repetitions(row, seen, layout))
        result.append(replace(row, problems=(*row.problems, *remarks)))
        seen["id", row.id_number].append(row)
        seen["phone", row.phone].append(row)
        seen["email", row.email].append(row)
        seen["name", row.sort_key].append(row)
    return result


def _repetitions(row: RosterRow, seen: Mapping[tuple[str, str], list[RosterRow]], layout: Layout) -> list[Problem]:
    remarks = []

    def remark(held: Field, code: str, severity: Severity, value: str, earlier: RosterRow) -> None:
        column = layout.column_of(held)
        place = "" if column is None else column_letter(column)
        heading = "" if column is None else layout.headings.get(column, "")
        details = {"earlier_row": earlier.row}
        remarks.append(Problem(row.row, place, heading, f"roster.{code}", severity, value, details=details))

    if row.id_number and (earlier := seen.get(("id", row.id_number))):
        remark(Field.ID_NUMBER, "repeated_id_number", Severity.ERROR, row.id_number, earlier[0])
    namesakes = seen.get(("name", row.sort_key), []) if row.name else []
    names = Field.NAME if layout.column_of(Field.NAME) is not None else Field.GIVEN
    if twins := [e for e in namesakes if e.birth and e.birth == row.birth]:
        if not any(e.id_number == row.id_number and row.id_number for e in twins):
            remark(names, "same_name_and_birth", Severity.WARNING, row.name, twins[0])
    elif namesakes:
        remark(names, "same_name", Severity.INFO, row.name, namesakes[0])
    if row.phone and (earlier := seen.get(("phone", row.phone))):
        remark(Field.PHONE, "repeated_phone", Severity.INFO, row.phone, earlier[0])
    if row.email and (earlier := seen.get(("email", row.email))):
        remark(Field.EMAIL, "repeated_email", Severity.INFO, row.email, earlier[0])
    return remarks
