"""How marking and results say no, and what is worth a look about a question."""

from typing import Any

from flask_babel import lazy_gettext as _l

#: What `rules.distribution.advice` found about a question.
ADVICE: dict[str, Any] = {
    "advice.key": _l("Almost everybody chose an answer that is not right by the key. Is the key right?"),
    "advice.negative": _l(
        "Who did well in the whole test did worse on this question than others. Look at its wording."
    ),
    "advice.too_easy": _l("Almost everybody has it right: it tells nobody apart."),
    "advice.too_hard": _l("Hardly anybody has it right. Was it taught, and is it clear?"),
    "advice.guessing": _l("It went worse than by guessing: something in it misleads."),
    "advice.unused_option": _l("There is an option that nobody chose. Another one would ask more."),
}
RESULTS: dict[str, Any] = {
    **ADVICE,
    "ruling.action": _l("Choose what is to be decided about the question."),
    "ruling.version": _l("Choose the version of the question whose key is to count."),
    "ruling.reason_missing": _l("Say why; the reason is kept with the decision."),
    "ruling.not_asked": _l("This question has not been asked in any sitting of this paper."),
    "ruling.other_options": _l(
        "Answers to version %(old)s cannot be marked by version %(new)s: they do not have the same options. "
        "Let everybody have the points, or drop the question."
    ),
    "ruling.nothing_left": _l("Then somebody would be left without any question that counts."),
    "analysis.while_open": _l(
        "Some of these questions are being asked in a test right now. Right answers are shown when it has ended."
    ),
    "analysis.still_to_come": _l(
        "Some of these questions are still to be asked in another class. "
        "Right answers are shown when the last class has sat its test."
    ),
    "adjustment.not_points": _l("Write points as a number, such as 0,5 or -1."),
    "attempt.no_answer_chosen": _l("Choose at least one answer that shall count."),
    "adjustment.reason_missing": _l("Say why; the reason is shown on the result sheet."),
    "adjustment.points": _l("Write how many points to add or to take, at most %(most)s."),
    "adjustment.changed": _l("The mark has just been changed: it is %(mark)s now. Look at it and try again."),
    "adjustment.annulled": _l("This change has already been taken back."),
    "attempt.not_finished": _l("This attempt is not finished, or it was annulled: it has no mark to change."),
}
