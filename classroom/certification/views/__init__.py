"""Pages of rules, batches and certificates."""

from classroom.certification.views import evaluations, listed, outcomes, rules
from classroom.certification.views.blueprint import bp

blueprints = [bp]
__all__ = ["blueprints", "bp", "evaluations", "listed", "outcomes", "rules"]
from classroom.certification.views import certificate_pdf, designs, printing, units, verify
from classroom.certification.views.blueprint import bp

blueprints = [bp, certificate_pdf.bp, designs.bp, printing.bp, units.bp, verify.bp]
__all__ = ["blueprints", "bp"]
