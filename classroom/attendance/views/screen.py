"""The screen of a room: anybody's browser becomes one, knows nothing until it is paired, and then no person."""

from datetime import UTC, datetime

from flask import Blueprint, current_app, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue

from classroom.attendance import presenters, queries, services
from classroom.attendance.models import Screen
from classroom.attendance.rules import Purpose
from classroom.core.clock import now
from classroom.core.signing import token_hash
from classroom.web.guards import public

bp = Blueprint("screen", __name__, url_prefix="/screen")
_LATEST = 32_503_680_000_000  # the year 3000, in milliseconds


def cookie_name() -> str:
    """The browser guards a `__Host-` cookie against other hosts; it needs HTTPS."""
    return "__Host-screen" if request.is_secure else "screen"


@bp.get("")
@public
def show() -> ResponseReturnValue:
    """The empty screen; its script asks for digits and, once paired, for codes."""
    return render_template("screen/show.html")


@bp.post("/pairing")
@public
def pairing() -> ResponseReturnValue:
    """Six digits for a browser that is no screen yet; one that is stays what it is."""
    known = _this_screen()
    if known and known.paired_at and not known.revoked_at and not request.args.get("again"):
        return jsonify(state="paired")
    token, screen = services.ask_pairing(request.remote_addr or "")
    answer = make_response(jsonify(_waiting(screen)))
    answer.set_cookie(
        cookie_name(), token, max_age=86_400, httponly=True, samesite="Strict", secure=request.is_secure, path="/"
    )
    return answer


@bp.get("/feed")
@public
def feed() -> ResponseReturnValue:
    """What this screen shows; its token is the proof. 401 sends it to ask for digits, 204 says: nothing new."""
    screen = _this_screen()
    if screen is None:
        return jsonify(state="unknown"), 401
    if screen.revoked_at:
        return jsonify(state="revoked")
    if screen.paired_at is None:
        return jsonify(_waiting(screen)) if screen.pairing_until > now() else (jsonify(state="unknown"), 401)
    paired = queries.session_facts_by_id(screen.class_session_id or 0)
    if paired is None:
        return jsonify(state="revoked")
    g.time_zone = paired.schedule.time_zone
    at, until = now(), _instant(request.args.get("until", ""))
    purpose, check = queries.shown_at(paired, at)
    asked = presenters.Asked(purpose, check.public_id, check.ends_at) if check else presenters.Asked(purpose)
    state = f"{paired.version}.{paired.phase(at)}.{asked.name}"
    counts = None
    if purpose is Purpose.TEST:  # who begins a test leaves no trace in the register
        counts = queries.screen_counts(paired, purpose, check)
        state += f".{counts[0]}"
    if request.args.get("v") == state and presenters.supply_is_enough(paired, at, until):
        return "", 204
    counts = counts or queries.screen_counts(paired, purpose, check)
    key = request.args.get("key", "")
    answer = presenters.screen_feed(paired, asked, counts, at, base_url(), key=key, until=until)
    return jsonify({**answer, "v": state})


def base_url() -> str:
    """The address that phones open: as the operator set it, or as this screen was opened."""
    return str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))


def _this_screen() -> Screen | None:
    token = request.cookies.get(cookie_name())
    return queries.find_screen(token_hash(token)) if token else None


def _waiting(screen: Screen) -> dict[str, object]:
    return {"state": "pairing", "digits": screen.pairing_code}


def _instant(milliseconds: str) -> datetime | None:
    if not milliseconds.isascii() or not milliseconds.isdigit() or int(milliseconds) > _LATEST:
        return None
    return datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
