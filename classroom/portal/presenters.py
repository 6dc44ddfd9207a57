"""What is missing for the certificate, in one sentence."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.portal.queries import OwnCourse
from classroom.portal.rules import DENIED, missing_by_way
from classroom.web.filters import local_date


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence and how it is meant: success, primary, attention or muted."""

    text: str
    tone: str


def sentence(course: OwnCourse, today: date, *, test_hidden: bool) -> Sentence | None:
    """For one course; `test_hidden`: the learner has sat a test whose result is not to be told yet."""
    if any(each.state == "issued" for each in course.certificates):
        return Sentence(_("Your certificate has been issued."), "success")
    revoked = next((each for each in course.certificates if each.state == "revoked"), None)
    if revoked:
        day = local_date(revoked.revoked_at)
        return Sentence(_("Your certificate was revoked on %(day)s; ask the organisers.", day=day), "attention")
    decided = course.decided
    if decided is None:
        return None
    if decided.decision == "held":
        text = _("Please wait: the organisers are checking whether an online result is yours.")
        return Sentence(text, "attention")
    if DENIED in decided.reasons:
        return Sentence(_("The organisers have decided not to issue a certificate to you; ask them why."), "attention")
    if test_hidden and not decided.applied:
        return _without_the_test(course, today)
    if decided.decision == "pass":
        if decided.applied:
            return Sentence(_("Nothing is missing: the certificate follows when it has been decided on."), "success")
        return Sentence(_("By what is known so far, nothing is missing for the certificate."), "success")
    return _missing(course, today, decided.reasons)


def _without_the_test(course: OwnCourse, today: date) -> Sentence:
    """The result of the test is not to be told by a roundabout way either."""
    assert course.decided is not None
    rest = tuple(each for each in course.decided.reasons if not each.startswith("test."))
    if rest:
        return _missing(course, today, rest)
    return Sentence(_("Please wait: the result of your test has not been announced yet."), "primary")


def _missing(course: OwnCourse, today: date, reasons: Sequence[str]) -> Sentence:
    assert course.decided is not None
    ways = missing_by_way(course.decided.lines, reasons)
    said = [", ".join(dict.fromkeys(_part(reason, course, today) for reason in way)) for way in ways]
    missing = _("; or: ").join(dict.fromkeys(said))
    return Sentence(_("For the certificate you still need to: %(missing)s.", missing=missing), "attention")


def _part(reason: str, course: OwnCourse, today: date) -> Any:
    made = _PARTS.get(reason)
    return made(course, today) if made else _("ask the organisers")


def _sessions(course: OwnCourse, _today: date) -> Any:
    credit = course.standing.credit if course.standing else None
    if credit is None or not credit.still_needed:
        return _("attend enough half-days")
    if credit.within_reach:
        return ngettext("attend %(num)s more half-day", "attend %(num)s more half-days", credit.still_needed)
    return ngettext(
        "make up %(num)s half-day in another class (ask the organisers)",
        "make up %(num)s half-days in another class (ask the organisers)",
        credit.still_needed,
    )


def _complete(course: OwnCourse, today: date) -> Any:
    last = next((each.last_day for each in course.online if each.completed_at is None and each.last_day), None)
    if last is None:
        return _("complete the online course")
    if last < today:
        return _("ask the organisers how to go on: the last day of the online course was %(day)s", day=local_date(last))
    return _("complete the online course by the end of %(day)s", day=local_date(last))


def _late(course: OwnCourse, _today: date) -> Any:
    last = next((each.last_day for each in course.online if each.completed_at and each.last_day), None)
    if last is None:
        return _("ask the organisers how to go on: the online course was completed too late")
    return _(
        "ask the organisers how to go on: the online course was completed after the last day, %(day)s",
        day=local_date(last),
    )


def _fixed(words: Callable[[], str]) -> Callable[[OwnCourse, date], str]:
    return lambda _course, _today: words()


_PARTS: dict[str, Callable[[OwnCourse, date], Any]] = {
    "attendance.short": _sessions,
    "attendance.withdrawn": _fixed(lambda: _("have a place in a class again")),
    "attendance.none": _fixed(lambda: _("have a place in a class")),
    "test.none": _fixed(lambda: _("sit the test")),
    "test.failed": _fixed(lambda: _("pass the test")),
    "test.low": _fixed(lambda: _("reach the least mark in the test")),
    "online.none": _fixed(lambda: _("learn online")),
    "online.no_result": _complete,
    "online.not_completed": _complete,
    "online.late": _late,
    "online.no_score": _fixed(lambda: _("do the online test")),
    "online.low_score": _fixed(lambda: _("reach the least score in the online test")),
    "online.low_progress": _complete,
    "online.no_completion_day": _fixed(lambda: _("have the organisers check your day of completion")),
    "online.no_issue_day": _fixed(lambda: _("have the organisers check the day of issue of your account")),
    "online.before_issue": _fixed(lambda: _("have the organisers check the day of issue of your account")),
    "online.retracted": _fixed(lambda: _("ask the organisers about your online result")),
}
