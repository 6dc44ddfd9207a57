"""Forms of classes: facts, plan of sessions, copy."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, StringField
from wtforms.validators import ValidationError

from classroom.accounts.models import Staff
from classroom.sessions.forms.fields import PickField, PickManyField, TimesField, WholeNumberField, at_most, needed
from classroom.sessions.models import Course, Room, TrainingClass
from classroom.sessions.rules.classes import USUAL_CAPACITY, CheckIn, ClassFacts
from classroom.sessions.rules.schedule import PlannedSession, default_plan
from classroom.sessions.rules.times import AFTERNOON, MORNING
from classroom.web.forms import BaseForm, DayField

MOST_DAYS = 30


@dataclass(frozen=True)
class Choices:
    """The rooms, trainers and courses that can be chosen."""

    rooms: Sequence[Room] = ()
    trainers: Sequence[Staff] = ()
    courses: Sequence[Course] = ()


def room_label(room: Room) -> str:
    """Venue, room and seats on one line."""
    place = f"{room.venue.name} – {room.name}"
    return gettext("%(place)s (%(seats)s seats)", place=place, seats=room.seats) if room.seats else place


def offer_rooms(field: Any, rooms: Sequence[Room], nothing: str) -> None:
    """Fill a list of rooms, with a first entry for none."""
    field.choices = [("", nothing), *((one.public_id, room_label(one)) for one in rooms)]


def offer_staff(field: Any, staff: Sequence[Staff], nothing: str) -> None:
    """Fill a list of people, with a first entry for nobody."""
    field.choices = [("", nothing), *((one.public_id, one.name) for one in staff)]


class ClassForm(BaseForm):
    """What is decided about a class, its sessions apart."""

    code = StringField(_l("Class code"), [needed(), at_most(30)])
    title = StringField(_l("Name of the class"), [at_most(200)])
    room = PickField(_l("Room"))
    trainer = PickField(_l("Trainer in charge"))
    others = PickManyField(_l("Other trainers"))
    capacity = WholeNumberField(_l("Seats for learners"), [needed()], default=USUAL_CAPACITY)
    knowingly = BooleanField(_l("Yes, more than 100 learners or more than the room's seats"))
    code_period = WholeNumberField(_l("The code on the screen changes every … seconds"), [needed()], default=10)
    opens_before = WholeNumberField(_l("Check-in opens … minutes before the start"), default=30)
    late_after = WholeNumberField(_l("Learners are late … minutes after the start"), default=15)
    typed_code = BooleanField(_l("Also a short code to type"), default=True)
    fixed_code = BooleanField(_l("Also a fixed code on a printed poster"))
    check_out = BooleanField(_l("Learners check out, too"))
    left_early_before = WholeNumberField(
        _l("Whoever goes earlier than … minutes before the end leaves early"), default=15
    )

    def offer(self, choices: Choices) -> None:
        """Fill the lists of rooms and trainers."""
        offer_rooms(self.room, choices.rooms, gettext("No room yet"))
        offer_staff(self.trainer, choices.trainers, gettext("No trainer yet"))
        self.others.choices = [(one.public_id, one.name) for one in choices.trainers]

    def show(self, present: TrainingClass) -> None:
        """Begin with a class as it is."""
        for name in ("code", "title", "capacity", "code_period", "opens_before", "late_after", "left_early_before"):
            self[name].data = getattr(present, name)
        self.typed_code.data = present.typed_code
        self.fixed_code.data = present.fixed_code
        self.check_out.data = present.check_out
        self.room.data = present.room.public_id if present.room else ""
        trainers = [one.staff.public_id for one in present.trainers]
        self.trainer.data = trainers[0] if trainers else ""
        self.others.data = trainers[1:]

    def facts(self) -> ClassFacts:
        """What was typed, for the service."""
        trainers = dict.fromkeys([self.trainer.data, *(self.others.data or [])])
        return ClassFacts(
            code=self.code.data,
            title=self.title.data or "",
            room=self.room.data or "",
            trainers=tuple(one for one in trainers if one),
            capacity=self.capacity.data or 0,
            check_in=CheckIn(
                self.code_period.data or 0,
                self.opens_before.data or 0,
                self.late_after.data or 0,
                self.typed_code.data,
                self.fixed_code.data,
                self.check_out.data,
                self.left_early_before.data or 0,
            ),
        )


class SessionRow(Form):
    """One planned session in the preview of a class."""

    held_on = DayField(_l("Day"), [needed()])
    times = TimesField(_l("Times"), [needed()])
    topic = StringField(_l("Topic"), [at_most(300)])
    trainer = PickField(_l("Trainer"))
    drop = BooleanField(_l("Leave out"))


class NewClassForm(ClassForm):
    """A new class: its facts, how its days are laid out, and the rows that come of it."""

    course = PickField(_l("Course"), [needed()])
    starts_on = DayField(_l("First day"), [needed()])
    days = WholeNumberField(_l("Number of days"), [needed()], default=3)
    morning = TimesField(_l("Morning"), default=MORNING)
    afternoon = TimesField(_l("Afternoon"), default=AFTERNOON)
    evening = TimesField(_l("Evening"))
    weekends = BooleanField(_l("Also on Saturdays and Sundays"))
    sessions = FieldList(FormField(SessionRow), label=_l("Session"))

    def offer(self, choices: Choices) -> None:
        """Fill all lists, those of the rows too."""
        super().offer(choices)
        self.course.choices = [(one.public_id, one.name) for one in choices.courses]
        for row in self.sessions:
            offer_staff(row.form.trainer, choices.trainers, gettext("Trainer in charge"))

    def validate_days(self, field: Any) -> None:
        """A class is not laid out over half a year by a slip of the finger."""
        if field.data is not None and not 1 <= field.data <= MOST_DAYS:
            raise ValidationError(gettext("Choose between 1 and %(most)s days.", most=MOST_DAYS))

    def validate_evening(self, field: Any) -> None:
        """A day without any times holds no session."""
        if not (self.morning.data or self.afternoon.data or field.data or self.morning.errors or self.afternoon.errors):
            raise ValidationError(gettext("Write the times of at least one part of the day."))

    def lay_out(self, choices: Choices) -> None:
        """Put the plan that follows from days and times into the rows."""
        topics = [row.form.topic.data for row in self.sessions]
        while self.sessions.entries:
            self.sessions.pop_entry()
        if not (self.starts_on.data and self.days.data):
            raise ValueError("only a valid form is laid out")
        halves = [self.morning.data, self.afternoon.data, self.evening.data]
        plan = default_plan(self.starts_on.data, self.days.data, halves, weekends=self.weekends.data)
        for place, one in enumerate(plan):
            topic = topics[place] if place < len(topics) else ""
            self.sessions.append_entry({"held_on": one.held_on, "times": one.ranges, "topic": topic, "trainer": ""})
        self.offer(choices)

    def kept(self) -> list[Any]:
        """The rows that are not left out."""
        return [row for row in self.sessions if not row.form.drop.data]

    def plan(self) -> list[PlannedSession]:
        """The rows as planned sessions."""
        return [
            PlannedSession(
                row.form.held_on.data, row.form.times.data, row.form.topic.data or "", row.form.trainer.data or ""
            )
            for row in self.kept()
        ]


class CopyClassForm(ClassForm):
    """The facts of a copy, and the day it begins."""

    starts_on = DayField(_l("First day"), [needed()])
