"""What the board of a test and keying in papers refuse, and what the log keeps of the latter."""

from typing import Any

from flask_babel import lazy_gettext as _l

BY_PEN: dict[str, Any] = {
    "pen_entry.form_missing": _l("Choose the form code that stands on the paper."),
    "pen_entry.form_unknown": _l("No printed form of this paper has the code %(form)s. Look at the paper again."),
    "pen_entry.other_form": _l(
        "The first entry says form %(first)s, this one form %(second)s. Look at the paper: if the first was wrong, "
        "throw it away and begin again."
    ),
    "pen_entry.shape": _l("The page and the printed form do not fit together. Open the page again."),
    "pen_entry.entered": _l("Somebody has keyed in this paper meanwhile. Look at what is there now."),
    "pen_entry.done": _l("The paper of %(name)s has been keyed in twice already and is marked."),
    "pen_entry.too_early": _l("Key in the first entry before the second."),
    "pen_entry.differs": _l("The two entries still differ. Look at the paper and decide about each question."),
    "pen_entry.unclear": _l("%(count)s answers cannot be read. Look at them again."),
    "attempt.not_latest": _l("There is another attempt by now. Look at it before you annul one."),
    "two_attempts.followed": _l("One of these attempts has been changed since. Look at the board of the test."),
    "two_attempts.gone": _l("One of the two attempts is no longer what it was. Look at the board of the test."),
}
PEN_ACTIONS: dict[str, Any] = {
    "sitting.pen_entered": _l("Keyed in the paper of %(name)s, form %(form)s: entry %(round)s"),
    "sitting.pen_dropped": _l("Threw away what was keyed in of the paper of %(name)s: %(reason)s"),
    "attempt.keyed_in": _l("Made an attempt of the paper of %(name)s, form %(form)s; %(corrected)s answers corrected"),
    "attempt.restored": _l("Took the annulment of an attempt at a test back"),
}
