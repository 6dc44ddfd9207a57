"""Pages of online learning."""

from classroom.online.views import matching, records
from classroom.online.views.blueprint import bp

blueprints = [bp]
__all__ = ["blueprints", "bp", "matching", "records"]
