"""What the log says of tests: questions, papers, sittings, attempts, marks."""

from typing import Any

from flask_babel import lazy_gettext as _l

EXAM_ACTIONS: dict[str, Any] = {
    "paper.created": _l("Made the paper “%(title)s” for the course %(course)s"),
    "paper.changed": _l("Changed the terms of the paper “%(title)s”"),
    "paper.composed": _l("Composed the paper “%(title)s”: %(questions)s questions, %(points)s points"),
    "paper.copied": _l("Copied the paper “%(source)s” to “%(title)s”"),
    "paper.retired": _l("Retired the paper “%(title)s”"),
    "paper.restored": _l("Brought the paper “%(title)s” back"),
    "paper.printed": _l("Made the printed forms %(codes)s of the paper “%(title)s”"),
    "paper.form_annulled": _l("Annulled the printed form %(code)s of the paper “%(title)s”: %(reason)s"),
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
