"""Tables of attendance."""

from classroom.attendance.models.phones import Binding, CheckinRequest, Flag, Screen
from classroom.attendance.models.record import Event, Mark, Register, Scan

__all__ = ["Binding", "CheckinRequest", "Event", "Flag", "Mark", "Register", "Scan", "Screen"]
