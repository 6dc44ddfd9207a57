"""The board of a class session: live, missing by name, everything a trainer decides during a half-day."""

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.attendance import forms, presenters, queries, services
from classroom.core.clock import now
from classroom.core.errors import Invalid, Refusal
from classroom.web.guards import current_actor, requires, safe_next, wants_json
from classroom.web.ways import way
from classroom.web.words import say_refusal

bp = Blueprint("attendance", __name__, url_prefix="/sessions/<session_id>")
_WORTH_PACKING = 2000


@bp.get("/board")
@requires("attendance.read")
def board(session_id: str) -> ResponseReturnValue:
    """The whole page; its script then asks only whether anything is new."""
    at = now()
    found = queries.get_board(current_actor(), session_id, at)
    return render_template("attendance/board.html", **_live(found, at))


@bp.get("/board/poll")
@requires("attendance.read")
def board_poll(session_id: str) -> ResponseReturnValue:
    """The lists anew, or 204 while nothing is new; most of the latter are answered before Flask wakes up."""
    actor, at = current_actor(), now()
    if str(queries.get_session_facts(actor, session_id).version) == request.args.get("v"):
        return "", 204
    found = queries.get_board(actor, session_id, at)
    html = render_template("attendance/_board.html", **_live(found, at))
    answer = make_response(jsonify(v=found.version, html=html))
    if request.accept_encodings.quality("gzip") and len(html) > _WORTH_PACKING:
        answer.set_data(gzip.compress(answer.get_data(), 5))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


@bp.post("/open")
@requires("attendance.record")
def open(session_id: str) -> ResponseReturnValue:  # noqa: A001 - the endpoint is called so
    """Open check-in before the clock does."""
    return done(session_id, lambda: services.open_register(session_id, actor=current_actor()), _("Check-in is open."))


@bp.post("/reopen")
@requires("attendance.record")
def reopen(session_id: str) -> ResponseReturnValue:
    """Take the closing back."""
    reason = request.form.get("reason", "")
    return done(
        session_id,
        lambda: services.reopen_register(session_id, reason=reason, actor=current_actor()),
        _("Check-in is open again."),
    )


@bp.post("/sign-off")
@requires("attendance.record")
def sign_off(session_id: str) -> ResponseReturnValue:
    """Lock the register."""
    return done(
        session_id,
        lambda: services.sign_off(session_id, actor=current_actor()),
        _("Signed off. From now on a coordinator corrects, with a reason."),
    )


@bp.get("/closing")
@requires("attendance.record")
def closing(session_id: str) -> ResponseReturnValue:
    """The numbers before the end, and the question how many heads there are."""
    return _closing_page(session_id)


@bp.post("/close")
@requires("attendance.record")
def close(session_id: str) -> ResponseReturnValue:
    """End check-in. A head count that differs from the marks is shown first, and can then be kept as it is."""
    actor = current_actor()
    try:
        head_count = forms.head_count_from(request.form.get("head_count", ""))
        if head_count is None and not request.form.get("not_counted"):
            raise Invalid("register.head_count_missing")
        heads = queries.get_board(actor, session_id, now()).tally.heads
        if head_count is not None and head_count != heads and request.form.get("seen_difference") != str(head_count):
            return _closing_page(session_id, difference=head_count - heads), 409
        closed = services.close_register(
            session_id, head_count=head_count, notes=request.form.get("notes", ""), actor=actor
        )
    except Invalid as refusal:
        return _closing_page(session_id, error=say_refusal(refusal)), refusal.status
    except Refusal as refusal:
        _let_pass_404(refusal)
        flash(say_refusal(refusal), "danger")
    else:
        text = ngettext(
            "Check-in is closed. %(num)s learner was set absent.",
            "Check-in is closed. %(num)s learners were set absent.",
            closed.absent,
        )
        flash(text, "success")
    return redirect(url_for(".board", session_id=session_id), 303)


@bp.post("/undo")
@requires("attendance.record")
def undo(session_id: str) -> ResponseReturnValue:
    """Take back what a mark says."""
    choice = forms.choice_from(request.form.get("undo", ""))
    reason = request.form.get("reason", "") or _("Undone on the board")
    return done(
        session_id,
        lambda: services.undo_mark(session_id, choice, reason=reason, actor=current_actor()),
        _("Undone."),
    )


@bp.post("/tap")
@requires("attendance.record")
def tap(session_id: str) -> ResponseReturnValue:
    """Mark one learner by a button of the board."""

    def act() -> str:
        status, choice = forms.tap_from(request.form.get("tap", ""))
        decision = services.Decision(status, _("Marked on the board"))
        marked = services.mark_by_hand(session_id, [choice], decision, actor=current_actor())
        if marked.conflicts:
            raise Refusal("mark.changed", name=marked.conflicts[0])
        return str(_("Marked."))

    return done(session_id, act)


def done(
    session_id: str, act: Callable[[], str | None], words: str = "", endpoint: str = ".board"
) -> ResponseReturnValue:
    """Do it and go back to the page, or tell the script; what is refused is said there, too."""
    if wants_json():
        return jsonify(message=act() or words)
    try:
        flash(act() or words, "success")
    except Refusal as refusal:
        _let_pass_404(refusal)
        flash(say_refusal(refusal), "danger")
    back = safe_next(request.form.get("next")) or url_for(endpoint, session_id=session_id)
    return redirect(back, 303)


def _live(found: queries.Board, at: datetime) -> dict[str, Any]:
    """What both the page and its poll show; a test, if there are tests in this house, is a page away."""
    test_way = way("sittings.test", session_id=found.facts.public_id)
    return {"board": found, "now": at, "shown": presenters.board_parts(found), "test_way": test_way}


def _let_pass_404(refusal: Refusal) -> None:
    """Foreign and forbidden things have pages of their own."""
    if refusal.status in {401, 403, 404}:
        raise refusal


def _closing_page(session_id: str, *, difference: int = 0, error: str = "") -> str:
    found = queries.get_board(current_actor(), session_id, now())
    typed = request.form.get("head_count", "")
    return render_template(
        "attendance/closing.html",
        board=found,
        shown=presenters.board_parts(found),
        difference=difference,
        typed=typed,
        notes=request.form.get("notes", found.register.notes if found.register else ""),
        error=error,
    )
