"""What authors of papers type: title and terms, copies, and how many forms are printed."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import NumberRange, Optional

from classroom.exams.models import Paper
from classroom.exams.rules.kinds import LONGEST_TEXT
from classroom.exams.rules.papers import RANGES
from classroom.exams.rules.terms import Terms
from classroom.exams.services.papers import LONGEST_TITLE
from classroom.sessions.models import Course
from classroom.web.forms import BaseForm, PickField, WholeNumberField, at_most, needed

LAYOUTS = {"one": _l("One question at a time"), "all": _l("All questions on one page")}
COUNTS = {"best": _l("The best attempt"), "last": _l("The last attempt"), "first": _l("The first attempt")}
SHOW_SCORE = {
    "at_once": _l("At once, when it is handed in"),
    "after_end": _l("When the trainer has ended the test"),
    "never": _l("Not at all"),
}


def course_choices(courses: Sequence[Course]) -> list[tuple[str, str]]:
    """Courses with their programmes."""
    return [(one.public_id, f"{one.name} – {one.programme.name}") for one in courses]


def _choices(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice(*pair) for pair in words.items()]


def _range(name: str) -> NumberRange:
    least, most = RANGES[name]
    return NumberRange(least, most, _l("Write a number from %(min)s to %(max)s."))


class TermsForm(BaseForm):
    """Title and terms of a paper."""

    title = StringField(_l("Title"), [needed(), at_most(LONGEST_TITLE)])
    course = PickField(_l("Course"))
    instructions = TextAreaField(_l("Instructions"), [at_most(LONGEST_TEXT)])
    time_limit = WholeNumberField(_l("Time limit, in minutes"), [needed(), _range("time_limit")])
    entry_window = WholeNumberField(_l("Minutes in which one may begin"), [Optional(), _range("entry_window")])
    pass_percent = WholeNumberField(_l("Pass mark, in per cent of all points"), [needed(), _range("pass_percent")])
    scale = WholeNumberField(_l("Full mark on result sheets"), [needed(), _range("scale")])
    layout = RadioField(_l("On the phone"), choices=_choices(LAYOUTS))
    shuffle_questions = BooleanField(_l("Shuffle the questions"))
    shuffle_options = BooleanField(_l("Shuffle the options of each question"))
    practice = BooleanField(_l("Begin with a practice question that does not count"))
    attempts_allowed = WholeNumberField(_l("Attempts for each learner"), [needed(), _range("attempts_allowed")])
    counts = RadioField(_l("What counts of several attempts"), choices=_choices(COUNTS))
    show_score = RadioField(_l("Learners see their result"), choices=_choices(SHOW_SCORE))
    show_answers = BooleanField(_l("Learners may see the right answers in the end"))
    require_present = BooleanField(_l("Only those who are marked present in this session"))
    require_sessions = WholeNumberField(
        _l("Half-days that must have been attended"), [needed(), _range("require_sessions")]
    )
    retake_of = PickField(_l("Retake of"))

    def offer(self, courses: Sequence[Course], papers: Sequence[Paper]) -> None:
        """Fill the lists: courses of a new paper, papers of which this may be a retake."""
        self.course.choices = course_choices(courses)
        own = ("", gettext("No: a paper of its own"))
        self.retake_of.choices = [own, *((one.public_id, one.title) for one in papers)]

    def show(self, terms: Terms) -> None:
        """Begin with these terms."""
        for each in fields(terms):
            if each.name in self:
                self[each.name].data = getattr(terms, each.name)

    def terms(self, present: Terms) -> Terms:
        """The terms as typed; those without a field stay as they are."""
        typed = {each.name: self[each.name].data for each in fields(present) if each.name in self}
        return Terms.from_json({**present.to_json(), **typed})


class CopyForm(BaseForm):
    """Title and course of a copy."""

    title = StringField(_l("Title of the copy"), [needed(), at_most(LONGEST_TITLE)])
    course = PickField(_l("Course"))
    retake = BooleanField(_l("This is the paper for those who sit the test again"))


class PrintForm(BaseForm):
    """How many printed forms are made at once."""

    count = WholeNumberField(_l("How many forms"), [needed()])
