"""The base form, and fields that take what people type."""

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, PasswordField, StringField

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
        for form in DATE_FORMATS:
            try:
                day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day has no zone
            except ValueError:
                continue
            if day.year in YEARS:
                self.data = day
                return
        raise ValueError(_l("Write the date as day/month/year, such as 14/10/2026."))

    def _value(self) -> str:
        if self.raw_data:
            return " ".join(self.raw_data)
        return f"{self.data:%d/%m/%Y}" if self.data else ""
