"""Pages on which class sessions are added, edited, moved and cancelled."""

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Refusal
from classroom.sessions import queries, services
from classroom.sessions.forms.classes import Choices
from classroom.sessions.forms.fields import show_refusal
from classroom.sessions.forms.half_days import AddSessionForm, MoveSessionForm, SessionForm
from classroom.sessions.models import ClassSession
from classroom.sessions.rules.schedule import PlannedSession, Span, local_range
from classroom.sessions.views.blueprint import bp, choices, go_to_class, pass_on
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

_MOVE_PLACES = {"session.overlaps_own": "times", "booking.room_taken": "times", "booking.trainer_taken": "times"}


@bp.route("/classes/<class_id>/sessions/new", methods=["GET", "POST"])
@requires("class.manage")
def add_session(class_id: str) -> ResponseReturnValue:
    """One more session of a class."""
    actor = current_actor()
    found = queries.get_class(actor, class_id)
    form = AddSessionForm()
    form.offer(choices(actor, found))
    if request.method == "GET":
        form.room.data = found.room.public_id if found.room else ""
        form.trainer.data = found.trainers[0].staff.public_id if found.trainers else ""
    elif form.validate() and form.held_on.data:
        plan = PlannedSession(
            form.held_on.data,
            form.times.data,
            form.topic.data or "",
            form.trainer.data or "",
            form.room.data or "",
        )
        try:
            services.add_session(class_id, plan, actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _MOVE_PLACES)
            found = queries.get_class(actor, class_id)
        else:
            flash(gettext("The session has been added."), "success")
            return go_to_class(class_id)
    page = render_template("sessions/session_add.html", form=form, training_class=found)
    return page, 422 if form.errors else 200


@bp.route("/sessions/<session_id>/edit", methods=["GET", "POST"])
@requires("class.manage")
def edit_session(session_id: str) -> ResponseReturnValue:
    """Topic, trainer, substitute and room of a session."""
    actor = current_actor()
    found = queries.get_session(actor, session_id)
    form = SessionForm()
    form.offer(_choices_for(found))
    if request.method == "GET":
        form.show(found)
    elif form.validate():
        try:
            services.edit_session(
                session_id,
                form.topic.data or "",
                trainer=form.trainer.data or "",
                substitute=form.substitute.data or "",
                room=form.room.data or "",
                actor=actor,
            )
        except Refusal as refusal:
            pass_on(refusal)
            places = {"booking.room_taken": "room", "booking.trainer_taken": "trainer"}
            if form.substitute.data:
                places["booking.trainer_taken"] = "substitute"
            show_refusal(form, refusal, places)
            found = queries.get_session(actor, session_id)
        else:
            flash(gettext("The session has been saved."), "success")
            return go_to_class(found.training_class.public_id)
    page = render_template("sessions/session_edit.html", form=form, class_session=found)
    return page, 422 if form.errors else 200


@bp.route("/sessions/<session_id>/move", methods=["GET", "POST"])
@requires("class.manage")
def move_session(session_id: str) -> ResponseReturnValue:
    """Another day or other times."""
    actor = current_actor()
    found = queries.get_session(actor, session_id)
    form = MoveSessionForm()
    if request.method == "GET":
        try:
            services.marks_on([found], "move")
        except Refusal as refusal:
            return _not_now(refusal, found)
        form.held_on.data = found.held_on
        ranges = [Span(one.starts_at, one.ends_at) for one in found.ranges]
        form.times.data = tuple(local_range(one, actor.time_zone) for one in ranges)
    elif form.validate() and form.held_on.data:
        try:
            moved = services.move_session(
                session_id, form.held_on.data, form.times.data, form.reason.data or "", actor=actor
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _MOVE_PLACES)
            found = queries.get_session(actor, session_id)
        else:
            flash(gettext("The session has been moved."), "success")
            return go_to_class(moved.training_class.public_id)
    enrolled = queries.seats_taken(found.class_id)
    page = render_template("sessions/session_move.html", form=form, class_session=found, enrolled=enrolled)
    return page, 422 if form.errors else 200


@bp.route("/sessions/<session_id>/cancel", methods=["GET", "POST"])
@requires("class.manage")
def cancel_session(session_id: str) -> ResponseReturnValue:
    """Cancel a session, saying what that means in numbers and asking why."""
    actor = current_actor()
    error = ""
    if request.method == "POST":
        try:
            done = services.cancel_session(session_id, request.form.get("reason", ""), actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            error = say_refusal(refusal)
        else:
            flash(gettext("The session has been cancelled."), "success")
            return go_to_class(done.training_class.public_id)
    found = queries.get_session(actor, session_id)
    try:
        marks = services.marks_on([found], "cancel")
    except Refusal as refusal:
        return _not_now(refusal, found)
    left = sum(one.cancelled_at is None for one in queries.sessions_of(found.training_class))
    page = render_template(
        "sessions/session_cancel.html",
        class_session=found,
        enrolled=queries.seats_taken(found.class_id),
        left=left - 1,
        marks=marks,
        error=error,
    )
    return page, 422 if error else 200


@bp.post("/sessions/<session_id>/restore")
@requires("class.manage")
def restore_session(session_id: str) -> ResponseReturnValue:
    """Hold a cancelled session after all."""
    actor = current_actor()
    class_id = queries.get_session(actor, session_id).training_class.public_id
    try:
        services.restore_session(session_id, actor=actor)
    except Refusal as refusal:
        pass_on(refusal)
        flash(say_refusal(refusal), "danger")
    else:
        flash(gettext("The session is held after all."), "success")
    return go_to_class(class_id)


def _not_now(refusal: Refusal, found: ClassSession) -> ResponseReturnValue:
    """Say at once what no filling-in of the form could change."""
    pass_on(refusal)
    flash(say_refusal(refusal), "danger")
    return go_to_class(found.training_class.public_id)


def _choices_for(found: ClassSession) -> Choices:
    """Rooms and trainers for a session, with those it has already."""
    offered = choices(current_actor(), found.training_class, keep=(found.room_id,))
    known = {one.id for one in offered.trainers}
    added = [one for one in (found.trainer, found.substitute) if one and one.id not in known]
    return Choices(rooms=offered.rooms, trainers=[*offered.trainers, *added])
