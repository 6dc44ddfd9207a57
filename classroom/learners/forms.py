"""What coordinators type about a learner, read by the same rules as the cells of a file."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, SelectField, StringField, TelField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from classroom.core.clock import today
from classroom.core.names import clean_name
from classroom.learners.models import Learner
from classroom.learners.queries import birth_of
from classroom.learners.rules import (
    TEXT_LIMITS,
    LearnerFacts,
    Parsed,
    Severity,
    Sex,
    parse_birth,
    parse_email,
    parse_id_number,
    parse_name,
    parse_phone,
    show_phone,
)
from classroom.web.filters import time_zone
from classroom.web.forms import BaseForm
from classroom.web.words import REFUSALS, say
from classroom.web.words.learners import AUDIENCE_WORDS, SEX_WORDS


def _at_most(letters: int) -> Length:
    return Length(max=letters, message=_l("At most %(max)d letters."))


def _one_of(words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice("", "–"), *(SelectChoice(*pair) for pair in words.items())]


class LearnerForm(BaseForm):
    """Everything about a learner; an ID number that is known stays unless another one is typed."""

    name = StringField(_l("Full name"), [DataRequired(_l("Please fill this in.")), _at_most(200)])
    birth = StringField(_l("Date of birth"))
    sex = SelectField(_l("Sex"), choices=_one_of(SEX_WORDS), default="")
    id_number = StringField(_l("ID number"))
    forget_id_number = BooleanField(_l("Remove the ID number"))
    phone = TelField(_l("Phone"))
    email = EmailField(_l("E-mail"))
    audience = SelectField(_l("Audience"), choices=_one_of(AUDIENCE_WORDS), default="")
    position = StringField(_l("Position"), [_at_most(TEXT_LIMITS["position"])])
    unit = StringField(_l("Unit"), [_at_most(TEXT_LIMITS["unit"])])
    commune = StringField(_l("Commune"), [_at_most(TEXT_LIMITS["commune"])])
    note = TextAreaField(_l("Note"), [_at_most(TEXT_LIMITS["note"])])

    @classmethod
    def of(cls, learner: Learner) -> "LearnerForm":
        """The form filled with what is known; the ID number is not in it."""
        texts = {key: getattr(learner, key) for key in ("name", "sex", "email", "audience", *TEXT_LIMITS)}
        return cls(birth=str(birth_of(learner) or ""), phone=show_phone(learner.phone), **texts)

    def facts(self, kept_id_number: str = "") -> LearnerFacts | None:
        """What was typed, or None with words at each field that cannot be used."""
        valid = self.validate()
        birth = self._take(self.birth, parse_birth(self.birth.data or "", today(time_zone())))
        sex = Sex(self.sex.data) if self.sex.data else None
        number = self._take(self.id_number, parse_id_number(self.id_number.data or "", birth, sex))
        if not number and not self.forget_id_number.data:
            number = kept_id_number
        texts = {key: clean_name(self[key].data or "") for key in TEXT_LIMITS}
        facts = LearnerFacts(
            name=self._take(self.name, parse_name(self.name.data or ""), as_typed=True) or "",
            birth=birth,
            sex=self.sex.data or "",
            id_number=number or "",
            phone=self._take(self.phone, parse_phone(self.phone.data or "")) or "",
            email=self._take(self.email, parse_email(self.email.data or "")) or "",
            audience=self.audience.data or "",
            **texts,
        )
        return facts if valid and not self.errors else None

    def _take(self, field: Any, parsed: Parsed[Any], *, as_typed: bool = False) -> Any:
        """Refuse what cannot be read; what could only be guessed must be typed in full."""
        for finding in parsed.findings:
            typed = f"learner.{finding.code}"
            words = say(typed if typed in REFUSALS else f"roster.{finding.code}", finding.details)
            if finding.severity is Severity.CONFIRM and not as_typed:
                field.errors = [*field.errors, f"{words} {gettext('Perhaps: %(text)s', text=finding.proposal)}"]
            elif finding.severity is Severity.ERROR or (
                finding.severity is Severity.WARNING and parsed.value is None and not field.errors
            ):
                field.errors = [*field.errors, words]
        return parsed.safe_value if as_typed else parsed.value
