"""Pages of tests."""

from classroom.exams.views import (
    analysis,
    attempt,
    bank,
    by_pen,
    editor,
    exports,
    imports,
    joining,
    kiosk,
    paper_forms,
    paper_parts,
    papers,
    result_attempts,
    results,
    rulings,
    sitting_kiosk,
    sitting_learner,
    sitting_steps,
    sittings,
)

__all__ = [
    "analysis",
    "blueprints",
    "editor",
    "paper_forms",
    "paper_parts",
    "result_attempts",
    "rulings",
    "sitting_kiosk",
    "sitting_learner",
    "sitting_steps",
]

blueprints = [
    bank.bp,
    imports.bp,
    exports.bp,
    papers.bp,
    sittings.bp,
    by_pen.bp,
    joining.bp,
    attempt.bp,
    kiosk.bp,
    results.bp,
]
