"""Read registers, boards and screens."""

from classroom.attendance.queries.board import Board, OpenFlag, Refused, get_board, get_flag, get_request
from classroom.attendance.queries.polling import find_seen_version
from classroom.attendance.queries.register import (
    RegisterLine,
    count_session,
    find_register,
    guests_to_find,
    policy_of,
    register_lines,
    schedule_of,
    state_of,
    tally_of,
    time_zone_of,
)
from classroom.attendance.queries.screens import PairedScreen, find_screen, get_paired, screens_of, waiting_screens

__all__ = [
    "Board",
    "OpenFlag",
    "PairedScreen",
    "Refused",
    "RegisterLine",
    "count_session",
    "find_register",
    "find_screen",
    "find_seen_version",
    "get_board",
    "get_flag",
    "get_paired",
    "get_request",
    "guests_to_find",
    "policy_of",
    "register_lines",
    "schedule_of",
    "screens_of",
    "state_of",
    "tally_of",
    "time_zone_of",
    "waiting_screens",
]
