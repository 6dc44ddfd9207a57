"""The doors for learners' phones: the code in the room, the poster, the typed code. Opening one writes nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from classroom.attendance.queries.phones import bound_people
from classroom.attendance.queries.session_facts import SessionFacts, find_session_facts, sessions_with_typed_code
from classroom.attendance.queries.spots import find_spot_at, has_spots, sessions_with_spot
from classroom.attendance.rules import (
    Grant,
    Purpose,
    RoomCode,
    Source,
    check_window,
    judge_room_code,
    parse_room_code,
)
from classroom.attendance.services.requests import find_typed, free_number
from classroom.attendance.services.scanning import record_refused_code
from classroom.attendance.views.phone import (
    grant_for,
    keep_browser,
    opened,
    page,
    phone_token,
    refused,
    sealed,
    signed,
)
from classroom.core import throttle
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.doors import door_for
from classroom.core.errors import Refusal
from classroom.core.signing import random_token, token_hash
from classroom.extensions import csrf
from classroom.web.guards import find_actor, public
from classroom.web.words import say_refusal

bp = Blueprint("checkin", __name__)
# The grant is these forms' proof: it is signed for one browser, which must send its cookie along.
csrf.exempt(bp)

_DAY = timedelta(days=1)
#: Refused attempts that are written down: of one browser, and of one session (or of no session) in an hour.
_KEPT_PER_BROWSER = 5
_KEPT_PER_SESSION = 500


@bp.after_request
def tell_nobody(response: Response) -> Response:
    """Codes stand in the addresses of these pages, so no other site may learn them."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/")
@public
def start() -> ResponseReturnValue:
    """Visitors type the code of their room; staff go to their day."""
    if find_actor() and "desk.today" in current_app.view_functions:
        return redirect(url_for("desk.today"))
    return page("checkin/typed.html")


@bp.get("/k")
@bp.get("/K")
@public
def typed() -> ResponseReturnValue:
    """The field for a typed code."""
    return page("checkin/typed.html")


@bp.post("/k")
@public
def type_code() -> ResponseReturnValue:
    """Find the session whose typed code this is."""
    at, text = now(), request.form.get("code", "")[:40]
    sessions = sessions_with_typed_code(at - _DAY, at + _DAY)
    try:
        facts, purpose = find_typed(text, sessions, at, sessions_with_spot({each.id for each in sessions}, at))
    except Refusal as no:
        return page("checkin/typed.html", status=no.status, typed=text, error=say_refusal(no), no_language=True)
    return _let_in(facts, Source.TYPED, at, purpose)


@bp.get("/a/<code>")
@bp.get("/A/<code>")
@public
def room_code(code: str) -> ResponseReturnValue:
    """Judge the code of the screen by the server's clock; a good one becomes a grant for this browser.

    Some messengers write the whole of a link in small letters; it reads the same.
    """
    return _open_door(code, Source.ROOM_CODE)


@bp.get("/f/<code>")
@bp.get("/F/<code>")
@public
def fixed_code(code: str) -> ResponseReturnValue:
    """The same for the code of a printed poster."""
    return _open_door(code, Source.FIXED)


@bp.post("/checkin/refused")
@public
def keep_refused() -> ResponseReturnValue:
    """Write down an attempt that was refused; a few for each browser, so that nobody fills the book."""
    note, token = opened("refused", request.form.get("note", "")), phone_token()
    if note is None or token is None or note["b"] != token_hash(token).hex():
        return "", 204
    facts = find_session_facts(note["s"])
    if _may_keep(facts, note["b"]):
        at = datetime.fromtimestamp(note["t"] / 1000, UTC)
        record_refused_code(facts, Source(note["k"]), note["n"], at, note["r"])
    return "", 204


