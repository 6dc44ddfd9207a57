"""Pages on which classes are made, changed, copied and cancelled."""

from dataclasses import replace

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.clock import now, today
from classroom.core.errors import Refusal
from classroom.sessions import queries, services
from classroom.sessions.forms.classes import ClassForm, CopyClassForm, NewClassForm
from classroom.sessions.forms.fields import problems, show_refusal
from classroom.sessions.models import Programme
from classroom.sessions.views.blueprint import bp, choices, go, go_to_class, pass_on
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

_PLACES = {
    "class.code_missing": "code",
    "class.code_taken": "code",
    "class.capacity": "capacity",
    "class.capacity_large": "capacity",
    "class.capacity_below": "capacity",
    "class.code_period": "code_period",
    "class.minutes": "opens_before",
}


@bp.route("/programmes/<programme_id>/classes/new", methods=["GET", "POST"])
@requires("class.manage")
def new_class(programme_id: str) -> ResponseReturnValue:
    """A new class: its facts first, then its sessions row by row, then it is made."""
    actor = current_actor()
    found = queries.get_programme(actor, programme_id)
    if not found.courses:
        flash(gettext("Set up a course first: a class belongs to one."), "attention")
        return go("sessions.new_course", programme_id=programme_id)
    offered = replace(choices(actor), courses=found.courses)
    form = NewClassForm(course=request.args.get("course"))
    form.offer(offered)
    if request.method == "GET":
        return _new_class_page(form, found)
    if not form.validate():
        return _new_class_page(form, found), 422
    if request.form.get("action") == "create" and form.sessions.entries:
        return _create_class(form, found)
    form.lay_out(offered)
    return _new_class_page(form, found, looked_at=True)


@bp.route("/classes/<class_id>/edit", methods=["GET", "POST"])
@requires("class.manage")
def edit_class(class_id: str) -> ResponseReturnValue:
    """Change a class's facts; its sessions are changed one by one."""
    actor = current_actor()
    found = queries.get_class(actor, class_id)
    form = ClassForm()
    form.offer(choices(actor, found))
    if request.method == "GET":
        form.show(found)
    elif form.validate():
        try:
            services.update_class(class_id, form.facts(), actor=actor, knowingly=form.knowingly.data)
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _PLACES)
            found = queries.get_class(actor, class_id)
        else:
            flash(gettext("The class has been saved."), "success")
            return go_to_class(class_id)
    shown = problems(form)
    page = render_template("sessions/class_form.html", form=form, training_class=found, problems=shown)
    return page, 422 if shown else 200


@bp.route("/classes/<class_id>/copy", methods=["GET", "POST"])
@requires("class.manage")
def copy_class(class_id: str) -> ResponseReturnValue:
    """The same sessions from another day on."""
    actor = current_actor()
    found = queries.get_class(actor, class_id)
    form = CopyClassForm()
    form.offer(choices(actor, found))
    if request.method == "GET":
        form.show(found)
        form.code.data = ""
    elif form.validate() and form.starts_on.data:
        try:
            made = services.copy_class(
                class_id, form.facts(), form.starts_on.data, actor=actor, knowingly=form.knowingly.data
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _PLACES)
            found = queries.get_class(actor, class_id)
        else:
            flash(gettext("Class %(code)s has been made as a copy.", code=made.code), "success")
            return go_to_class(made.public_id)
    shown = problems(form)
    sessions = queries.sessions_to_copy(found)
    page = render_template(
        "sessions/class_copy.html", form=form, training_class=found, sessions=sessions, problems=shown
    )
    return page, 422 if shown else 200


@bp.route("/classes/<class_id>/cancel", methods=["GET", "POST"])
@requires("class.manage")
def cancel_class(class_id: str) -> ResponseReturnValue:
    """Cancel a class, saying what that means in numbers and asking why."""
    actor = current_actor()
    error = ""
    if request.method == "POST":
        try:
            services.cancel_class(class_id, request.form.get("reason", ""), actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            error = say_refusal(refusal)
        else:
            flash(gettext("The class has been cancelled."), "success")
            return go_to_class(class_id)
    found = queries.get_class(actor, class_id)
    sessions = [one for one in queries.sessions_of(found) if one.cancelled_at is None]
    coming = [one for one in sessions if one.ends_at > now()]
    try:
        marks = services.marks_on(coming, "cancel")
    except Refusal as refusal:
        pass_on(refusal)
        flash(say_refusal(refusal), "danger")
        return go_to_class(class_id)
    page = render_template(
        "sessions/class_cancel.html",
        training_class=found,
        coming=len(coming),
        held=len(sessions) - len(coming),
        marks=marks,
        enrolled=queries.seats_taken(found.id),
        error=error,
    )
    return page, 422 if error else 200


@bp.post("/classes/<class_id>/restore")
@requires("class.manage")
def restore_class(class_id: str) -> ResponseReturnValue:
    """Take a cancelled class back."""
    try:
        services.restore_class(class_id, actor=current_actor())
    except Refusal as refusal:
        pass_on(refusal)
        flash(say_refusal(refusal), "danger")
    else:
        flash(gettext("The class is held after all."), "success")
    return go_to_class(class_id)


def _create_class(form: NewClassForm, programme: Programme) -> ResponseReturnValue:
    actor = current_actor()
    if clashes := _mark_clashes(form):
        form.form_errors.append(
            gettext("%(count)s times a room or a trainer is taken already. See the rows below.", count=clashes)
        )
        return _new_class_page(form, programme), 422
    programme_id = programme.public_id
    try:
        made = services.create_class(
            form.course.data or "", form.facts(), form.plan(), actor=actor, knowingly=form.knowingly.data
        )
    except Refusal as refusal:
        pass_on(refusal)
        show_refusal(form, refusal, _PLACES)
        return _new_class_page(form, queries.get_programme(actor, programme_id)), 422
    flash(
        gettext("Class %(code)s has been made. Next: its learners, from a file or one by one.", code=made.code),
        "success",
    )
    return go_to_class(made.public_id, tab="roster")


def _mark_clashes(form: NewClassForm) -> int:
    """Say at each row what is taken then; returns how often."""
    rows = form.kept()
    foreseen = services.foresee(form.facts(), form.plan(), actor=current_actor())
    for row, clashes in zip(rows, foreseen, strict=True):
        for clash in clashes:
            refusal = clash.refusal(current_actor().time_zone)
            row.form.form_errors.append(say_refusal(refusal))
    return sum(len(clashes) for clashes in foreseen)


def _new_class_page(form: NewClassForm, programme: Programme, *, looked_at: bool = False) -> str:
    if looked_at:
        _mark_clashes(form)
    return render_template(
        "sessions/class_new.html",
        form=form,
        programme=programme,
        problems=problems(form),
        today=today(current_actor().time_zone),
    )
