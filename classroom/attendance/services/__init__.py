"""What can be done in attendance."""

from classroom.attendance.services import erasing as erasing  # connects to the signals of lower rooms
from classroom.attendance.services import merging as merging  # connects to the signals of lower rooms
from classroom.attendance.services import receiving as receiving  # connects to the signals of lower rooms
from classroom.attendance.services.by_hand import Choice, Decision, Marked, mark_by_hand, undo_mark
from classroom.attendance.services.deciding import decide_flag, dismiss_request, match_request
from classroom.attendance.services.departures import Departure, state_departure, undo_exit
from classroom.attendance.services.register import (
    AUTO_CLOSED,
    Closed,
    close_due,
    close_register,
    open_register,
    renew_secret,
    reopen_register,
    sign_off,
)
from classroom.attendance.services.screens import ask_pairing, pair_screen, revoke_screen, show_on_screen
from classroom.attendance.services.sheets import Contradiction, Doubt, Entered, enter_sheet
from classroom.attendance.services.spots import end_spot, note_seen, start_spot
from classroom.attendance.services.walk_ins import take_in_walk_in

__all__ = [
    "AUTO_CLOSED",
    "Choice",
    "Closed",
    "Contradiction",
    "Decision",
    "Departure",
    "Doubt",
    "Entered",
    "Marked",
    "ask_pairing",
    "close_due",
    "close_register",
    "decide_flag",
    "dismiss_request",
    "end_spot",
    "enter_sheet",
    "mark_by_hand",
    "match_request",
    "note_seen",
    "open_register",
    "pair_screen",
    "renew_secret",
    "reopen_register",
    "revoke_screen",
    "show_on_screen",
    "sign_off",
    "start_spot",
    "state_departure",
    "take_in_walk_in",
    "undo_exit",
    "undo_mark",
]
