"""What is said of accounts and numbers that come twice in one file."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from classroom.learners.rules import Severity
from classroom.online.rules.headings import Meaning
from classroom.online.rules.mapping import Mapping
from classroom.online.rules.results import ReadRow
from classroom.online.rules.tables import Table
from classroom.sessions.rules.roster import Problem

_SHOWN = 80


def with_repetitions(rows: list[ReadRow], table: Table, mapping: Mapping) -> list[ReadRow]:
    """Of several rows of one account the better one counts; one citizen number of several accounts is worth saying."""
    by_account: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if not row.left_out:
            by_account[row.key].append(place)
    for several in by_account.values():
        if len(several) > 1:
            best = max(several, key=lambda place: (bool(rows[place].retracted), rows[place].result.rank, -place))
            for place in several:
                if place != best:
                    note = _repetition(rows[place], "account_twice", rows[best].number, table, mapping.account)
                    rows[place] = rows[place].without(note)
    return _with_numbers_twice(rows, table, mapping)


def _with_numbers_twice(rows: list[ReadRow], table: Table, mapping: Mapping) -> list[ReadRow]:
    by_number: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        if row.id_number and not row.left_out:
            by_number[row.id_number].append(place)
    for several in by_number.values():
        for place in several[1:]:
            column = mapping.column(Meaning.ID_NUMBER)
            note = _repetition(rows[place], "number_of_two_accounts", rows[several[0]].number, table, column)
            rows[place] = replace(rows[place], problems=(*rows[place].problems, note))
    return rows


def _repetition(row: ReadRow, code: str, other: int, table: Table, column: int | None) -> Problem:
    place = "" if column is None else table.places[column]
    heading = "" if column is None else table.headings[column][:_SHOWN]
    value = row.account if code == "account_twice" else row.id_number
    return Problem(row.number, place, heading, f"online.{code}", Severity.WARNING, value, details={"other_row": other})


def problems_of(rows: Iterable[ReadRow]) -> list[Problem]:
    """All remarks in the order of their rows."""
    return [problem for row in rows for problem in row.problems]
