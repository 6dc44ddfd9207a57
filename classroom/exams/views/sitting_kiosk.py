"""Devices of the room: find the learner, type the six digits that the device shows, take a device back."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.exams.queries.finding import Found, find_learners, names_of
from classroom.exams.queries.kiosks import kiosks_of
from classroom.exams.queries.sittings import board_rows, get_sitting
from classroom.exams.services import kiosks as services
from classroom.exams.views.sittings import bp as bp
from classroom.exams.views.sittings import common, done, let_pass_404
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

_LONGEST = 200


@bp.get("/sittings/<sitting_id>/devices")
@requires("exam.run")
def devices(sitting_id: str) -> ResponseReturnValue:
    """First who, then which device."""
    return _page(sitting_id, request.args.get("learner", ""))


@bp.post("/sittings/<sitting_id>/devices")
@requires("exam.run")
def pair_device(sitting_id: str) -> ResponseReturnValue:
    """Let the learner take the test on the device that shows these digits."""
    learner = request.form.get("learner", "")
    try:
        services.pair_kiosk(sitting_id, request.form.get("digits", ""), learner, actor=current_actor())
    except Refusal as refusal:
        let_pass_404(refusal)
        return _page(sitting_id, learner, say_refusal(refusal)), refusal.status
    flash(_("The device shows the test now."), "success")
    return redirect(url_for(".devices", sitting_id=sitting_id), 303)


@bp.post("/sittings/<sitting_id>/devices/release")
@requires("exam.run")
def release_device(sitting_id: str) -> ResponseReturnValue:
    """Let a device forget the attempt, which runs on."""
    kiosk = request.form.get("kiosk", "")
    words = _("The device has forgotten the test. The attempt runs on and can be given to another device.")
    return done(
        sitting_id,
        lambda: services.release_kiosk(sitting_id, kiosk, actor=current_actor()),
        words,
        "sittings.devices",
    )


def _page(sitting_id: str, learner: str, error: str = "") -> str:
    at = now()
    sitting = get_sitting(current_actor(), sitting_id)
    asked = request.args.get("q", "")[:_LONGEST]
    found = find_learners(sitting, asked) if asked.strip() and not learner else Found()
    if found.exactly:
        learner = found.rows[0].learner
    kiosks = kiosks_of(sitting)
    return render_template(
        "exam_staff/devices.html",
        **common(sitting, at),
        q=asked,
        found=found,
        chosen=next((row for row in board_rows(sitting, at) if row.learner == learner), None) if learner else None,
        kiosks=kiosks,
        names=names_of({kiosk.learner_id for kiosk in kiosks}),
        digits=request.form.get("digits", ""),
        error=error,
    )
