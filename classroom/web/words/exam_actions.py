"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

from flask_babel import lazy_gettext as _l

EXAM_ACTIONS: dict[str, Any] = {
    "paper.question_ruled": _l("Decided about a question of the paper %(title)s, “%(asked)s”: %(ruling)s (%(reason)s)"),
    "paper.remarked": _l("Marked the paper %(title)s again: %(changed)s results changed"),
    "attempt.adjusted": _l("Changed a mark by %(points)s points, from %(before)s to %(after)s: %(reason)s"),
    "attempt.adjustment_annulled": _l(
        "Took back a change of %(points)s points; the mark went from %(before)s to %(after)s: %(reason)s"
    ),
}
#: Codes that stand in facts, in words.
EXAM_VALUES: dict[str, Any] = {
    "ruling.rekey": _l("marked by the key of another version"),
    "ruling.full": _l("everybody gets its points"),
    "ruling.drop": _l("it does not count"),
    "ruling.none": _l("marked by its own key again"),
}
