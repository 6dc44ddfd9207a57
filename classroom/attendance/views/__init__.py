"""Pages of the attendance room: board and register for the staff, the room's screen, check-in by phone and tablet."""

from classroom.attendance.views import leaving, sheet, spots, walk_ins
from classroom.attendance.views.checkin_steps import bp as checkin
from classroom.attendance.views.register import bp as board
from classroom.attendance.views.screen import bp as screen
from classroom.attendance.views.tablet import bp as tablet
from classroom.attendance.views.tablet_pages import bp as tablet_pages

blueprints = [board, screen, checkin, tablet, tablet_pages]
__all__ = ["blueprints", "leaving", "sheet", "spots", "walk_ins"]
