"""Forms of programmes, courses, venues and rooms."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from classroom.sessions.forms.fields import WholeNumberField, at_most, needed
from classroom.web.forms import BaseForm, DayField


class ProgrammeForm(BaseForm):
    """A programme's name and dates."""

    name = StringField(_l("Name of the programme"), [needed(), at_most(200)])
    starts_on = DayField(_l("First day"))
    ends_on = DayField(_l("Last day"))
    closed = BooleanField(_l("This programme has ended"))


class CourseForm(BaseForm):
    """A course: what is taught, and how much of it must be attended."""

    name = StringField(_l("Name of the course"), [needed(), at_most(200)])
    planned = WholeNumberField(_l("Sessions (half-days)"), [needed()], default=6)
    required = WholeNumberField(_l("Sessions that must be attended"), [needed()], default=5)


class VenueForm(BaseForm):
    """A venue's name and address."""

    name = StringField(_l("Name of the venue"), [needed(), at_most(200)])
    address = StringField(_l("Address"), [at_most(300)])


class RoomForm(BaseForm):
    """A room of a venue; its page shows the venue's own name too, so the field has an id of its own."""

    name = StringField(_l("Name of the room"), [needed(), at_most(100)], id="room-name")
    seats = WholeNumberField(_l("Seats"))
