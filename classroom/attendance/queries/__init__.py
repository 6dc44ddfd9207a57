"""Read registers, boards and screens."""

from classroom.attendance.queries.alike import Alike, people_like
from classroom.attendance.queries.board import Board, OpenFlag, Refused, get_board, get_flag, get_request
from classroom.attendance.queries.polling import find_seen_version
from classroom.attendance.queries.register import (
    RegisterLine,
    count_session,
    find_register,
    guests_to_find,
    register_lines,
    tally_of,
)
from classroom.attendance.queries.screens import find_screen, screens_of, waiting_screens
from classroom.attendance.queries.session_facts import (
    SessionFacts,
    find_session_facts,
    get_session_facts,
    session_facts_by_id,
)
from classroom.attendance.queries.spots import SpotResult, find_spot_at, screen_counts, shown_at, spot_results

__all__ = [
    "Alike",
    "Board",
    "OpenFlag",
    "Refused",
    "RegisterLine",
    "SessionFacts",
    "SpotResult",
    "count_session",
    "find_register",
    "find_screen",
    "find_seen_version",
    "find_session_facts",
    "find_spot_at",
    "get_board",
    "get_flag",
    "get_request",
    "get_session_facts",
    "guests_to_find",
    "people_like",
    "register_lines",
    "screen_counts",
    "screens_of",
    "session_facts_by_id",
    "shown_at",
    "spot_results",
    "tally_of",
    "waiting_screens",
]
