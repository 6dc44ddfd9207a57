"""Forms of class sessions and of enrolments."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField

from classroom.sessions.forms.classes import Choices, offer_rooms, offer_staff
from classroom.sessions.forms.fields import PickField, TimesField, at_most, needed
from classroom.sessions.models import ClassSession, TrainingClass
from classroom.web.forms import BaseForm, DayField


def _reason() -> Any:
    return StringField(_l("Why? (kept in the record)"), [needed(), at_most(300)])


class SessionForm(BaseForm):
    """Topic, people and room of a session."""

    topic = StringField(_l("Topic"), [at_most(300)])
    trainer = PickField(_l("Trainer"))
    substitute = PickField(_l("Substitute"))
    room = PickField(_l("Room"))

    def offer(self, choices: Choices) -> None:
        """Fill the lists."""
        offer_staff(self.trainer, choices.trainers, gettext("No trainer yet"))
        offer_staff(self.substitute, choices.trainers, gettext("Nobody"))
        offer_rooms(self.room, choices.rooms, gettext("No room yet"))

    def show(self, present: ClassSession) -> None:
        """Begin with a session as it is."""
        self.topic.data = present.topic
        self.trainer.data = present.trainer.public_id if present.trainer else ""
        self.substitute.data = present.substitute.public_id if present.substitute else ""
        self.room.data = present.room.public_id if present.room else ""


class AddSessionForm(SessionForm):
    """One more session of a class."""

    held_on = DayField(_l("Day"), [needed()])
    times = TimesField(_l("Times"), [needed()])


class MoveSessionForm(BaseForm):
    """Another day, other times, and why."""

    held_on = DayField(_l("Day"), [needed()])
    times = TimesField(_l("Times"), [needed()])
    reason = _reason()


class MoveEnrolmentForm(BaseForm):
    """Another class of the course, and why."""

    to = PickField(_l("New class"), [needed()])
    reason = _reason()
    over_capacity = BooleanField(_l("Yes, even if the class is full"))

    def offer(self, classes: Sequence[TrainingClass], taken: dict[int, int]) -> None:
        """Fill the list of classes with their seats."""
        self.to.choices = [
            (
                one.public_id,
                gettext(
                    "%(code)s – %(taken)s of %(capacity)s seats taken",
                    code=one.code,
                    taken=taken.get(one.id, 0),
                    capacity=one.capacity,
                ),
            )
            for one in classes
        ]
