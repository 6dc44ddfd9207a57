"""Forms of batches, decisions and numbering."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FileField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from classroom.certification.services.approving import Decision
from classroom.certification.services.numbering import NewSettings
from classroom.certification.services.revoking import ByDecision
from classroom.web.forms import BaseForm, DayField, PickField, at_most, needed


class SettingsForm(BaseForm):
    """How the organisation numbers, approves and is asked."""

    pattern = StringField(_l("Pattern of the numbers"), [needed(), at_most(80)])
    organisation_code = StringField(_l("Abbreviation of the organisation"), [at_most(30)])
    four_eyes = BooleanField(_l("Somebody else than who submits a batch must approve it"))
    verify_url = StringField(_l("Address at which certificates are verified"), [at_most(200)])

    def settings(self) -> NewSettings:
        """What was typed."""
        return NewSettings(
            self.pattern.data or "",
            self.organisation_code.data or "",
            four_eyes=bool(self.four_eyes.data),
            verify_url=self.verify_url.data or "",
        )


class BatchForm(BaseForm):
    """Whom a new batch is for."""

    group = PickField(_l("Class or intake"), choices=[])
    unit = StringField(_l("Only people of this unit"), [at_most(200)])
    order = RadioField(
        _l("Order of the list and of the numbers"),
        choices=[
            SelectChoice("group", _l("By class and intake, names within")),
            SelectChoice("name", _l("By name, all together")),
        ],
        default="group",
    )
    title = StringField(_l("Name of the batch"), [at_most(200)])

    def offer(self, groups: Sequence[tuple[str, str]]) -> None:
        """Let these classes and intakes be chosen, or everybody."""
        self.group.choices = [("", _("Everybody of the course")), *groups]


class DecisionForm(BaseForm):
    """The decision as it was signed."""

    number = StringField(_l("Number of the decision"), [needed(), at_most(60)])
    decided_on = DayField(_l("Day of the decision"), [needed()])
    issued_on = DayField(_l("Day of issue on the certificates"))
    signer_title = StringField(_l("Office of who signs"), [at_most(200)])
    signer_name = StringField(_l("Name of who signs"), [needed(), at_most(120)])
    scan = FileField(_l("Scan of the decision"))

    def decision(self, filename: str, scan: bytes) -> Decision:
        """What was entered, with the file."""
        return Decision(
            self.number.data or "",
            self.decided_on.data,
            self.issued_on.data,
            self.signer_title.data or "",
            self.signer_name.data or "",
            filename,
            scan,
        )


class ActForm(BaseForm):
    """Why something is done to a certificate, and by which decision."""

    reason = StringField(_l("Reason"), [needed(), at_most(300)])
    number = StringField(_l("Number of the decision"), [needed(), at_most(60)])
    decided_on = DayField(_l("Day of the decision"), [needed()])

    def by_decision(self) -> ByDecision:
        """What was entered."""
        return ByDecision(self.reason.data or "", self.number.data or "", self.decided_on.data)


def first_error(form: Any) -> str:
    """The first thing that is wrong, in words; "" for nothing."""
    for item in form:
        if item.errors:
            return f"{item.label.text}: {item.errors[0]}"
    return str(form.form_errors[0]) if form.form_errors else ""
