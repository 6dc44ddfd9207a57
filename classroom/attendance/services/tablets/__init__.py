"""What tablets bring and get: scans that may be old, rosters to work without a network."""

from classroom.attendance.services.tablets.answers import Final
from classroom.attendance.services.tablets.erasing import erase_due
from classroom.attendance.services.tablets.receiving import Batch, receive_items
from classroom.attendance.services.tablets.rosters import Handed, hand_out, stretch_numbers
from classroom.attendance.services.tablets.undoing import QUARANTINED
from classroom.attendance.services.tablets.walking_in import Given, release_walk_in, tie

__all__ = [
    "QUARANTINED",
    "Batch",
    "Final",
    "Given",
    "Handed",
    "erase_due",
    "hand_out",
    "receive_items",
    "release_walk_in",
    "stretch_numbers",
    "tie",
]
