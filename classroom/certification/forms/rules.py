"""What coordinators fill in about rules and lists."""

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import Optional

from classroom.certification.rules.course_rules import CourseRule, InPerson, Online
from classroom.certification.services.ruling import LONGEST_NOTE
from classroom.exams.models import Paper
from classroom.web.forms import BaseForm, PickField, WholeNumberField, at_most


class RuleForm(BaseForm):
    """A rule in plain fields. A number that is left empty is not asked for."""

    in_person = BooleanField(_l("In person, in a class"))
    sessions = WholeNumberField(_l("Half-days attended, at least"), [Optional()])
    paper = PickField(_l("Test that must be passed"))
    mark = WholeNumberField(_l("Least mark, in per cent of the points"), [Optional()])
    online = BooleanField(_l("Online, with an account of an intake"))
    in_time = BooleanField(_l("Completed within the days of the intake"))
    score = WholeNumberField(_l("Score of the online test, at least per cent"), [Optional()])
    progress = WholeNumberField(_l("Progress in the online course, at least per cent"), [Optional()])
    mixed = BooleanField(_l("Attended in person, test passed online"))
    note = StringField(_l("Why is the rule changed?"), [at_most(LONGEST_NOTE)])
    confirmed = HiddenField()

    def offer(self, papers: Sequence[Paper]) -> None:
        """Fill the list of papers."""
        known = [(one.public_id, one.title) for one in papers]
        self.paper.choices = [("", gettext("No test")), *known]

    def show(self, rule: CourseRule) -> None:
        """Begin with this rule; a way that it does not have begins with what is usual."""
        room, home = rule.in_person or InPerson(), rule.online or Online()
        self.in_person.data, self.online.data = rule.in_person is not None, rule.online is not None
        self.sessions.data, self.paper.data, self.mark.data = room.sessions, room.paper, room.mark
        self.in_time.data, self.score.data, self.progress.data = home.in_time, home.score, home.progress
        self.mixed.data = rule.mixed

    def rule(self) -> CourseRule:
        """What was filled in."""
        room = InPerson(self.sessions.data or 0, self.paper.data or "", self.mark.data)
        home = Online(bool(self.in_time.data), self.score.data, self.progress.data)
        return CourseRule(
            room if self.in_person.data else None, home if self.online.data else None, bool(self.mixed.data)
        )
