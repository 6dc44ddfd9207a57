"""Every row of a table read, with what is worth saying about its cells; nothing is put right in silence."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from classroom.core.names import clean_name
from classroom.core.sheets import EMPTY, Cell, CellKind
from classroom.learners.rules import (
    Birth,
    Finding,
    Parsed,
    Severity,
    parse_birth,
    parse_email,
    parse_id_number,
    parse_name,
    parse_phone,
)
from classroom.online.rules.cells import nothing_in, read_share, read_unit
from classroom.online.rules.headings import Meaning
from classroom.online.rules.mapping import Mapping
from classroom.online.rules.repetitions import with_repetitions
from classroom.online.rules.results import ReadRow, Result
from classroom.online.rules.tables import Table
from classroom.online.rules.values import (
    Order,
    parse_moment,
    parse_retraction,
    parse_verdict,
    scaled,
)
from classroom.sessions.rules.roster import Problem

T = TypeVar("T")
_ACCOUNT, _SHOWN, _REASON = 120, 80, 300
_TOTAL = re.compile(r"(tổng|cộng|total)\b", re.IGNORECASE)
OLD_TEXT = "roster.name_old_encoding"


@dataclass(frozen=True, slots=True)
class Terms:
    """How a file is read: columns, order of dates, whose clock; proposals that were accepted, rows to be left out."""

    mapping: Mapping
    order: Order
    zone: ZoneInfo
    today: date
    accepted: frozenset[str] = frozenset()
    skipped: frozenset[int] = frozenset()


def read_rows(table: Table, terms: Terms) -> list[ReadRow]:
    """All rows that name an account or ought to; two rows of one account are named, and the better one counts."""
    reader = _Reader(table, terms)
    rows = [row for number, cells in table.rows if (row := reader.read(number, cells)) is not None]
    return with_repetitions(rows, table, terms.mapping)


class _Reader:
    def __init__(self, table: Table, terms: Terms) -> None:
        self.table, self.terms = table, terms
        self.places = {meaning: place for place, meaning in terms.mapping.columns.items()}
        self.places[Meaning.ACCOUNT] = -1 if terms.mapping.account is None else terms.mapping.account
        #: Fills a row that ends early; one more stands at its end, where place -1 finds what has no column.
        self.beyond = (EMPTY,) * max(place + 2 for place in (*terms.mapping.columns, *self.places.values()))
        self.telling = [p for p, held in terms.mapping.columns.items() if held is not Meaning.IGNORED]
        #: Where an activity's state stands and where its day; of how many that are done comes what progress.
        self.activities = _activities(terms.mapping)
        whole = Decimal(len(self.activities) or 1)
        self.parts = [scaled(Decimal(done), whole) for done in range(len(self.activities) + 1)]
        self.maxima = {
            Meaning.SCORE: Decimal(terms.mapping.score_max),
            Meaning.PROGRESS: Decimal(terms.mapping.progress_max),
        }
        self.mark = Decimal(terms.mapping.pass_mark)
        self.moments: dict[tuple[object, int], Parsed[datetime]] = {}
        self.births: dict[Cell, Parsed[Birth]] = {}
        self.shares: dict[tuple[Meaning, Cell], Parsed[Decimal]] = {}
        self.days: dict[datetime, date] = {}
        self.verdicts: dict[Cell, Parsed[str]] = {}
        self.units: dict[Cell, tuple[str, Finding | None]] = {}
        self.number = 0
        self.cells: Sequence[Cell] = ()
        self.problems: list[Problem] = []

    def read(self, number: int, cells: Sequence[Cell]) -> ReadRow | None:
        self.number, self.cells, self.problems = number, (*cells, *self.beyond[len(cells) :], EMPTY), []
        account = clean_name(self.cell(Meaning.ACCOUNT).text[: _ACCOUNT * 2])
        if _TOTAL.match(account) or not self.says_something():
            return None  # a note, a signature or a total below the table
        if not account or len(account.casefold()) > _ACCOUNT:
            self.note(
                Meaning.ACCOUNT, Finding("account_missing" if not account else "account_too_long", Severity.ERROR)
            )
        if number in self.table.contradicted:
            self.note(Meaning.ACCOUNT, Finding("profiles_at_odds", Severity.ERROR))
        birth = self.birth()
        result = self.result()
        issued = self.moment(self.places.get(Meaning.ISSUED, -1))
        issued_on = self.day(issued) if issued else None
        self.compare(result, issued_on)
        row = ReadRow(
            number=number,
            account=account[:_ACCOUNT],
            name=self.name(),
            born_on=birth.on if birth else None,
            birth_year=birth.year if birth else None,
            id_number=self.take(Meaning.ID_NUMBER, lambda cell: parse_id_number(cell, birth)) or "",
            phone=self.take(Meaning.PHONE, parse_phone) or "",
            email=self.take(Meaning.EMAIL, parse_email) or "",
            unit=self.unit(),
            issued_on=issued_on,
            result=replace(result, said="") if result.said == "retracted" else result,
            retracted=self.retraction(result.said),
            problems=tuple(self.problems),
        )
        wrong = any(problem.severity is Severity.ERROR for problem in self.problems)
        return replace(row, left_out=True) if wrong or number in self.terms.skipped else row

    def says_something(self) -> bool:
        filled = (place for place in self.telling if self.cells[place] is not EMPTY)
        return next(filled, None) is not None and next(filled, None) is not None

    def cell(self, meaning: Meaning) -> Cell:
        return self.cells[self.places.get(meaning, -1)]

    def note(self, meaning: Meaning, finding: Finding, code: str = "") -> None:
        self.note_at(self.places.get(meaning, -1), finding, code)

    def note_at(self, place: int, finding: Finding, code: str = "") -> None:
        known = place >= 0
        self.problems.append(
            Problem(
                row=self.number,
                column=self.table.places[place] if known else "",
                heading=self.table.headings[place][:_SHOWN] if known else "",
                code=code or f"online.{finding.code}",
                severity=finding.severity,
                value=self.cells[place].text[:_SHOWN],
                proposal=finding.proposal[:_SHOWN],
                details=finding.details,
            )
        )

    def take(self, meaning: Meaning, parse: Callable[[Cell], Parsed[T]]) -> T | None:
        """A personal value: what cannot be used is left out and said so, a proposal counts once it was accepted."""
        cell = self.cell(meaning)
        if cell is EMPTY:
            return None
        if cell.kind is CellKind.ERROR:
            self.note(meaning, Finding("cell_error", Severity.WARNING), "roster.cell_error")
            return None
        if cell.kind is CellKind.EMPTY:
            self.note(meaning, Finding("formula_without_value", Severity.WARNING), "roster.formula_without_value")
            return None
        parsed = parse(cell)
        value = parsed.value
        for finding in parsed.findings:
            code = f"roster.{finding.code}"
            worst = Severity.WARNING if finding.severity is Severity.ERROR else finding.severity
            if worst is not Severity.INFO or finding.code not in _SILENT:
                self.note(meaning, replace(finding, severity=worst), code)
            if worst is Severity.CONFIRM and code not in self.terms.accepted:
                value = parsed.unconfirmed
        return value

    def birth(self) -> Birth | None:
        return self.take(Meaning.BIRTH, self._birth)

    def _birth(self, cell: Cell) -> Parsed[Birth]:
        found = self.births.get(cell)
        if found is None:
            found = self.births[cell] = self._read_birth(cell)
        return found

    def _read_birth(self, cell: Cell) -> Parsed[Birth]:
        if self.terms.order == "mdy" and isinstance(cell.value, str) and "/" in cell.value:
            parts = cell.value.split("/")
            if len(parts) == 3:
                cell = replace(cell, value="/".join((parts[1], parts[0], parts[2])))
        return parse_birth(cell, self.terms.today)

    def name(self) -> str:
        if Meaning.NAME in self.places:
            return self.take(Meaning.NAME, parse_name) or ""
        family, given = self.cell(Meaning.FAMILY_MIDDLE), self.cell(Meaning.GIVEN)
        joined = " ".join(cell.text for cell in (family, given) if cell.text.strip())
        if not joined.strip():
            return ""
        whole = Cell(CellKind.TEXT, joined, font=family.font or given.font)
        held = Meaning.GIVEN if given is not EMPTY else Meaning.FAMILY_MIDDLE
        return self.take(held, lambda _cell: parse_name(whole)) or ""

    def unit(self) -> str:
        cell = self.cell(Meaning.UNIT)
        if cell is EMPTY or cell.kind is CellKind.ERROR:
            return ""
        found = self.units.get(cell)
        if found is None:
            found = self.units[cell] = read_unit(cell, convert=OLD_TEXT in self.terms.accepted)
        text, finding = found
        if finding:
            self.note(Meaning.UNIT, finding, f"roster.{finding.code}")
        return text

    def moment(self, place: int) -> datetime | None:
        cell = self.cells[place]
        if cell is EMPTY:
            return None
        key = (cell.value, cell.seconds)
        parsed = self.moments.get(key)
        if parsed is None or cell.kind is not CellKind.TEXT:
            parsed = self.moments[key] = parse_moment(cell, self.terms.zone, self.terms.order, self.terms.today)
        for finding in parsed.findings or nothing_in(cell):
            self.note_at(place, finding)
        return parsed.value

    def day(self, moment: datetime) -> date:
        """On the organisation's calendar."""
        found = self.days.get(moment)
        if found is None:
            found = self.days[moment] = moment.astimezone(self.terms.zone).date()
        return found

    def share(self, meaning: Meaning) -> Decimal | None:
        cell = self.cell(meaning)
        if cell is EMPTY:
            return None
        parsed = self.shares.get((meaning, cell))
        if parsed is None:
            parsed = self.shares[meaning, cell] = read_share(cell, self.maxima[meaning])
        for finding in parsed.findings or nothing_in(cell):
            self.note(meaning, finding)
        return parsed.value

    def result(self) -> Result:
        said = self.verdict(self.cell(Meaning.SAID))
        for finding in said.findings:
            self.note(Meaning.SAID, finding)
        completed, progress = self.moment(self.places.get(Meaning.COMPLETED, -1)), self.share(Meaning.PROGRESS)
        if self.activities and completed is None and progress is None:
            completed, progress = self.activity()
        return Result(completed, progress, self.share(Meaning.SCORE), said.value or "")

    def verdict(self, cell: Cell) -> Parsed[str]:
        found = self.verdicts.get(cell)
        if found is None:
            found = self.verdicts[cell] = parse_verdict(cell)
        return found

    def activity(self) -> tuple[datetime | None, Decimal | None]:
        """Of a completion report: the share of activities that are done, and when the last was, once all are."""
        days = []
        done = 0
        for state, beside in self.activities:
            if self.verdict(self.cells[state]).value == "passed":
                done += 1
                if day := self.moment(beside):
                    days.append(day)
        whole = done == len(self.activities)
        return max(days) if whole and days else None, self.parts[done]

    def retraction(self, said: str) -> str:
        cell = self.cell(Meaning.RETRACTED)
        if cell is not EMPTY and parse_retraction(cell):
            return clean_name(cell.text[: _REASON * 2])[:_REASON] or "x"
        return clean_name(self.cell(Meaning.SAID).text)[:_REASON] if said == "retracted" else ""

    def compare(self, result: Result, issued_on: date | None) -> None:
        """Say where the platform's own verdict is not ours, and where days contradict each other."""
        if result.said in ("passed", "failed") and (result.said == "passed") != result.passed(self.mark):
            self.note(Meaning.SAID, Finding(f"said_{result.said}", Severity.WARNING))
        if issued_on and result.completed_at:
            day = self.day(result.completed_at)
            if day < issued_on:
                self.note(Meaning.COMPLETED, Finding("completed_before_issue", Severity.WARNING))
            elif day > self.terms.today + timedelta(days=366):
                self.note(Meaning.COMPLETED, Finding("completed_far_ahead", Severity.WARNING))


#: Said of a class list, where somebody goes through a hundred rows; of 36,000 they would hide the rest.
_SILENT = frozenset({"name_decomposed", "name_spaces", "birth_year_only", "phone_not_mobile", "id_number_old_card"})


def _activities(mapping: Mapping) -> list[tuple[int, int]]:
    """Where states of activities stand, each with the place of its day; -1 where no column is for that."""
    held = mapping.columns
    states = (place for place, meaning in held.items() if meaning is Meaning.ACTIVITY)
    return [(place, place + 1 if held.get(place + 1) is Meaning.ACTIVITY_DAY else -1) for place in states]
