"""Pages of online learning."""

from classroom.online.views import accounts, imports, intakes, questions
from classroom.online.views.blueprint import bp

blueprints = [bp]
__all__ = ["accounts", "blueprints", "bp", "imports", "intakes", "questions"]
