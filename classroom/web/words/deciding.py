"""Words for rules: refusals about them, why somebody is not certified, and by which way somebody is."""

from typing import Any

from flask_babel import lazy_gettext as _l

DECIDING: dict[str, Any] = {
    "rule.no_path": _l("Choose at least one way to the certificate: in person or online."),
    "rule.sessions_range": _l("Write how many half-days must be attended: from 0 to %(most)s."),
    "rule.too_many_sessions": _l("A class of this course has only %(planned)s half-days."),
    "rule.in_person_empty": _l("In person, ask for half-days, for a test, or for both."),
    "rule.mark_without_paper": _l("A least mark needs a test: choose the test paper."),
    "rule.online_empty": _l("Online, ask for completion in time, for a test score, or for progress."),
    "rule.percent_range": _l("Write per cent from 1 to 100, or leave the field empty."),
    "rule.mixed_needs_both": _l("The mixed way needs half-days of a class and a least score in the online test."),
    "rule.unknown_paper": _l("This test paper does not belong to the course."),
    "rule.nobody": _l("By this rule nobody of %(people)s people passes. Save it all the same?"),
    "rule.everybody": _l("By this rule everybody of %(people)s people passes. Save it all the same?"),
    "rule.changed_meanwhile": _l("Somebody else has just saved another rule. Look at it first."),
    "rule.none": _l("Save the rule of this course first."),
    "evaluation.not_compared": _l("This comparison is over: it was applied, or a newer one took its place."),
    "evaluation.old_rule": _l("The rule has been changed since. Compare anew."),
    "listed.unknown_kind": _l("Choose one of the two lists."),
    "listed.no_note": _l("Write down why; it is shown with every decision."),
    "listed.long_note": _l("The note is too long: at most %(most)s characters."),
    "listed.there_already": _l("This learner is on that list already."),
}

REASON_WORDS: dict[str, Any] = {
    "attendance.short": _l("Too few half-days attended"),
    "attendance.withdrawn": _l("Has left the class"),
    "attendance.none": _l("In no class of this course"),
    "test.none": _l("No test result"),
    "test.failed": _l("Test not passed"),
    "test.low": _l("Test mark too low"),
    "online.no_result": _l("Has an account, no result yet"),
    "online.not_completed": _l("Online course not completed"),
    "online.no_completion_day": _l("Day of completion unknown"),
    "online.no_issue_day": _l("Day of the account's issue unknown"),
    "online.before_issue": _l("Completed before the account was issued"),
    "online.late": _l("Completed after the last day"),
    "online.no_score": _l("No online test score"),
    "online.low_score": _l("Online test score too low"),
    "online.low_progress": _l("Online progress too low"),
    "online.retracted": _l("Online result was retracted"),
    "online.none": _l("No online result"),
    "listed.deny": _l("On the list of those who are not certified"),
    "held.match": _l("An open question: is this the same person?"),
}

DECISION_WORDS: dict[str, Any] = {"pass": _l("Passes"), "fail": _l("Does not pass"), "held": _l("Held")}

PATH_WORDS: dict[str, Any] = {
    "in_person": _l("In person"),
    "online": _l("Online"),
    "mixed": _l("In person, test online"),
    "listed": _l("By decision"),
}

CHANGE_WORDS: dict[str, Any] = {
    "to_pass": _l("Pass from now on"),
    "to_fail": _l("Do not pass from now on"),
    "to_held": _l("Held from now on"),
    "path": _l("Pass by another way"),
    "reasons": _l("Do not pass for other reasons"),
    "gone": _l("No longer belong to the course"),
    "details": _l("Same decision, newer figures"),
}

CAUSE_WORDS: dict[str, Any] = {
    "attendance": _l("Attendance was changed."),
    "result": _l("A test was marked anew."),
    "place": _l("The place in the class was changed."),
    "people": _l("Two learners were made one, or parted."),
    "online": _l("The online result is another."),
    "listed": _l("A list of exceptions was changed."),
    "since": _l("Something changed between the decision by the rule and the issue."),
}

#: What the log says.
DECIDING_ACTIONS: dict[str, Any] = {
    "rule.saved": _l("Saved version %(number)s of the rule of the course %(course)s"),
    "evaluation.asked": _l("Asked who gets a certificate in the course %(course)s"),
    "evaluation.applied": _l(
        "Wrote down who gets a certificate; %(written)s people were decided otherwise than before"
    ),
    "evaluation.compared_anew": _l("Compared anew who gets a certificate: something had changed meanwhile"),
    "listed.added": _l("Put %(name)s on a list of exceptions of the course %(course)s (%(kind)s): %(note)s"),
    "listed.annulled": _l("Took a learner off a list of exceptions (%(kind)s)"),
}
DECIDING_KINDS: dict[str, Any] = {
    "rule": _l("Rules of certificates"),
    "evaluation": _l("Decisions about certificates"),
    "listed": _l("Exceptions of certificates"),
}
DECIDING_VALUES: dict[str, Any] = {"allow": _l("to be certified"), "deny": _l("not to be certified")}
