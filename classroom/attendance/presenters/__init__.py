"""What the attendance room shows: boards and screens, and what tablets get."""

from classroom.attendance.presenters.boards import (
    Shown,
    board_parts,
    by_likeness,
    half_day,
    likeness,
    suggestions,
)
from classroom.attendance.presenters.screens import AHEAD, ENOUGH, Asked, screen_feed, supply_is_enough

__all__ = [
    "AHEAD",
    "ENOUGH",
    "Asked",
    "Shown",
    "board_parts",
    "by_likeness",
    "half_day",
    "likeness",
    "screen_feed",
    "suggestions",
    "supply_is_enough",
]
