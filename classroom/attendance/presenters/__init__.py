"""What the attendance room shows: boards and screens, and what tablets get."""

from classroom.attendance.presenters.boards import (
    AHEAD,
    ENOUGH,
    Shown,
    board_parts,
    by_likeness,
    half_day,
    likeness,
    screen_feed,
    suggestions,
    supply_is_enough,
)

__all__ = [
    "AHEAD",
    "ENOUGH",
    "Shown",
    "board_parts",
    "by_likeness",
    "half_day",
    "likeness",
    "screen_feed",
    "suggestions",
    "supply_is_enough",
]
