"""Going out by the trainer's tap: on the board as it happens, and back into the room."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.attendance import forms, services
from classroom.attendance.views.board import bp as bp
from classroom.attendance.views.board import done
from classroom.core.errors import Refusal
from classroom.web.guards import current_actor, requires


@bp.post("/leave")
@requires("attendance.record")
def leave(session_id: str) -> ResponseReturnValue:
    """Write down that one learner goes now."""

    def act() -> str:
        choice = forms.choice_from(request.form.get("left", ""))
        departure = services.Departure(_("Marked on the board"))
        marked = services.state_departure(session_id, [choice], departure, actor=current_actor())
        if marked.conflicts:
            raise Refusal("mark.changed", name=marked.conflicts[0])
        return str(_("Written down as gone."))

    return done(session_id, act)


@bp.post("/come-back")
@requires("attendance.record")
def come_back(session_id: str) -> ResponseReturnValue:
    """Take a departure back, scanned or stated."""
    choice = forms.choice_from(request.form.get("back", ""))
    reason = request.form.get("reason", "") or _("Undone on the board")
    return done(
        session_id,
        lambda: services.undo_exit(session_id, choice, reason=reason, actor=current_actor()),
        _("In the room again."),
    )
