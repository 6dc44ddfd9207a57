"""A device of the room that shows one attempt and then forgets it. Nobody signs in on it."""

from flask import Blueprint, Response, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from classroom.core.errors import Refusal
from classroom.core.signing import token_hash
from classroom.exams.queries.kiosks import KioskFacts, find_kiosk
from classroom.exams.services.kiosks import ask_pairing, leave_kiosk
from classroom.exams.views.devices import KIOSK_COOKIE, kiosk_token, page
from classroom.extensions import csrf
from classroom.web import cookies
from classroom.web.guards import public
from classroom.web.words import say_refusal

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")
csrf.exempt(bp)  # its cookie is strict: only our own pages send it
_DAY = 86_400
_REFRESH_SECONDS = "4"


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """Six digits for the trainer; then the attempt; and after it a device that knows nothing any more."""
    token = kiosk_token()
    known = find_kiosk(token_hash(token)) if token else None
    if known is not None and known.state == "running":
        return redirect(url_for("attempt.show", attempt_id=known.attempt), 303)
    if known is not None and known.state == "waiting":
        return _digits(known)
    token, kiosk = ask_pairing(request.remote_addr or "")
    fresh = find_kiosk(token_hash(token))
    answer = _digits(fresh or KioskFacts(kiosk.public_id, "waiting", kiosk.pairing_code, kiosk.pairing_until))
    cookies.keep(answer, KIOSK_COOKIE, token, seconds=_DAY, strict=True)
    # Whatever the attempt before left in this browser goes.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@bp.get("/state")
@public
def state() -> ResponseReturnValue:
    """Whether the trainer has given this device an attempt."""
    token = kiosk_token()
    known = find_kiosk(token_hash(token)) if token else None
    return jsonify(state=known.state if known else "left")


@bp.get("/leave")
@public
def leaving() -> ResponseReturnValue:
    """The question for the trainer's PIN."""
    return page("exam/leave.html")


@bp.post("/leave")
@public
def leave() -> ResponseReturnValue:
    """Forget the attempt on this device; it goes on elsewhere, by a hand-over."""
    token = kiosk_token()
    if token is None:
        return redirect(url_for(".show"), 303)
    try:
        leave_kiosk(token_hash(token), request.form.get("pin", ""))
    except Refusal as no:
        return page("exam/leave.html", status=no.status, error=say_refusal(no))
    answer = make_response(redirect(url_for(".show"), 303))
    cookies.drop(answer, KIOSK_COOKIE)
    return answer


def _digits(known: KioskFacts) -> Response:
    answer = page("exam/digits.html", digits=known.pairing_code)
    answer.headers["Refresh"] = _REFRESH_SECONDS
    return answer
