"""What coordinators choose and type on the pages of an import, turned into decisions."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from classroom.sessions.rules.imports import Choices, Plan, Reading, column_index, problem_key
from classroom.sessions.rules.roster import Field

Form = MultiDict[str, str]
Change = Callable[[Choices], Choices]
#: What typed text may measure; longer cells are cut by the rules with a remark.
_LONGEST = 1000


def chosen_columns(form: Form) -> dict[int, Field]:
    """Which column holds what, from lists called `column-0`, `column-1` …"""
    known = {field.value: field for field in Field}
    places = ((name.removeprefix("column-"), value) for name, value in form.items() if name.startswith("column-"))
    return {int(place): known[value] for place, value in places if _row(place) and value in known}


def whole_number(form: Form, name: str, otherwise: int) -> int:
    """A small number, or `otherwise` for anything else."""
    text = form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else otherwise


def problem_change(form: Form, reading: Reading, plan: Plan) -> Change:
    """The decision of the button that was pressed, with everything that was typed beside it."""
    verb, _, about = form.get("do", "").partition(":")
    cells = typed_cells(form, reading, plan)
    classes = {
        name.removeprefix("class-"): value for name, value in form.items() if name.startswith("class-") and value
    }

    def change(choices: Choices) -> Choices:
        decided = choices.correcting(cells).mapping_classes(classes)
        return _VERBS[verb](decided, about, plan) if verb in _VERBS else decided

    return change


def typed_cells(form: Form, reading: Reading, plan: Plan) -> dict[str, str]:
    """Cells called `fix-12-D` whose text differs from what stands there."""
    shown = {(problem.row, problem.column): problem.value for problem in plan.problems if problem.column}
    cells = {}
    for name, typed in form.items():
        _, _, place = name.partition("fix-")
        row, _, letter = place.partition("-")
        if not (name.startswith("fix-") and row.isascii() and row.isdecimal()) or len(row) > 6:
            continue
        column, text = column_index(reading.sheet, letter), typed.strip()[:_LONGEST]
        if column is not None and text != shown.get((int(row), letter), text).strip():
            cells[f"{int(row)}:{column}"] = text
    return cells


def answers(form: Form, plan: Plan) -> Change:
    """Answers and ticks of the last page: `same-12`, `move`, `rejoin`, `remove`, `over`."""
    same = {str(line.row.row): form.get(f"same-{line.row.row}", "") for line in plan.lines if line.candidates}
    left_out = {int(row) for row, answer in same.items() if answer == "skip"}

    def change(choices: Choices) -> Choices:
        said = {row: answer for row, answer in same.items() if answer and answer != "skip"}
        return replace(
            choices.skipping(left_out),
            same={**choices.same, **said},
            moved=frozenset(int(row) for row in form.getlist("move") if row.isdecimal() and len(row) < 7),
            rejoined=frozenset(form.getlist("rejoin")),
            removed=frozenset(form.getlist("remove")),
            over_capacity=frozenset(form.getlist("over")),
        )

    return change


def _rows_of_kind(plan: Plan, code: str) -> set[int]:
    return {problem.row for problem in plan.problems if problem.code == code}


def _keys_of_kind(plan: Plan, code: str) -> set[str]:
    return {problem_key(problem) for problem in plan.problems if problem.code == code}


def _row(about: str) -> set[int]:
    return {int(about)} if about.isascii() and about.isdecimal() and len(about) < 7 else set()


_VERBS: Mapping[str, Callable[[Choices, str, Plan], Choices]] = {
    "accept": lambda choices, about, plan: choices.accepting([about]),
    "reject": lambda choices, about, plan: choices.rejecting([about]),
    "accept-all": lambda choices, about, plan: choices.accepting(_keys_of_kind(plan, about)),
    "reject-all": lambda choices, about, plan: choices.rejecting(_keys_of_kind(plan, about)),
    "skip": lambda choices, about, plan: choices.skipping(_row(about)),
    "skip-all": lambda choices, about, plan: choices.skipping(_rows_of_kind(plan, about)),
    "keep": lambda choices, about, plan: choices.keeping(_row(about)),
    "restore": lambda choices, about, plan: choices.restoring(about),
}
