"""Pages of online learning."""

from classroom.online.views import accounts, imports, intakes, matching, questions, records
from classroom.online.views.blueprint import bp

blueprints = [bp]
__all__ = ["accounts", "blueprints", "bp", "imports", "intakes", "matching", "questions", "records"]
