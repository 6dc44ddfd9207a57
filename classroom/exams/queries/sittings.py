"""Read sittings and their boards."""

from classroom.exams.queries.board import BoardRow as BoardRow
from classroom.exams.queries.board import board_rows as board_rows
from classroom.exams.queries.board import board_version as board_version
from classroom.exams.queries.sitting_facts import SittingFacts as SittingFacts
from classroom.exams.queries.sitting_facts import find_sitting as find_sitting
from classroom.exams.queries.sitting_facts import find_sitting_of_session as find_sitting_of_session
from classroom.exams.queries.sitting_facts import get_sitting as get_sitting
from classroom.exams.queries.sitting_facts import open_sittings_at as open_sittings_at
