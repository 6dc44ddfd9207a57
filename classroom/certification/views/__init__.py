"""Pages of rules, batches and certificates."""

from classroom.certification.views import batch_steps, batches, certificates, overview, register
from classroom.certification.views.blueprint import bp

blueprints = [bp]
__all__ = ["batch_steps", "batches", "blueprints", "bp", "certificates", "overview", "register"]
