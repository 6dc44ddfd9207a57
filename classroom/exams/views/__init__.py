"""Pages of tests."""

from classroom.exams.views import (
    attempt,
    bank,
    by_pen,
    imports,
    joining,
    kiosk,
    papers,
    results,
    sitting_kiosk,
    sitting_learner,
    sitting_steps,
    sittings,
)

blueprints = [bank.bp, imports.bp, papers.bp, sittings.bp, by_pen.bp, joining.bp, attempt.bp, kiosk.bp, results.bp]
__all__ = ["blueprints", "sitting_kiosk", "sitting_learner", "sitting_steps"]
