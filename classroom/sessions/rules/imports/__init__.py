"""A class list on its way in: what was decided about the file, who its rows are, and what confirming would do."""

from classroom.sessions.rules.imports.choices import BY_COLUMN, NEW_PERSON, Choices, problem_key
from classroom.sessions.rules.imports.identity import Evidence, recognise_row, resemblances
from classroom.sessions.rules.imports.known import Known, KnownClass, KnownLearner, KnownSeat, fingerprints
from classroom.sessions.rules.imports.lines import Line, SeatStep, Step, facts_of_row
from classroom.sessions.rules.imports.planning import make_plan
from classroom.sessions.rules.imports.plans import Plan, Removal, Room
from classroom.sessions.rules.imports.reading import (
    OldText,
    Reading,
    column_index,
    converted,
    first_choices,
    old_text,
    read_list,
    with_heading_row,
)

__all__ = [
    "BY_COLUMN",
    "NEW_PERSON",
    "Choices",
    "Evidence",
    "Known",
    "KnownClass",
    "KnownLearner",
    "KnownSeat",
    "Line",
    "OldText",
    "Plan",
    "Reading",
    "Removal",
    "Room",
    "SeatStep",
    "Step",
    "column_index",
    "converted",
    "facts_of_row",
    "fingerprints",
    "first_choices",
    "make_plan",
    "old_text",
    "problem_key",
    "read_list",
    "recognise_row",
    "resemblances",
    "with_heading_row",
]
