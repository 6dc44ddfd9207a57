"""Pages of rules, batches and certificates."""

from classroom.certification.views import evaluations, listed, outcomes, rules
from classroom.certification.views.blueprint import bp

blueprints = [bp]
__all__ = ["blueprints", "bp", "evaluations", "listed", "outcomes", "rules"]
