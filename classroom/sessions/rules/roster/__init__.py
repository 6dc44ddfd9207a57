"""Class lists in the shapes that offices send: found in a sheet, read row by row, judged cell by cell."""

from classroom.sessions.rules.roster.headings import Field, field_of_heading
from classroom.sessions.rules.roster.layout import Layout, choose_sheet, class_hint, recognise
from classroom.sessions.rules.roster.rows import Problem, RosterRow, read_rows

__all__ = [
    "Field",
    "Layout",
    "Problem",
    "RosterRow",
    "choose_sheet",
    "class_hint",
    "field_of_heading",
    "read_rows",
    "recognise",
]
