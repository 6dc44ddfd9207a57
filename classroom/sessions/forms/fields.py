"""Fields and small helpers of this room's forms."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, IntegerField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from classroom.core.errors import Refusal
from classroom.sessions.rules.times import Ranges, parse_ranges, spell_ranges
from classroom.web.words import say_refusal


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


class TimesField(StringField):
    """Ranges of times of a day; `data` is what `parse_ranges` gives, () when left empty."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = " ".join(valuelist).strip()
        self.data: Ranges = ()
        if not text:
            return
        try:
            self.data = parse_ranges(text)
        except Refusal as refused:
            raise ValueError(say_refusal(refused)) from refused

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return spell_ranges(self.data or ())


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


class PickManyField(SelectMultipleField):
    """Some entries of a list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.type = "SelectMultipleField"  # what the form macros draw it as

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or []) <= {choice[0] for choice in self.choices or []}:
            raise ValidationError(_l("Choose entries of the list."))


def show_refusal(form: Any, refusal: Refusal, places: Mapping[str, str] | None = None) -> None:
    """Say a refusal at the field that it is about, or above the form."""
    name = (places or {}).get(refusal.code)
    if name is None:
        form.form_errors.append(say_refusal(refusal))
        return
    field = form[name]
    field.errors = [*field.errors, say_refusal(refusal)]


def problems(form: Any) -> list[tuple[str, str]]:
    """Everything wrong with the form as (id of the field, words), rows of a list one by one."""
    found: list[tuple[str, str]] = [("", str(words)) for words in form.form_errors]
    for field in form:
        if isinstance(field, FieldList):
            found += [
                (inner.id, f"{field.label.text} {place}, {inner.label.text}: {words}")
                for place, row in enumerate(field, 1)
                for inner in row.form
                for words in inner.errors
            ]
            found += [
                (row.id, f"{field.label.text} {place}: {words}")
                for place, row in enumerate(field, 1)
                for words in row.form.form_errors
            ]
        else:
            found += [(field.id, f"{field.label.text}: {words}") for words in field.errors]
    return found
