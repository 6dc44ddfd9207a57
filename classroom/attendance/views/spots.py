"""Spot checks: start one, see by name who gives no sign, tick who is seen, look at the earlier ones."""

from datetime import datetime
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.attendance import forms, presenters, queries, rules, services
from classroom.attendance.models import SpotCheck
from classroom.attendance.views.board import bp as bp
from classroom.attendance.views.board import done
from classroom.core.clock import now
from classroom.web.guards import current_actor, requires

_PAGE = ".spots"


@bp.get("/spots")
@requires("attendance.read")
def spots(session_id: str) -> ResponseReturnValue:
    """The spot checks of this half-day, the latest first; its script then asks whether anything is new."""
    return render_template("attendance/spots.html", **_parts(session_id, now()))


@bp.get("/spots/poll")
@requires("attendance.read")
def spots_poll(session_id: str) -> ResponseReturnValue:
    """What changes on that page anew, or 204 while nothing is new."""
    at = now()
    facts = queries.get_session_facts(current_actor(), session_id)
    if _version(facts.version, queries.find_spot_at(facts.id, at)) == request.args.get("v"):
        return "", 204
    parts = _parts(session_id, at)
    return jsonify(v=parts["version"], html=render_template("attendance/_spots.html", **parts))


def _version(register: int, running: SpotCheck | None) -> str:
    """A check that the clock ends changes no row."""
    return f"{register}.{running.public_id if running else ''}"


def _parts(session_id: str, at: datetime) -> dict[str, Any]:
    board = queries.get_board(current_actor(), session_id, at)
    results = list(reversed(queries.spot_results(board.facts, board.lines)))
    running = next((one for one in results if one.goes_on(at)), None)
    return {
        "board": board,
        "now": at,
        "shown": presenters.board_parts(board),
        "results": results,
        "running": running,
        "version": _version(board.version, running.check if running else None),
        "minutes": rules.SPOT_MINUTES,
        "usual": rules.USUAL_SPOT_MINUTES,
    }


@bp.post("/spots")
@requires("attendance.record")
def start_spot(session_id: str) -> ResponseReturnValue:
    """Let the screens ask everybody for a sign."""
    minutes = forms.minutes_from(request.form.get("minutes", ""))
    return done(
        session_id,
        lambda: services.start_spot(session_id, minutes, actor=current_actor()),
        _("The screens now ask everybody for a sign."),
        _PAGE,
    )


@bp.post("/spots/end")
@requires("attendance.record")
def end_spot(session_id: str) -> ResponseReturnValue:
    """Let the screens go back."""
    return done(
        session_id,
        lambda: services.end_spot(session_id, request.form.get("spot", ""), actor=current_actor()),
        _("The spot check is over."),
        _PAGE,
    )


@bp.post("/spots/seen")
@requires("attendance.record")
def note_seen(session_id: str) -> ResponseReturnValue:
    """Write down that the trainer sees somebody."""
    spot, _dot, enrolment = request.form.get("seen", "").partition(".")
    return done(
        session_id,
        lambda: services.note_seen(session_id, spot, enrolment, actor=current_actor()),
        _("Written down as seen."),
        _PAGE,
    )
