"""The terms of a test as sentences that a trainer reads before opening it."""

from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.exams.rules.terms import ShowScore, Terms


def terms_in_words(terms: Terms, questions: int) -> list[str]:
    """How long, how many questions, what is needed to pass, who may begin, what learners see afterwards."""
    minutes = ngettext("%(num)s minute", "%(num)s minutes", terms.time_limit)
    return [
        ngettext("%(num)s question", "%(num)s questions", questions) + ", " + minutes,
        _("Pass mark: %(percent)s %% of the points", percent=terms.pass_percent),
        _entry(terms),
        *_conditions(terms),
        ngettext("One attempt", "%(num)s attempts", terms.attempts_allowed),
        _score(terms),
    ]


def _entry(terms: Terms) -> str:
    if terms.entry_window is None:
        return str(_("Learners may begin until the test is ended"))
    window = terms.entry_window
    return str(
        ngettext("Learners may begin in the first minute", "Learners may begin in the first %(num)s minutes", window)
    )


def _conditions(terms: Terms) -> list[str]:
    found = []
    if terms.require_present:
        found.append(str(_("Only for learners marked present in this session")))
    if terms.require_sessions:
        needed = terms.require_sessions
        words = ngettext("Only after %(num)s half-day attended", "Only after %(num)s half-days attended", needed)
        found.append(str(words))
    return found


def _score(terms: Terms) -> str:
    words = {
        ShowScore.AT_ONCE: _("Learners see their result at once"),
        ShowScore.AFTER_END: _("Learners see their result after the end"),
        ShowScore.NEVER: _("Learners do not see their result here"),
    }
    return str(words[terms.show_score])
