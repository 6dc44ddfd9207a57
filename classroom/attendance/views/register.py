"""The register of a class session as a list, and the decisions that need a page of their own."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.attendance import forms, presenters, queries, services
from classroom.attendance.views.board import bp as bp
from classroom.attendance.views.board import done
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.core.names import fold
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

#: What the register's list of statuses says for a departure; the status follows from the time.
LEFT = "left"


@bp.get("/register")
@requires("attendance.read")
def register(session_id: str) -> ResponseReturnValue:
    """Everybody with the mark and how it came about; chosen rows are marked together."""
    return _page(session_id)


@bp.post("/mark")
@requires("attendance.record")
def mark(session_id: str) -> ResponseReturnValue:
    """Mark the chosen rows; what somebody changed since the page was shown is left alone and named."""
    choices = [forms.choice_from(text) for text in request.form.getlist("chosen")]
    actor = current_actor()
    try:
        facts = queries.get_session_facts(actor, session_id)
        if request.form.get("status") == LEFT:
            departure = forms.departure_from(request.form, facts)
            marked = services.state_departure(session_id, choices, departure, actor=actor)
        else:
            decision = forms.decision_from(request.form, facts)
            marked = services.mark_by_hand(session_id, choices, decision, actor=actor)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(session_id, error=say_refusal(refusal)), refusal.status
    flash(ngettext("%(num)s learner marked.", "%(num)s learners marked.", marked.count), "success")
    if marked.conflicts:
        names = ", ".join(marked.conflicts)
        flash(_("Left as they are, because somebody has just changed them: %(names)s", names=names), "warning")
    return redirect(url_for(".register", session_id=session_id), 303)


@bp.get("/requests/<request_id>")
@requires("attendance.record")
def pick_request(session_id: str, request_id: str) -> ResponseReturnValue:
    """Everybody it could be, the likeliest first."""
    board = queries.get_board(current_actor(), session_id, now())
    asked = queries.get_request(board.facts.id, request_id)
    text = request.args.get("q", "")[:200]
    return render_template(
        "attendance/pick.html",
        board=board,
        shown=presenters.board_parts(board),
        asked=asked,
        lines=presenters.by_likeness(asked.name, board.lines),
        q=text,
        guests=queries.guests_to_find(board.facts, fold(text).split()) if text.strip() else None,
    )


@bp.post("/requests")
@requires("attendance.record")
def match_request(session_id: str) -> ResponseReturnValue:
    """Say who stands there, or put the request away."""

    def act() -> str:
        asked, _dot, enrolment = request.form.get("request", "").partition(".")
        if enrolment:
            services.match_request(session_id, asked, enrolment, actor=current_actor())
            return str(_("Marked. The phone now says so, too."))
        services.dismiss_request(session_id, asked, actor=current_actor())
        return str(_("Put away."))

    return done(session_id, act)


@bp.post("/flags")
@requires("attendance.record")
def decide_flag(session_id: str) -> ResponseReturnValue:
    """Say that something odd is fine, or take its mark back."""
    flag, _dot, decision = request.form.get("flag", "").partition(".")
    fine = decision != "rejected"

    def act() -> str:
        reason = _("Rejected on the board")
        services.decide_flag(session_id, flag, fine=fine, reason=reason, actor=current_actor())
        return str(_("Noted.") if fine else _("The mark was taken back."))

    return done(session_id, act)


@bp.get("/screen")
@requires("attendance.record")
def screens(session_id: str) -> ResponseReturnValue:
    """Pair a browser as the screen of the room, switch screens off, renew the codes."""
    return _screens_page(session_id)


@bp.post("/screen/pair")
@requires("attendance.record")
def pair_screen(session_id: str) -> ResponseReturnValue:
    """Give the screen that shows these digits to this session."""
    try:
        services.pair_screen(session_id, request.form.get("digits", ""), actor=current_actor())
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _screens_page(session_id, error=say_refusal(refusal)), refusal.status
    flash(_("The screen is connected. It shows the code as soon as check-in is open."), "success")
    return redirect(url_for(".board", session_id=session_id), 303)


@bp.post("/screen/revoke")
@requires("attendance.record")
def revoke_screen(session_id: str) -> ResponseReturnValue:
    """Switch a screen off."""
    return done(
        session_id,
        lambda: services.revoke_screen(session_id, request.form.get("screen", ""), actor=current_actor()),
        _("The screen is switched off."),
        ".screens",
    )


@bp.post("/screen/show")
@requires("attendance.record")
def show_on_screen(session_id: str) -> ResponseReturnValue:
    """Let the screens ask for coming in or for going out."""
    showing = request.form.get("showing", "")
    words = {
        "out": _("The screens now ask for check-out."),
        "test": _("The screens now show the way into the test."),
    }.get(showing, _("The screens now ask for check-in."))
    return done(session_id, lambda: services.show_on_screen(session_id, showing, actor=current_actor()), words)


@bp.post("/screen/renew")
@requires("attendance.record")
def renew_secret(session_id: str) -> ResponseReturnValue:
    """Make every code shown so far worthless."""
    return done(
        session_id,
        lambda: services.renew_secret(session_id, actor=current_actor()),
        _("New codes. All earlier ones are worthless."),
        ".screens",
    )


def _page(session_id: str, *, error: str = "") -> str:
    at = now()
    board = queries.get_board(current_actor(), session_id, at)
    text = request.args.get("q", "")[:200]
    return render_template(
        "attendance/register.html",
        board=board,
        now=at,
        spots=queries.spot_results(board.facts, board.lines),
        shown=presenters.board_parts(board),
        q=text,
        guests=queries.guests_to_find(board.facts, fold(text).split()) if text.strip() else None,
        error=error,
        form=request.form,
        chosen={text.partition(".")[0]: text for text in request.form.getlist("chosen")},
    )


def _screens_page(session_id: str, *, error: str = "") -> str:
    board = queries.get_board(current_actor(), session_id, now())
    return render_template("attendance/screens.html", board=board, shown=presenters.board_parts(board), error=error)
