"""What people type about accounts and organisations."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, SelectField, StringField, TelField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Optional, Regexp

from classroom.accounts.models import Staff
from classroom.accounts.rules import LONGEST_PASSWORD, USERNAME, Role
from classroom.accounts.services import FirstAdministrator, Inspector, OrganisationFacts, StaffFacts, Start
from classroom.web.context import LANGUAGES
from classroom.web.forms import BaseForm, DayField

#: Where the programmes can be; the first is what nearly everybody needs.
ZONES = [
    SelectChoice("Asia/Ho_Chi_Minh", _l("Việt Nam")),
    SelectChoice("Asia/Vientiane", _l("Laos")),
    SelectChoice("Asia/Phnom_Penh", _l("Cambodia")),
    SelectChoice("Asia/Bangkok", _l("Thailand")),
    SelectChoice("Asia/Singapore", _l("Singapore")),
    SelectChoice("Asia/Tokyo", _l("Japan")),
    SelectChoice("UTC", _l("Universal time")),
]


def _needed() -> DataRequired:
    return DataRequired(_l("Please fill this in."))


def _at_most(count: int) -> Length:
    return Length(max=count, message=_l("At most %(max)d characters fit here."))


def _username_form() -> Regexp:
    words = _l("Use small letters without accents, digits, dots and dashes, such as lan.nguyen.")
    return Regexp(re.compile(USERNAME.pattern + r"\Z", re.IGNORECASE), message=words)


class SignInForm(BaseForm):
    """User name and password."""

    username = StringField(_l("User name"), [_needed()])
    password = PasswordField(_l("Password"), [_needed()])


class NewPasswordForm(BaseForm):
    """A first or a forgotten password."""

    password = PasswordField(_l("New password"), [_needed(), _at_most(LONGEST_PASSWORD)])


class OwnAccountForm(BaseForm):
    """What one may change about oneself."""

    name = StringField(_l("Full name"), [_needed(), _at_most(200)])
    phone = TelField(_l("Phone"), [_at_most(20)])
    email = EmailField(_l("E-mail"), [_at_most(200)])
    language = SelectField(_l("Language"), choices=[SelectChoice(*language) for language in LANGUAGES.items()])


class ChangePasswordForm(BaseForm):
    """The old password proves that it is still the same person."""

    old_password = PasswordField(_l("Present password"), [_needed()])
    new_password = PasswordField(_l("New password"), [_needed(), _at_most(LONGEST_PASSWORD)])


class StaffForm(BaseForm):
    """Name, contacts and roles, each role with a last day if need be."""

    name = StringField(_l("Full name"), [_needed(), _at_most(200)])
    phone = TelField(_l("Phone"), [_at_most(20)])
    email = EmailField(_l("E-mail"), [_at_most(200)])
    administrator = BooleanField(_l("Administrator"))
    administrator_until = DayField(_l("Administrator until"), [Optional()])
    coordinator = BooleanField(_l("Coordinator"))
    coordinator_until = DayField(_l("Coordinator until"), [Optional()])
    trainer = BooleanField(_l("Trainer"))
    trainer_until = DayField(_l("Trainer until"), [Optional()])
    viewer = BooleanField(_l("Viewer"))
    viewer_until = DayField(_l("Viewer until"), [Optional()])

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Somebody without a role could do nothing at all."""
        fine: bool = super().validate(extra_validators)
        if not any(self[role.value].data for role in Role):
            self.form_errors.append(_l("Choose at least one role."))
            return False
        return fine

    @classmethod
    def of(cls, staff: Staff) -> "StaffForm":
        """The form filled with what is known, or with what was just typed."""
        held = {role.role: True for role in staff.roles}
        until = {f"{role.role}_until": role.last_on for role in staff.roles}
        return cls(data={"name": staff.name, "phone": staff.phone, "email": staff.email, **held, **until})

    def facts(self) -> StaffFacts:
        """What was said, as a value."""
        return StaffFacts(self.name.data, self.phone.data or "", self.email.data or "", self._roles())

    def _roles(self) -> dict[Role, date | None]:
        return {role: self[f"{role.value}_until"].data for role in Role if self[role.value].data}


class NewStaffForm(StaffForm):
    """The same, with a user name, which nobody changes later."""

    username = StringField(_l("User name"), [Optional(), _username_form()])


class InspectorForm(BaseForm):
    """Who comes to look, and until when: a viewer's account with an end."""

    name = StringField(_l("Full name"), [_needed(), _at_most(200)])
    last_on = DayField(_l("Last day"), [_needed()])
    reason = StringField(_l("By which order?"), [_needed(), _at_most(300)])
    phone = TelField(_l("Phone"), [_at_most(20)])
    email = EmailField(_l("E-mail"), [_at_most(200)])
    username = StringField(_l("User name"), [Optional(), _username_form()])

    def facts(self) -> Inspector:
        """What was said, as a value."""
        contacts = {
            "phone": self.phone.data or "",
            "email": self.email.data or "",
            "username": self.username.data or "",
        }
        return Inspector(self.name.data, self.last_on.data or date.min, self.reason.data, **contacts)


class OrganisationForm(BaseForm):
    """How the organisation is called on papers, and by which clock it lives."""

    name = StringField(_l("Name of the organisation"), [_needed(), _at_most(200)])
    parent_name = StringField(_l("Body above it"), [_at_most(200)])
    place = StringField(_l("Place"), [_at_most(100)])
    time_zone = SelectField(_l("Time zone"), choices=ZONES, default=ZONES[0].value)

    def facts(self) -> OrganisationFacts:
        """What was said, as a value."""
        return OrganisationFacts(
            self.name.data, self.parent_name.data or "", self.place.data or "", self.time_zone.data
        )


class NewOrganisationForm(OrganisationForm):
    """The same, with whoever shall administer it."""

    person = StringField(_l("Full name of the first administrator"), [_needed(), _at_most(200)])
    username = StringField(_l("User name"), [Optional(), _username_form()])

    def first(self) -> FirstAdministrator:
        """The first administrator, as a value."""
        return FirstAdministrator(self.person.data, self.username.data or "")


class SetupForm(OrganisationForm):
    """The very first start: the organisation, and the person who sets it up."""

    person = StringField(_l("Your full name"), [_needed(), _at_most(200)])
    username = StringField(_l("User name"), [_needed(), _username_form()])
    password = PasswordField(_l("Password"), [_needed(), _at_most(LONGEST_PASSWORD)])

    def start(self) -> Start:
        """What was said, as a value."""
        return Start(self.facts(), self.person.data, self.username.data, self.password.data)
