"""What the pages of an import show: problems by kind, the sheet with guessed headings, remarks as a spreadsheet."""

from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from flask_babel import gettext

from classroom.core.sheets import column_letter
from classroom.core.tables import Column, Table
from classroom.learners.rules import Birth, Severity, mask_id_number, show_phone
from classroom.sessions.queries.imports import Draft
from classroom.sessions.rules.imports import Choices, Line, Plan, Reading, Step, problem_key
from classroom.sessions.rules.roster import Field, Problem
from classroom.web.words import say
from classroom.web.words.learners import AUDIENCE_WORDS, SEX_WORDS
from classroom.web.words.rosters import FIELDS, KINDS

_SHOWN_ROWS, _SHOWN_OF_A_KIND = 20, 200
_ORDER = (Severity.ERROR, Severity.CONFIRM, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Remark:
    """One problem with what can be done about it."""

    problem: Problem
    name: str
    words: str
    key: str
    accepted: bool
    #: Accepted because the same person was imported like this before.
    settled_before: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Problems of one kind."""

    code: str
    title: Any
    severity: Severity
    remarks: list[Remark]
    waiting: int
    hidden: int = 0
    #: Codes of classes that do not exist, to be mapped by hand.
    codes: list[str] = field(default_factory=list)


def shared(draft: Draft) -> dict[str, Any]:
    """What every step of an import shows."""
    return {
        "found": draft.roster_import,
        "programme": draft.roster_import.course.programme,
        "reading": draft.reading,
        "plan": draft.plan,
        "counts": draft.plan.counts(),
    }


def class_options(draft: Draft) -> list[tuple[str, str]]:
    """The classes that a list, or a code of its column "Lớp", can be for."""
    living = [one for one in draft.plan.known.classes if not one.cancelled]
    return [(one.public_id, gettext("Class %(code)s", code=one.code)) for one in living]


def groups(plan: Plan) -> list[Group]:
    """All problems by kind, those that must be decided first."""
    open_keys = {problem_key(problem) for problem in plan.open_proposals}
    remarks = [
        _remark(problem, line, plan, open_keys)
        for line in plan.lines
        if line.step is not Step.SKIPPED
        for problem in line.problems
    ]
    ordered = sorted(remarks, key=lambda one: (_ORDER.index(one.problem.severity), one.problem.code))
    return [_group(code, list(kind)) for code, kind in groupby(ordered, key=lambda one: one.problem.code)]


def _remark(problem: Problem, line: Line, plan: Plan, open_keys: set[str]) -> Remark:
    key = problem_key(problem)
    accepted = problem.severity is Severity.CONFIRM and key not in open_keys
    said = key in plan.choices.accepted
    return Remark(problem, line.row.name, say(problem.code, problem.details), key, accepted, accepted and not said)


def _group(code: str, remarks: list[Remark]) -> Group:
    severity = remarks[0].problem.severity
    waiting = len(remarks) if severity is Severity.ERROR else 0
    if severity is Severity.CONFIRM:
        waiting = sum(not one.accepted for one in remarks)
    named = code in ("roster.class_unknown", "roster.class_cancelled")
    codes = sorted({one.problem.value for one in remarks}) if named else []
    hidden = max(len(remarks) - _SHOWN_OF_A_KIND, 0)
    return Group(code, KINDS.get(code, code), severity, remarks[:_SHOWN_OF_A_KIND], waiting, hidden, codes)


def sheet_preview(reading: Reading) -> dict[str, Any]:
    """The first rows as they stand, around the heading, with what each column is taken for."""
    layout, sheet = reading.layout, reading.sheet
    first = max(min(layout.heading_row - 3, len(sheet.rows) - _SHOWN_ROWS), 1)
    last = min(first + _SHOWN_ROWS - 1, len(sheet.rows))
    columns = range(sheet.width)
    return {
        "columns": [
            {
                "index": column,
                "letter": column_letter(column),
                "heading": layout.headings.get(column, ""),
                "field": _shown_field(layout.columns.get(column)),
            }
            for column in columns
        ],
        "rows": [
            {
                "number": row,
                "cells": [sheet.cell(row, column).text for column in columns],
                "is_heading": row == layout.heading_row,
                "is_above": row < layout.first_row,
            }
            for row in range(first, last + 1)
        ],
        "fields": list(FIELDS.items()),
    }


def corrections(reading: Reading, choices: Choices) -> list[dict[str, Any]]:
    """Cells that were typed anew, with what stands in the file."""
    cells = []
    for place, text in choices.corrections.items():
        row, column = (int(part) for part in place.split(":"))
        old = reading.original_value(row, column)
        cells.append({"place": place, "row": row, "letter": column_letter(column), "old": old, "new": text})
    return sorted(cells, key=lambda cell: (cell["row"], cell["letter"]))


def changes_of(line: Line) -> list[tuple[Any, str, str]]:
    """What the file would change about a learner: the field's word, old and new as people read them."""
    return [(FIELDS[name], _spell(name, old), _spell(name, new)) for name, (old, new) in line.changes.items()]


def remarks_table(reading: Reading, plan: Plan) -> Table:
    """The rows as they came, with one more column that says what is to be looked at."""
    layout, width = reading.layout, reading.original.width
    told: dict[int, list[str]] = {}
    for problem in plan.problems:
        place = f"{problem.column}: " if problem.column else ""
        proposal = f" → {problem.proposal}" if problem.proposal else ""
        told.setdefault(problem.row, []).append(f"{place}{say(problem.code, problem.details)}{proposal}")
    for line in plan.having(Step.SKIPPED):
        told.setdefault(line.row.row, []).append(gettext("Left out"))
    columns = [Column(layout.headings.get(index) or column_letter(index), "id", 18) for index in range(width)]
    rows: list[list[str | int]] = [
        [
            line.row.row,
            *(reading.original_value(line.row.row, index) for index in range(width)),
            "\n".join(told.get(line.row.row, [])),
        ]
        for line in plan.lines
    ]
    headings = [Column(gettext("Row"), "number", 6), *columns, Column(gettext("Remarks"), width=60)]
    return Table(gettext("Remarks"), headings, rows)


def blank_table() -> Table:
    """An empty list with the headings that are always understood; official papers are Vietnamese."""
    headings = (
        ("Họ và tên*", 28), ("Ngày sinh", 12), ("Giới tính", 10), ("Số CCCD", 16), ("Số điện thoại", 14),
        ("Email", 26), ("Đối tượng (CBCC/Người dân/Doanh nghiệp)", 18), ("Chức vụ", 18), ("Đơn vị công tác", 32),
        ("Xã/Phường", 18), ("Ghi chú", 24),
    )  # fmt: skip
    return Table("Danh sách học viên", [Column(name, "id", width) for name, width in headings], [[""] * len(headings)])


def _shown_field(held: Field | None) -> str:
    return "" if held is None or held is Field.IGNORED else held.value


def _spell(name: str, value: Any) -> str:
    if isinstance(value, Birth):
        return str(value)
    if not value:
        return "–"
    if name == "id_number":
        return mask_id_number(value)
    if name == "phone":
        return show_phone(value)
    return str({"sex": SEX_WORDS, "audience": AUDIENCE_WORDS}.get(name, {}).get(value, value))
