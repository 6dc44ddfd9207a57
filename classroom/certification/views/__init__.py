"""Pages of rules, batches and certificates."""

from classroom.certification.views import verify
from classroom.certification.views.blueprint import bp

blueprints = [bp, verify.bp]
__all__ = ["blueprints", "bp"]
