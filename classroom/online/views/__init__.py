"""Pages of online learning."""

from classroom.online.views import accounts, intakes
from classroom.online.views.blueprint import bp

blueprints = [bp]
__all__ = ["accounts", "blueprints", "bp", "intakes"]
