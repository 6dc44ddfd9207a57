"""The trainer's side of a test: the way in from a class session, opening it, and the live board."""

import gzip
from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.attendance.presenters import half_day
from classroom.attendance.queries.screens import screens_of
from classroom.attendance.queries.session_facts import SessionFacts, get_session_facts
from classroom.attendance.rules import Phase
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.exams.presenters import boards
from classroom.exams.presenters.terms import terms_in_words
from classroom.exams.queries.by_pen import count_waiting
from classroom.exams.queries.class_sittings import sittings_of_session
from classroom.exams.queries.kiosks import kiosks_of
from classroom.exams.queries.offers import offers_for
from classroom.exams.queries.pulse import board_pulse
from classroom.exams.queries.reopening import why_not_reopened
from classroom.exams.queries.sittings import SittingFacts, board_rows, get_sitting
from classroom.exams.services.opening import open_sitting
from classroom.web.guards import current_actor, requires, safe_next, wants_json
from classroom.web.ways import way
from classroom.web.words import say, say_refusal

bp = Blueprint("sittings", __name__)
_WORTH_PACKING = 2000


@bp.get("/sessions/<session_id>/test")
@requires("exam.read")
def test(session_id: str) -> ResponseReturnValue:
    """To the board of the only test; several are listed; where there is none, one is opened here."""
    facts = get_session_facts(current_actor(), session_id)
    sittings = [line for line in sittings_of_session(facts.id) if line.state != "annulled"]
    if len(sittings) == 1 and not request.args.get("another"):
        return redirect(url_for(".board", sitting_id=sittings[0].public_id), 303)
    if sittings and not request.args.get("another"):
        return render_template("exam_staff/sittings.html", **_session(facts), sittings=sittings)
    return _opening_page(facts)


@bp.post("/sessions/<session_id>/test")
@requires("exam.run")
def open_test(session_id: str) -> ResponseReturnValue:
    """Open the chosen paper, as a retake if that was ticked."""
    actor, paper = current_actor(), request.form.get("paper", "")
    retake = paper in request.form.getlist("retake")
    try:
        sitting = open_sitting(session_id, paper, retake=retake, actor=actor)
    except Refusal as refusal:
        let_pass_404(refusal)
        return _opening_page(get_session_facts(actor, session_id), error=say_refusal(refusal)), refusal.status
    flash(_("The test is open."), "success")
    return redirect(url_for(".board", sitting_id=sitting), 303)


@bp.get("/sittings/<sitting_id>")
@requires("exam.read")
def board(sitting_id: str) -> ResponseReturnValue:
    """The whole page; its script then asks only whether anything is new."""
    at = now()
    return render_template("exam_staff/board.html", **_live(get_sitting(current_actor(), sitting_id), at))


@bp.get("/sittings/<sitting_id>/poll")
@requires("exam.read")
def board_poll(sitting_id: str) -> ResponseReturnValue:
    """The lists anew, or 204 while nothing is new."""
    at = now()
    sitting = get_sitting(current_actor(), sitting_id)
    if board_pulse(sitting, at) == request.args.get("v"):
        return "", 204
    shown = _live(sitting, at)
    html = render_template("exam_staff/_board.html", **shown)
    answer = make_response(jsonify(v=shown["pulse"], html=html))
    if request.accept_encodings.quality("gzip") and len(html) > _WORTH_PACKING:
        answer.set_data(gzip.compress(answer.get_data(), 5))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def done(
    sitting_id: str, act: Callable[[], str | None], words: str = "", endpoint: str = "sittings.board", **values: Any
) -> ResponseReturnValue:
    """Do it and go back to the page, or tell the script; what is refused is said there, too."""
    if wants_json():
        return jsonify(message=act() or words)
    try:
        flash(act() or words, "success")
    except Refusal as refusal:
        let_pass_404(refusal)
        flash(say_refusal(refusal), "danger")
    back = safe_next(request.form.get("next")) or url_for(endpoint, sitting_id=sitting_id, **values)
    return redirect(back, 303)


def let_pass_404(refusal: Refusal) -> None:
    """Foreign and forbidden things have pages of their own."""
    if refusal.status in {401, 403, 404}:
        raise refusal


def common(sitting: SittingFacts, at: datetime) -> dict[str, Any]:
    """What every page about a sitting is given."""
    return {
        "sitting": sitting,
        "now": at,
        "state": boards.state_of(sitting),
        **boards.labels(sitting),
        "minutes_left": boards.left_words,
        "why_barred": boards.why_barred,
        "how_finished": boards.how_finished,
        "score": boards.score,
        "way": way,
        "may_reopen": why_not_reopened(sitting, at) == "",
    }


def _live(sitting: SittingFacts, at: datetime) -> dict[str, Any]:
    """The pulse is felt first: what changes while the rows are read is then news to the next poll."""
    pulse = board_pulse(sitting, at)
    shown = boards.show_board(sitting, board_rows(sitting, at), at)
    phase = sitting.session.phase(at)
    return {
        **common(sitting, at),
        "pulse": pulse,
        "shown": shown,
        "kiosks": kiosks_of(sitting),
        "pen_waiting": count_waiting(sitting.id),
        "on_screen": sitting.session.showing == "test",
        "screens_off": phase is not Phase.OPEN,
        "screens": len(screens_of(sitting.session.id)),
    }


def _opening_page(facts: SessionFacts, error: str = "") -> str:
    at = now()
    offers = offers_for(facts)
    return render_template(
        "exam_staff/open.html",
        **_session(facts),
        offers=[(offer, terms_in_words(offer.terms, offer.plan.questions)) for offer in offers],
        usable=[offer.public_id for offer in offers if not offer.flaws],
        chosen=request.form.get("paper", ""),
        retakes=request.form.getlist("retake"),
        phase=facts.phase(at).value,
        say=say,
        error=error,
    )


def _session(facts: SessionFacts) -> dict[str, Any]:
    return {
        "facts": facts,
        "session_label": half_day(facts.day_number, facts.part),
        "half_day": half_day,
        "way": way,
    }
