"""Pages of tests."""

from classroom.exams.views import (
    analysis,
    attempt,
    bank,
    by_pen,
    imports,
    joining,
    kiosk,
    papers,
    result_attempts,
    results,
    rulings,
    sittings,
)

blueprints = [bank.bp, imports.bp, papers.bp, sittings.bp, by_pen.bp, joining.bp, attempt.bp, kiosk.bp, results.bp]
__all__ = ["analysis", "blueprints", "result_attempts", "rulings"]
