"""Pages of intakes: the list, one intake in numbers, setting it up."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.clock import now
from classroom.core.errors import NotFound, Refusal
from classroom.online.forms.intakes import IntakeForm
from classroom.online.models import Intake
from classroom.online.queries import accounts
from classroom.online.queries import intakes as queries
from classroom.online.services import intakes as services
from classroom.online.views.blueprint import bp, go, pass_on
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires

_PLACES = {"intake.name_taken": "name", "intake.days": "days", "intake.prefix": "account_prefix"}
SHOWN = 200


@bp.get("/")
@requires("online.read")
def intakes() -> ResponseReturnValue:
    """All intakes of the organisation."""
    actor = current_actor()
    courses = queries.open_courses(actor)
    return render_template("online_intakes/intakes.html", lines=queries.intakes(actor), courses=courses)


@bp.get("/intakes/<intake_id>")
@requires("online.read")
def intake(intake_id: str) -> ResponseReturnValue:
    """One intake: how far it is, its accounts, its files."""
    actor = current_actor()
    found = queries.get_intake(actor, intake_id)
    text = request.args.get("q", "")[:100]
    return render_template(
        "online_intakes/intake.html",
        intake=found,
        counts=queries.counts_of(found, actor.time_zone, now()),
        lines=accounts.accounts_of(found, text, SHOWN),
        total=accounts.count_accounts(found, text),
        shown=SHOWN,
        text=text,
        batches=accounts.batches_of(found),
        records=queries.records_of(found, text, SHOWN),
    )


@bp.route("/intakes/new", methods=["GET", "POST"])
@requires("online.manage")
def new_intake() -> ResponseReturnValue:
    """Set up an intake; ?course= says of which course."""
    actor = current_actor()
    form = _form(IntakeForm(data={"course": request.args.get("course", ""), "days": 10}))
    if form.validate_on_submit():
        try:
            made = services.create_intake(form.course.data or "", form.facts(), actor=actor)
        except Refusal as refusal:
            _show(form, refusal)
        else:
            flash(gettext("The intake has been set up. Next: its people."), "success")
            return go("online.intake", intake_id=made.public_id)
    if not form.course.choices:
        raise NotFound
    return render_template("online_intakes/intake_form.html", form=form, intake=None), _status(form)


@bp.route("/intakes/<intake_id>/edit", methods=["GET", "POST"])
@requires("online.manage")
def edit_intake(intake_id: str) -> ResponseReturnValue:
    """Change an intake, or close it."""
    found = queries.get_intake(current_actor(), intake_id)
    form = _form(IntakeForm(data=_present(found)), found)
    if request.method == "GET":
        form.closed.data = found.closed_at is not None
    if form.validate_on_submit():
        try:
            services.update_intake(intake_id, form.facts(), actor=current_actor())
        except Refusal as refusal:
            _show(form, refusal)
            found = queries.get_intake(current_actor(), intake_id)
        else:
            flash(gettext("The intake has been saved."), "success")
            return go("online.intake", intake_id=intake_id)
    return render_template("online_intakes/intake_form.html", form=form, intake=found), _status(form)


def _form(form: IntakeForm, intake: Intake | None = None) -> IntakeForm:
    if intake:
        form.course.choices = [(intake.course.public_id, intake.course.name)]
        form.course.data = intake.course.public_id
    else:
        courses = queries.open_courses(current_actor())
        form.course.choices = [(one.public_id, f"{one.name} ({one.programme.name})") for one in courses]
    return form


def _present(intake: Intake) -> dict[str, object]:
    return {
        "course": intake.course.public_id,
        "name": intake.name,
        "starts_on": intake.starts_on,
        "days": intake.days,
        "account_prefix": intake.account_prefix,
        "note": intake.note,
    }


def _show(form: IntakeForm, refusal: Refusal) -> None:
    pass_on(refusal)
    show_refusal(form, refusal, _PLACES)


def _status(form: IntakeForm) -> int:
    return 422 if form.errors else 200
