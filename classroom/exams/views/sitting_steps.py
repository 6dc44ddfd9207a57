"""What a trainer does with a whole sitting: pause, more time, screens, devices that ask, the end and the way back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.attendance.services import show_on_screen
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.exams.forms import sittings as forms
from classroom.exams.presenters import boards
from classroom.exams.queries.by_pen import count_waiting
from classroom.exams.queries.sittings import board_rows, get_sitting
from classroom.exams.services import opening, starting
from classroom.exams.views.sittings import bp as bp
from classroom.exams.views.sittings import common, done, let_pass_404
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.post("/sittings/<sitting_id>/pause")
@requires("exam.run")
def pause(sitting_id: str) -> ResponseReturnValue:
    """Let everybody's clock stand still."""
    words = _("The clock stands still. What learners answer meanwhile is kept.")
    return done(sitting_id, lambda: opening.pause(sitting_id, actor=current_actor()), words)


@bp.post("/sittings/<sitting_id>/resume")
@requires("exam.run")
def resume(sitting_id: str) -> ResponseReturnValue:
    """Let them go on, later by the pause."""
    words = _("The test goes on; everybody has got the time of the pause back.")
    return done(sitting_id, lambda: opening.resume(sitting_id, actor=current_actor()), words)


@bp.post("/sittings/<sitting_id>/screens")
@requires("exam.run")
def show_code(sitting_id: str) -> ResponseReturnValue:
    """Let the room's screens show the way into the test again."""
    session = get_sitting(current_actor(), sitting_id).session.public_id
    words = _("The screens show the way into the test.")
    return done(sitting_id, lambda: show_on_screen(session, "test", actor=current_actor()), words)


@bp.post("/sittings/<sitting_id>/devices/give")
@requires("exam.run")
def hand_over(sitting_id: str) -> ResponseReturnValue:
    """Let the device that asks go on with the attempt."""
    words = _("The learner goes on with the other device.")
    device = request.form.get("device", "")
    return done(sitting_id, lambda: starting.hand_over(sitting_id, device, actor=current_actor()), words)


@bp.post("/sittings/<sitting_id>/devices/refuse")
@requires("exam.run")
def refuse_device(sitting_id: str) -> ResponseReturnValue:
    """Say no to the device that asks."""
    device = request.form.get("device", "")
    words = _("Refused. The learner's own device goes on.")
    return done(sitting_id, lambda: starting.refuse_device(sitting_id, device, actor=current_actor()), words)


@bp.get("/sittings/<sitting_id>/more-time")
@requires("exam.run")
def more_time(sitting_id: str) -> ResponseReturnValue:
    """How many minutes, for how many."""
    return _more_time_page(sitting_id)


@bp.post("/sittings/<sitting_id>/more-time")
@requires("exam.run")
def extend(sitting_id: str) -> ResponseReturnValue:
    """Give the whole room more time."""
    actor, reason = current_actor(), request.form.get("reason", "")
    try:
        minutes = forms.minutes_from(request.form)
        count = opening.extend(sitting_id, minutes, learner=None, reason=reason, actor=actor)
    except Refusal as refusal:
        let_pass_404(refusal)
        return _more_time_page(sitting_id, say_refusal(refusal)), refusal.status
    flash(
        ngettext("%(num)s learner has got more time.", "%(num)s learners have got more time.", count),
        "success" if count else "warning",
    )
    return redirect(url_for(".board", sitting_id=sitting_id), 303)


@bp.get("/sittings/<sitting_id>/ending")
@requires("exam.run")
def ending(sitting_id: str) -> ResponseReturnValue:
    """What the end does, in numbers; afterwards the way back."""
    return _ending_page(sitting_id)


@bp.post("/sittings/<sitting_id>/end")
@requires("exam.run")
def end(sitting_id: str) -> ResponseReturnValue:
    """End the test for everybody."""
    words = _("The test has ended.")
    return done(sitting_id, lambda: opening.end(sitting_id, actor=current_actor()), words)


@bp.post("/sittings/<sitting_id>/reopen")
@requires("exam.run")
def reopen(sitting_id: str) -> ResponseReturnValue:
    """Take the end back."""
    reason = request.form.get("reason", "")
    try:
        opening.reopen(sitting_id, reason, actor=current_actor())
    except Refusal as refusal:
        let_pass_404(refusal)
        return _ending_page(sitting_id, say_refusal(refusal)), refusal.status
    flash(_("The test is open again. Give more time to those whom the end had closed."), "success")
    return redirect(url_for(".more_time", sitting_id=sitting_id), 303)


@bp.post("/sittings/<sitting_id>/annul")
@requires("exam.mark")
def annul(sitting_id: str) -> ResponseReturnValue:
    """Say that the test should never have been opened."""
    reason = request.form.get("reason", "")
    try:
        opening.annul_sitting(sitting_id, reason, actor=current_actor())
    except Refusal as refusal:
        let_pass_404(refusal)
        return _ending_page(sitting_id, annul_error=say_refusal(refusal)), refusal.status
    flash(_("The test has been annulled: nothing in it counts."), "success")
    return redirect(url_for(".board", sitting_id=sitting_id), 303)


def _more_time_page(sitting_id: str, error: str = "") -> str:
    at = now()
    sitting = get_sitting(current_actor(), sitting_id)
    rows = board_rows(sitting, at)
    return render_template(
        "exam_staff/more_time.html",
        **common(sitting, at),
        shown=boards.show_board(sitting, rows, at),
        closed=sum(row.finished_how == "ended" for row in rows),
        usual=forms.USUAL_MINUTES,
        error=error,
        typed=request.form,
    )


def _ending_page(sitting_id: str, error: str = "", annul_error: str = "") -> str:
    at = now()
    sitting = get_sitting(current_actor(), sitting_id)
    return render_template(
        "exam_staff/ending.html",
        **common(sitting, at),
        shown=boards.show_board(sitting, board_rows(sitting, at), at),
        pen_waiting=count_waiting(sitting.id),
        error=error,
        annul_error=annul_error,
        reason=request.form.get("reason", ""),
    )
