"""Pages of online learning."""

from classroom.online.views import imports, questions
from classroom.online.views.blueprint import bp

blueprints = [bp]
__all__ = ["blueprints", "bp", "imports", "questions"]
