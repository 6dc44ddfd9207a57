"""Pages of rules, batches and certificates."""

from classroom.certification import services as services
from classroom.certification.views.blueprint import bp

blueprints = [bp]
__all__ = ["blueprints", "bp"]
