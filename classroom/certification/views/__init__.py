"""Pages of rules, batches and certificates."""

from classroom.certification import services as services
from classroom.certification.views import (
    batch_steps,
    batches,
    certificate_pdf,
    certificates,
    designs,
    evaluations,
    listed,
    outcomes,
    overview,
    printing,
    register,
    rules,
    units,
    verify,
)
from classroom.certification.views.blueprint import bp

blueprints = [bp, certificate_pdf.bp, designs.bp, printing.bp, units.bp, verify.bp]
__all__ = [
    "batch_steps",
    "batches",
    "blueprints",
    "bp",
    "certificate_pdf",
    "certificates",
    "designs",
    "evaluations",
    "listed",
    "outcomes",
    "overview",
    "printing",
    "register",
    "rules",
    "units",
    "verify",
]
