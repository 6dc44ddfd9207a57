"""What tablets bring and get: scans that may be old, rosters to work without a network."""

from classroom.attendance.services.tablets.answers import Final
from classroom.attendance.services.tablets.handling import QUARANTINED
from classroom.attendance.services.tablets.receiving import Batch, receive_items
from classroom.attendance.services.tablets.rosters import Handed, hand_out, stretch_numbers

__all__ = ["QUARANTINED", "Batch", "Final", "Handed", "hand_out", "receive_items", "stretch_numbers"]
