"""Pages of the sessions room."""

from classroom.sessions.views import classes, enrolments, half_days, places, programmes
from classroom.sessions.views.blueprint import bp

blueprints = [bp]
__all__ = ["blueprints", "bp", "classes", "enrolments", "half_days", "places", "programmes"]
