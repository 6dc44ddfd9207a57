"""Pages of the attendance room: the board and the register of the staff, the screen of the room, check-in by phone."""

from classroom.attendance.views.screen import bp as screen

blueprints = [screen]
