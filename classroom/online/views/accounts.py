"""Pages of an intake's accounts: who gets one, the file for the platform, the day of issue."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from classroom.core.errors import Refusal
from classroom.learners import queries as learners
from classroom.online.forms.intakes import IssueDayForm, list_choices
from classroom.online.queries import accounts as queries
from classroom.online.queries import intakes
from classroom.online.rules.account_files import FORMATS
from classroom.online.services import accounts as services
from classroom.online.services import people_files
from classroom.online.services.people_files import PeopleDraft
from classroom.online.views.blueprint import bp, go, pass_on
from classroom.web.files import CSV, XLSX, send_file
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires
from classroom.web.words import say, say_refusal

_FOUND, _PROBLEMS = 50, 200


@bp.get("/intakes/<intake_id>/people")
@requires("online.manage")
def add_people(intake_id: str) -> ResponseReturnValue:
    """Choose people: from a file, from a class, or by name."""
    return _people_page(intake_id)


@bp.post("/intakes/<intake_id>/people")
@requires("online.manage")
def give_accounts(intake_id: str) -> ResponseReturnValue:
    """Give accounts to the chosen people, or to everybody of a class."""
    actor = current_actor()
    if class_id := request.form.get("class", ""):
        keys = queries.learners_in_class(actor, class_id)
    else:
        keys = queries.learner_keys(actor, request.form.getlist("chosen")[:_FOUND])
    try:
        given = services.give_accounts(intake_id, keys, actor=actor)
    except Refusal as refusal:
        pass_on(refusal)
        return _people_page(intake_id, say_refusal(refusal)), refusal.status
    _tell_given(given, len(keys))
    return go("online.intake", intake_id=intake_id)


@bp.post("/intakes/<intake_id>/people/file")
@requires("online.manage")
def upload_people(intake_id: str) -> ResponseReturnValue:
    """Keep a list of people and show what would come of it."""
    sent = request.files.get("file")
    try:
        kept = people_files.keep_list(
            intake_id, (sent.filename or "") if sent else "", sent.read() if sent else b"", actor=current_actor()
        )
    except Refusal as refusal:
        pass_on(refusal)
        return _people_page(intake_id, say_refusal(refusal)), refusal.status
    return go("online.people_list", intake_id=intake_id, list_id=kept.public_id)


@bp.get("/intakes/<intake_id>/people/<list_id>")
@requires("online.manage")
def people_list(intake_id: str, list_id: str) -> ResponseReturnValue:
    """What would come of the list: numbers, questions, problems."""
    choices = list_choices(request.args)
    return _list_page(intake_id, people_files.open_list(intake_id, list_id, choices, actor=current_actor()))


@bp.post("/intakes/<intake_id>/people/<list_id>")
@requires("online.manage")
def confirm_people(intake_id: str, list_id: str) -> ResponseReturnValue:
    """Look again with the answers, or do what was shown."""
    actor, choices = current_actor(), list_choices(request.form)
    if request.form.get("do") != "confirm":
        return _list_page(intake_id, people_files.open_list(intake_id, list_id, choices, actor=actor))
    try:
        counts = people_files.confirm_list(intake_id, list_id, choices, request.form.get("digest", ""), actor=actor)
    except Refusal as refusal:
        pass_on(refusal)
        draft = people_files.open_list(intake_id, list_id, choices, actor=actor)
        return _list_page(intake_id, draft, say_refusal(refusal)), refusal.status
    _tell_given(counts["accounts"], counts["new"] + counts["known"])
    return go("online.intake", intake_id=intake_id)


@bp.post("/intakes/<intake_id>/accounts.file")
@requires("online.manage")
def account_file(intake_id: str) -> ResponseReturnValue:
    """The file by which the platform creates the accounts; making it is kept, so it is not a link."""
    kind, _found = request.form.get("format", ""), intakes.get_intake(current_actor(), intake_id)
    try:
        name, content = services.make_file(
            intake_id, kind, everybody="everybody" in request.form, actor=current_actor()
        )
    except Refusal as refusal:
        pass_on(refusal)
        flash(say_refusal(refusal), "danger")
        return go("online.intake", intake_id=intake_id)
    return send_file(content, XLSX if FORMATS[kind] == "xlsx" else CSV, name)


@bp.route("/intakes/<intake_id>/issue-day", methods=["GET", "POST"])
@requires("online.manage")
def issue_day(intake_id: str) -> ResponseReturnValue:
    """Say when the platform issued the accounts: those of a file, or all."""
    actor = current_actor()
    found = intakes.get_intake(actor, intake_id)
    form = IssueDayForm()
    form.batch.choices = [("", gettext("All accounts of the intake"))] + [
        (one.public_id, gettext("The file with %(count)s accounts (no. %(number)s)", count=one.count, number=number))
        for number, one in reversed(list(enumerate(reversed(queries.batches_of(found)), start=1)))
    ]
    if form.validate_on_submit() and form.day.data:
        try:
            changed = services.set_issue_day(
                intake_id,
                form.day.data,
                batch_id=form.batch.data or "",
                overwrite=bool(form.overwrite.data),
                actor=actor,
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, {"intake.issue_day": "day"})
            found = intakes.get_intake(actor, intake_id)
        else:
            flash(
                ngettext("%(num)s account has its day of issue.", "%(num)s accounts have their day of issue.", changed),
                "success",
            )
            return go("online.intake", intake_id=intake_id)
    return render_template("online_intakes/issue_day.html", form=form, intake=found), 422 if form.errors else 200


@bp.get("/intakes/<intake_id>/accounts/<account_id>")
@requires("online.manage")
def account(intake_id: str, account_id: str) -> ResponseReturnValue:
    """One account: its day of issue, and taking it back."""
    return _account_page(intake_id, account_id)


@bp.post("/intakes/<intake_id>/accounts/<account_id>")
@requires("online.manage")
def change_account(intake_id: str, account_id: str) -> ResponseReturnValue:
    """Set the day of issue of one account, or let it count no longer."""
    actor = current_actor()
    form = IssueDayForm()
    form.batch.choices = [("", "")]
    try:
        if request.form.get("do") == "annul":
            services.annul_account(intake_id, account_id, request.form.get("reason", ""), actor=actor)
            flash(gettext("The account no longer counts."), "success")
        elif form.validate() and form.day.data:
            services.set_issue_day(intake_id, form.day.data, account_id=account_id, actor=actor)
            flash(gettext("The day of issue has been saved."), "success")
        else:
            return _account_page(intake_id, account_id, form), 422
    except Refusal as refusal:
        pass_on(refusal)
        show_refusal(form, refusal, {"intake.issue_day": "day"})
        return _account_page(intake_id, account_id, form), refusal.status
    return go("online.account", intake_id=intake_id, account_id=account_id)


def _account_page(intake_id: str, account_id: str, form: IssueDayForm | None = None) -> str:
    actor = current_actor()
    found = intakes.get_intake(actor, intake_id)
    one = queries.get_account(actor, found, account_id)
    if form is None:
        form = IssueDayForm(data={"day": one.issued_on})
        form.batch.choices = [("", "")]
    return render_template("online_intakes/account.html", intake=found, account=one, form=form)


def _people_page(intake_id: str, error: str = "") -> str:
    actor = current_actor()
    found = intakes.get_intake(actor, intake_id)
    text = request.values.get("q", "")[:100]
    people = list(learners.search(actor.organisation_id, text, _FOUND)) if text else []
    return render_template(
        "online_intakes/add_people.html",
        intake=found,
        classes=queries.classes_to_choose(actor, found),
        people=people,
        have=queries.with_account(found, [one.id for one in people]),
        text=text,
        error=error,
        limit=_FOUND,
        megabytes=people_files.LIMITS.max_bytes // 1_000_000,
    )


def _list_page(intake_id: str, draft: PeopleDraft, error: str = "") -> str:
    problems = [(one, say(one.code, one.details)) for one in draft.plan.problems()[:_PROBLEMS]]
    return render_template(
        "online_intakes/people_list.html",
        intake=intakes.get_intake(current_actor(), intake_id),
        draft=draft,
        plan=draft.plan,
        counts=draft.plan.counts(),
        problems=problems,
        all_problems=len(draft.plan.problems()),
        choices=list_choices(request.values),
        error=error,
    )


def _tell_given(given: int, wanted: int) -> None:
    flash(ngettext("%(num)s account has been given.", "%(num)s accounts have been given.", given), "success")
    if wanted > given:
        had = wanted - given
        flash(ngettext("%(num)s person had one already.", "%(num)s people had one already.", had), "info")
