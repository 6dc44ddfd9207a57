"""The base form, and fields that take what people type."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from classroom.core.errors import Refusal
from classroom.web.words import say_refusal

#: Days that are planned lie in these years; beyond them, calendars and time zones end.
YEARS = range(2000, 2101)
DATE_FORMATS = ["%d/%m/%Y", "%Y-%m-%d", "%d/%m/%y", "%d-%m-%Y", "%d.%m.%Y"]


def strip(text: str | None) -> str | None:
    """Drop blanks around what was typed."""
    return text.strip() if isinstance(text, str) else text


class BaseForm(FlaskForm):
    """A form whose text fields come without blanks around them."""

    class Meta(FlaskForm.Meta):
        def bind_field(self, form: Any, unbound_field: Any, options: dict[str, Any]) -> Any:
            kind = unbound_field.field_class
            if issubclass(kind, StringField) and not issubclass(kind, PasswordField):
                options["filters"] = [*unbound_field.kwargs.get("filters", ()), strip]
            return unbound_field.bind(form=form, **options)


def parse_day(text: str) -> date | None:
    """A day as people type it; None for what is none."""
    for form in DATE_FORMATS:
        try:
            day = datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 - a calendar day has no zone
        except ValueError:
            continue
        if day.year in YEARS:
            return day
    return None


class DayField(DateField):
    """A day, picked or typed: 14/10/2026, 2026-10-14, 14-10-2026."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        options.setdefault("format", DATE_FORMATS)
        super().__init__(label, validators, **options)
        self.type = "DateField"  # what the form macros draw it as

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data: date | None = None
        if not text:
            return
        self.data = parse_day(text)
        if self.data is not None:
            return
        raise ValueError(_l("Write the date as day/month/year, such as 14/10/2026."))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return f"{self.data:%d/%m/%Y}" if self.data else ""


class WholeNumberField(IntegerField):
    """A number without fraction, complained about in our words."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.type = "IntegerField"  # what the form macros draw it as

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data: int | None = None
        if not text:
            return
        if not text.isascii() or not text.removeprefix("-").isdigit() or len(text) > 6:
            raise ValueError(_l("Write a whole number, such as 100."))
        self.data = int(text)


class PickField(SelectField):
    """One entry of a list; a list that was not sent counts as its empty entry."""

    data: str | None

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, coerce=lambda value: value or "", **options)
        self.type = "SelectField"  # what the form macros draw it as

    def pre_validate(self, form: Any) -> None:
        self.data = self.data or ""
        if self.data not in {choice[0] for choice in self.choices or []}:
            raise ValidationError(_l("Choose an entry of the list."))


class Needed(InputRequired):
    """Something other than blanks must be typed; what is typed and cannot be read keeps its own complaint."""

    def __call__(self, form: Any, field: Any) -> None:
        if not any(str(part).strip() for part in field.raw_data or []):
            field.errors[:] = []
            raise StopValidation(self.message)


def needed() -> Needed:
    """The validator of fields that must be filled in."""
    return Needed(_l("Please fill this in."))


def at_most(letters: int) -> Length:
    """As many letters as the table holds."""
    return Length(max=letters, message=_l("At most %(max)d letters."))


def show_refusal(form: Any, refusal: Refusal, places: Mapping[str, str] | None = None) -> None:
    """Say a refusal at the field that it is about, or above the form."""
    name = (places or {}).get(refusal.code)
    if name is None:
        form.form_errors.append(say_refusal(refusal))
        return
    field = form[name]
    field.errors = [*field.errors, say_refusal(refusal)]
