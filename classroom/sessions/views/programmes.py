"""Pages of programmes and courses, and a programme's week."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.clock import now, today
from classroom.core.errors import Refusal
from classroom.sessions import presenters, queries, services
from classroom.sessions.forms.fields import show_refusal
from classroom.sessions.forms.programmes import CourseForm, ProgrammeForm
from classroom.sessions.rules.weeks import Week
from classroom.sessions.views.blueprint import bp, go, pass_on
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way

_PROGRAMME_PLACES = {"programme.name_taken": "name", "programme.dates": "ends_on"}
_COURSE_PLACES = {"course.name_taken": "name", "course.sessions": "required"}


@bp.get("/programmes")
@requires("programme.read")
def programmes() -> ResponseReturnValue:
    """All programmes of the organisation."""
    return render_template("sessions/programmes.html", lines=queries.programmes(current_actor()))


@bp.get("/programmes/<programme_id>")
@requires("programme.read")
def programme(programme_id: str) -> ResponseReturnValue:
    """A programme with its courses and classes."""
    actor = current_actor()
    found = queries.get_programme(actor, programme_id)
    lines = queries.classes_of(actor, found, now())
    return render_template("sessions/programme.html", programme=found, lines=lines, way=way)


@bp.route("/programmes/new", methods=["GET", "POST"])
@requires("programme.manage")
def new_programme() -> ResponseReturnValue:
    """Set up a programme."""
    form = ProgrammeForm()
    if form.validate_on_submit():
        try:
            made = services.create_programme(
                form.name.data or "", starts_on=form.starts_on.data, ends_on=form.ends_on.data, actor=current_actor()
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _PROGRAMME_PLACES)
        else:
            flash(gettext("The programme has been set up. Next: its course."), "success")
            return go("sessions.new_course", programme_id=made.public_id)
    return render_template("sessions/programme_form.html", form=form, programme=None), _status(form)


@bp.route("/programmes/<programme_id>/edit", methods=["GET", "POST"])
@requires("programme.manage")
def edit_programme(programme_id: str) -> ResponseReturnValue:
    """Change a programme, or close it."""
    actor = current_actor()
    found = queries.get_programme(actor, programme_id)
    form = ProgrammeForm(data={"name": found.name, "starts_on": found.starts_on, "ends_on": found.ends_on})
    if request.method == "GET":
        form.closed.data = found.closed_at is not None
    if form.validate_on_submit():
        try:
            services.update_programme(
                programme_id,
                form.name.data or "",
                starts_on=form.starts_on.data,
                ends_on=form.ends_on.data,
                closed=form.closed.data,
                actor=actor,
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _PROGRAMME_PLACES)
            found = queries.get_programme(actor, programme_id)
        else:
            flash(gettext("The programme has been saved."), "success")
            return go("sessions.programme", programme_id=programme_id)
    return render_template("sessions/programme_form.html", form=form, programme=found), _status(form)


@bp.route("/programmes/<programme_id>/courses/new", methods=["GET", "POST"])
@requires("programme.manage")
def new_course(programme_id: str) -> ResponseReturnValue:
    """Set up a course."""
    actor = current_actor()
    found = queries.get_programme(actor, programme_id)
    form = CourseForm()
    if form.validate_on_submit():
        try:
            services.create_course(
                programme_id, form.name.data or "", form.planned.data or 0, form.required.data or 0, actor=actor
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _COURSE_PLACES)
            found = queries.get_programme(actor, programme_id)
        else:
            flash(gettext("The course has been set up."), "success")
            return go("sessions.programme", programme_id=programme_id)
    return render_template("sessions/course_form.html", form=form, programme=found, course=None), _status(form)


@bp.route("/courses/<course_id>/edit", methods=["GET", "POST"])
@requires("programme.manage")
def edit_course(course_id: str) -> ResponseReturnValue:
    """Change a course."""
    actor = current_actor()
    found = queries.get_course(actor, course_id)
    present = {"name": found.name, "planned": found.sessions_planned, "required": found.sessions_required}
    form = CourseForm(data=present)
    if form.validate_on_submit():
        try:
            saved = services.update_course(
                course_id, form.name.data or "", form.planned.data or 0, form.required.data or 0, actor=actor
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _COURSE_PLACES)
            found = queries.get_course(actor, course_id)
        else:
            flash(gettext("The course has been saved."), "success")
            return go("sessions.programme", programme_id=saved.programme.public_id)
    return (
        render_template("sessions/course_form.html", form=form, programme=found.programme, course=found),
        _status(form),
    )


@bp.get("/programmes/<programme_id>/timetable")
@requires("class.read")
def timetable(programme_id: str) -> ResponseReturnValue:
    """One week of a programme: ?week=2026-W42, or the week worth looking at."""
    actor = current_actor()
    found = queries.get_programme(actor, programme_id)
    day = today(actor.time_zone)
    week = Week.parse(request.args.get("week", "")) or Week.of(queries.week_with_sessions(actor, found, day))
    class_sessions = queries.sessions_between(actor, week.days[0], week.days[-1], programme=found)
    return render_template(
        "sessions/timetable.html", programme=found, timetable=presenters.timetable(week, class_sessions, day)
    )


def _status(form: ProgrammeForm | CourseForm) -> int:
    return 422 if form.errors else 200
