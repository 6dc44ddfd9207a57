"""Where certificates stand, course by course; and how the organisation numbers them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.certification.forms.issuing import SettingsForm
from classroom.certification.queries.batches import find_settings
from classroom.certification.queries.overview import course_lines
from classroom.certification.rules.numbers import DEFAULT, Numbering
from classroom.certification.services.numbering import change_settings
from classroom.certification.views.blueprint import bp
from classroom.core.clock import today
from classroom.core.errors import Refusal
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words.issuing import BATCH_STATES

_PLACES = {
    "number.no_organisation": "organisation_code",
    "number.organisation_letters": "organisation_code",
    "number.four_eyes_administrator": "four_eyes",
    "number.four_eyes_waits": "four_eyes",
    "verify.address": "verify_url",
}


@bp.get("")
@requires("certificate.read")
def overview() -> ResponseReturnValue:
    """Courses of open programmes with outcomes, batches, certificates and the next step."""
    actor = current_actor()
    return render_template(
        "certificates/overview.html",
        lines=course_lines(actor.organisation_id),
        settings=find_settings(actor.organisation_id),
        states=BATCH_STATES,
        way=way,
    )


@bp.route("/settings", methods=["GET", "POST"])
@requires("certificate.approve")
def settings() -> ResponseReturnValue:
    """Pattern of the numbers, abbreviation, four eyes, host of the verification."""
    actor = current_actor()
    kept = find_settings(actor.organisation_id)
    form = SettingsForm(
        data={
            "pattern": kept.number_pattern if kept else DEFAULT,
            "organisation_code": kept.organisation_code if kept else "",
            "four_eyes": kept.four_eyes if kept else False,
            "verify_url": kept.verify_url if kept else "",
        }
    )
    if request.method == "POST" and form.validate():
        try:
            changed = change_settings(form.settings(), actor=actor)
        except Refusal as refusal:
            if refusal.status in {403, 404}:
                raise
            show_refusal(form, refusal, {**dict.fromkeys(_of_pattern(), "pattern"), **_PLACES})
        else:
            flash(_("Saved.") if changed else _("Nothing was changed."), "success")
            return redirect(url_for("certificates.settings"), 303)
    status = 422 if form.errors else 200
    return render_template("certificates/settings.html", form=form, example=_example(form)), status


def _of_pattern() -> list[str]:
    reasons = ("unknown_token", "letters", "one_serial", "one_year", "too_long", "issuing", "clash")
    return [f"number.{reason}" for reason in reasons]


def _example(form: SettingsForm) -> str:
    """The number as the first of this year would be printed; "" while it cannot be."""
    try:
        numbering = Numbering.checked(form.pattern.data or "", form.organisation_code.data or "")
    except Refusal:
        return ""
    return numbering.spell(1, today(current_actor().time_zone).year)
