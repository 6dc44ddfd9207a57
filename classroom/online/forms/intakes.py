"""Forms of intakes and accounts."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from classroom.online.services.intakes import IntakeFacts
from classroom.online.services.people_files import Choices
from classroom.web.forms import BaseForm, DayField, PickField, WholeNumberField, at_most, needed

_ANSWER = "row-"


class IntakeForm(BaseForm):
    """An intake's name, dates and account numbers."""

    course = PickField(_l("Course"))
    name = StringField(_l("Name of the intake"), [needed(), at_most(100)])
    starts_on = DayField(_l("Accounts go out on"))
    days = WholeNumberField(_l("Days to complete the course"), [needed()], default=10)
    account_prefix = StringField(_l("Account numbers begin with"), [at_most(40)])
    note = StringField(_l("Note"), [at_most(500)])
    closed = BooleanField(_l("This intake has ended"))

    def facts(self) -> IntakeFacts:
        """What was said, as the service takes it."""
        return IntakeFacts(
            name=self.name.data or "",
            starts_on=self.starts_on.data,
            days=self.days.data or 0,
            account_prefix=self.account_prefix.data or "",
            note=self.note.data or "",
            closed=bool(self.closed.data),
        )


class IssueDayForm(BaseForm):
    """The day on which the platform issued accounts."""

    day = DayField(_l("Day of issue"), [needed()])
    batch = PickField(_l("For which accounts"))
    overwrite = BooleanField(_l("Also those whose day is known already"))


def list_choices(form: Mapping[str, str]) -> Choices:
    """What was answered about a list of people; the doubtful rows are named `row-17`."""
    answers = {
        int(number): value
        for name, value in form.items()
        if name.startswith(_ANSWER) and (number := name.removeprefix(_ANSWER)).isdecimal() and value
    }
    return Choices(convert="convert" in form, take_proposals="take" in form, answers=answers)
