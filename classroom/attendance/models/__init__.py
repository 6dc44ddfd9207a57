"""Tables of attendance."""

from classroom.attendance.models.phones import Binding, CheckinRequest, Flag, Screen
from classroom.attendance.models.record import Event, Mark, Register, Scan
from classroom.attendance.models.spots import SpotAnswer, SpotCheck
from classroom.attendance.models.tablets import IdHash, KeptItem, TabletClass, TabletItem

__all__ = [
    "Binding",
    "CheckinRequest",
    "Event",
    "Flag",
    "IdHash",
    "KeptItem",
    "Mark",
    "Register",
    "Scan",
    "Screen",
    "SpotAnswer",
    "SpotCheck",
    "TabletClass",
    "TabletItem",
]
