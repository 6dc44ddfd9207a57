"""Pages of the sessions room."""

from classroom.sessions.views import classes, enrolments, half_days, imports, places, programmes
from classroom.sessions.views.blueprint import bp

blueprints = [bp, imports.bp]
__all__ = ["blueprints", "bp", "classes", "enrolments", "half_days", "imports", "places", "programmes"]
