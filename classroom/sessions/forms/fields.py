"""Fields and small helpers of this room's forms."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import FieldList, SelectMultipleField, StringField
from wtforms.validators import ValidationError

from classroom.core.errors import Refusal
from classroom.sessions.rules.times import Ranges, parse_ranges, spell_ranges
from classroom.web.forms import Needed, PickField, WholeNumberField, at_most, needed, show_refusal
from classroom.web.words import say_refusal

__all__ = [
    "Needed",
    "PickField",
    "PickManyField",
    "TimesField",
    "WholeNumberField",
    "at_most",
    "needed",
    "problems",
    "show_refusal",
]


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


class PickManyField(SelectMultipleField):
    """Some entries of a list."""

    def __init__(self, label: Any = None, validators: Any = None, **options: Any) -> None:
        super().__init__(label, validators, **options)
        self.type = "SelectMultipleField"  # what the form macros draw it as

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or []) <= {choice[0] for choice in self.choices or []}:
            raise ValidationError(_l("Choose entries of the list."))


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
