"""Pages of certificates."""

from classroom.certification.views import (
    certificate_pdf,
    designs,
    evaluations,
    listed,
    outcomes,
    printing,
    rules,
    units,
    verify,
)
from classroom.certification.views.blueprint import bp

blueprints = [bp, certificate_pdf.bp, designs.bp, printing.bp, units.bp, verify.bp]
__all__ = ["blueprints", "evaluations", "listed", "outcomes", "rules"]
