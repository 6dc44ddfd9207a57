"""The signed sheet of a session is entered: by number, by tapping rows, or all but a few."""

from collections.abc import Sequence

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.attendance import forms, presenters, queries, services
from classroom.attendance.services import Choice
from classroom.attendance.views.board import bp as bp
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.sessions import queries as sessions
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.get("/sheet")
@requires("attendance.record")
def sheet(session_id: str) -> ResponseReturnValue:
    """The roster in the order of the printed sheet."""
    return _page(session_id)


@bp.post("/sheet")
@requires("attendance.record")
def enter_sheet(session_id: str) -> ResponseReturnValue:
    """Keep what the paper says, and show what it contradicts."""
    actor = current_actor()
    ticked = [forms.choice_from(text) for text in request.form.getlist("ticked")]
    shown = [forms.choice_from(text) for text in request.form.getlist("shown")]
    try:
        signed = _signed(ticked, shown, all_but=request.form.get("mode") == "missing")
        entered = services.enter_sheet(session_id, signed, reason=_("Signed paper sheet"), actor=actor)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(session_id, error=say_refusal(refusal)), refusal.status
    flash(
        ngettext(
            "The sheet is entered. %(num)s learner was known by the paper only and is marked as here.",
            "The sheet is entered. %(num)s learners were known by the paper only and are marked as here.",
            entered.marked,
        ),
        "success",
    )
    if entered.conflicts:
        names = ", ".join(entered.conflicts)
        flash(_("Left as they are, because somebody has just changed them: %(names)s", names=names), "warning")
    return _page(session_id, doubts=entered.contradictions, signed={choice.enrolment for choice in signed})


def _signed(ticked: Sequence[Choice], shown: Sequence[Choice], *, all_but: bool) -> list[Choice]:
    if not all_but:
        return list(ticked)
    missing = {choice.enrolment for choice in ticked}
    return [choice for choice in shown if choice.enrolment not in missing]


def _page(
    session_id: str,
    *,
    error: str = "",
    doubts: Sequence[services.Contradiction] = (),
    signed: set[str] | None = None,
) -> str:
    actor = current_actor()
    board = queries.get_board(actor, session_id, now())
    printed = [place.public_id for place in sessions.roster(board.facts.class_id)]
    lines = {line.enrolment: line for line in board.lines if line.on_roster}
    numbered = [(number, lines.pop(place)) for number, place in enumerate(printed, 1) if place in lines]
    return render_template(
        "attendance/sheet.html",
        board=board,
        shown=presenters.board_parts(board),
        rows=numbered + [(0, line) for line in lines.values()],
        error=error,
        doubts=doubts,
        signed=signed,
        mode=request.form.get("mode", "signed"),
        ticked={forms.choice_from(text).enrolment for text in request.form.getlist("ticked")},
    )