def land(facts: SessionFacts, grant: Grant, *, other: bool = False) -> Response:
    """The page after a good code: send the mark, choose which of two, or say who one is."""
    known = None if other else bound_people(grant.browser_hash, facts.organisation_id, facts.course_id)
    if not known or not known.people:
        return ask_who(facts, grant)
    template = "checkin/send.html" if len(known.people) == 1 else "checkin/choose.html"
    return page(template, facts, people=known.people, grant=sealed(grant), purpose=grant.purpose.value)


def ask_who(facts: SessionFacts, grant: Grant, *, status: int = 200, **values: Any) -> Response:
    """The page with the one field; the number is what the trainer will read on the board."""
    values |= {"number": free_number(facts, grant), "grant": sealed(grant), "purpose": grant.purpose.value}
    return page("checkin/who.html", facts, status=status, **values)


def _open_door(text: str, source: Source) -> Response:
    at, code = now(), parse_room_code(text)
    if code is None or code.is_fixed != (source is Source.FIXED):
        return _turn_away("code.unreadable", None, source, at)
    facts = find_session_facts(code.session)
    if facts is None:
        return _turn_away("code.unknown", None, source, at)
    try:
        _judge(code, facts, at)
    except Refusal as no:
        return _turn_away(no.code, facts, source, at, no.details)
    return _let_in(facts, source, at, code.purpose)


def _judge(code: RoomCode, facts: SessionFacts, at: datetime) -> None:
    """Whether this code opens the session now; what it is not open for is told to holders of a true code only."""
    if facts.secret is None:
        raise Refusal("code.forged")
    verdict = judge_room_code(code, facts.secret, at, facts.code_period, _good_for(code, facts))
    if verdict.refusal in {"code.forged", "code.wrong_purpose"}:
        raise Refusal(verdict.refusal)
    if code.is_fixed and not facts.fixed_allowed:
        raise Refusal("code.fixed_off")
    if code.purpose is not Purpose.TEST:  # a test goes on after check-in has been closed
        check_window(at, facts.schedule, facts.policy, facts.state)
    if verdict.refusal:
        raise Refusal(verdict.refusal)
    if code.purpose is Purpose.TEST and (door := door_for(Purpose.TEST)):
        door.check(facts.id, at)
    if code.purpose is Purpose.SPOT and not find_spot_at(facts.id, at):
        raise Refusal("spot.over")


def _good_for(code: RoomCode, facts: SessionFacts) -> Purpose:
    """What a code may be for here: its own purpose, where that is of any use in this session."""
    if code.purpose is Purpose.OUT and facts.check_out:
        return Purpose.OUT
    if code.purpose is Purpose.SPOT and has_spots(facts.id):
        return Purpose.SPOT
    if code.purpose is Purpose.TEST and facts.showing == Purpose.TEST:
        return Purpose.TEST
    return Purpose.IN


def _let_in(facts: SessionFacts, source: Source, at: datetime, purpose: Purpose) -> Response:
    stranger = phone_token() is None
    grant, token = grant_for(facts, source, at, purpose)
    return keep_browser(land(facts, grant, other=stranger), token)


def _turn_away(code: str, facts: SessionFacts | None, source: Source, at: datetime, details: Any = None) -> Response:
    token = phone_token() or random_token()
    note = {
        "n": random_token(),
        "s": facts.public_id if facts else "",
        "r": code,
        "k": source.value,
        "t": round(at.timestamp() * 1000),
        "b": token_hash(token).hex(),
    }
    return keep_browser(refused(code, facts, details, note=signed("refused", note)), token)


def _may_keep(facts: SessionFacts | None, browser: str) -> bool:
    try:
        kept = throttle.hit("checkin.refused", browser[:40], timedelta(hours=1))
        whole = throttle.hit("checkin.refused", f"session:{facts.id if facts else 0}", timedelta(hours=1))
    except SQLAlchemyError:
        db.session.rollback()
        return True
    return kept <= _KEPT_PER_BROWSER and whole <= _KEPT_PER_SESSION
