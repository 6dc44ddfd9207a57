"""Pages of the attendance room: board and register for the staff, the screen of the room, check-in by phone."""

from classroom.attendance.views import walk_ins
from classroom.attendance.views.checkin_steps import bp as checkin
from classroom.attendance.views.register import bp as board
from classroom.attendance.views.screen import bp as screen

blueprints = [board, screen, checkin]
__all__ = ["blueprints", "walk_ins"]
