"""A device of the room that shows one attempt and then forgets it. Nobody signs in on it."""

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.core.signing import token_hash
from classroom.exams.queries.kiosks import KioskFacts, find_kiosk
from classroom.exams.services.kiosks import ask_pairing, forget_kiosk, leave_kiosk
from classroom.exams.views.devices import KIOSK_COOKIE, kiosk_token, page
from classroom.web import cookies
from classroom.web.guards import public
from classroom.web.words import say_refusal

bp = Blueprint("kiosk", __name__, url_prefix="/kiosk")
_DAY = 86_400
_REFRESH_SECONDS = "4"
_EVERYTHING = '"cache", "storage"'


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """The way to six digits; the digits; the attempt; and after it a device that knows nothing any more."""
    known = _known()
    if known is not None and known.state in {"running", "finished"}:
        return redirect(url_for("attempt.show", attempt_id=known.attempt), 303)
    if known is None or known.state != "waiting" or known.pairing_until <= now():
        return _nothing_here(taken="taken" in request.args)
    answer = page("exam/digits.html", digits=known.pairing_code)
    answer.headers["Refresh"] = _REFRESH_SECONDS
    return answer


@bp.post("/start")
@public
def start() -> ResponseReturnValue:
    """Six digits for the trainer. Whatever an attempt before left in this browser goes."""
    known = _known()
    if known is not None and known.state == "running":
        return redirect(url_for(".show"), 303)
    token, _kiosk = ask_pairing(request.remote_addr or "")
    answer = _forgetting()
    cookies.keep(answer, KIOSK_COOKIE, token, seconds=_DAY, strict=True)
    return answer


@bp.post("/done")
@public
def done() -> ResponseReturnValue:
    """The attempt has ended: forget it."""
    token = kiosk_token()
    if token is None or not forget_kiosk(token_hash(token)):
        return redirect(url_for(".show"), 303)
    answer = _forgetting()
    cookies.drop(answer, KIOSK_COOKIE)
    return answer


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
    answer = _forgetting()
    cookies.drop(answer, KIOSK_COOKIE)
    return answer


def _nothing_here(*, taken: bool) -> Response:
    """A device without a test; where one was taken back, what became of it, and nothing stays behind."""
    answer = page("exam/room_device.html", taken=taken)
    if taken:
        answer.headers["Clear-Site-Data"] = _EVERYTHING
    return answer


def _known() -> KioskFacts | None:
    token = kiosk_token()
    return find_kiosk(token_hash(token)) if token else None


def _forgetting() -> Response:
    answer = make_response(redirect(url_for(".show"), 303))
    answer.headers["Clear-Site-Data"] = _EVERYTHING
    return answer
