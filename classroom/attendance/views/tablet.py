"""What a tablet asks the server: to be let in, what to know, and to keep what it brings. All of it is JSON."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, current_app, g, jsonify, make_response, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from classroom.accounts import queries as accounts
from classroom.accounts import services as accounts_services
from classroom.accounts.models import Organisation, Tablet
from classroom.accounts.rules import TABLET_COOKIE, TABLET_COOKIE_NAME
from classroom.attendance.presenters import tablets as presenters
from classroom.attendance.queries import tablets as queries
from classroom.attendance.rules import MOST_ITEMS, offset
from classroom.attendance.services import tablets as services
from classroom.attendance.services.tablets import Batch
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.signing import token_hash
from classroom.extensions import csrf
from classroom.web import cookies
from classroom.web.guards import find_actor, public
from classroom.web.words import say_refusal

bp = Blueprint("tablet", __name__, url_prefix="/tablet")
# A header that no form can send, and a cookie that comes only with our own pages, stand for the token.
csrf.exempt(bp)

COOKIE = TABLET_COOKIE_NAME
_AHEAD = timedelta(days=14)
_BACK = timedelta(days=1)
_MOST_CLASSES = 60
_LONGEST = 40
View = TypeVar("View", bound=Callable[..., Any])


class NotLetIn(Refusal):
    """No tablet of ours, or no member of its staff."""

    status = 401


def told(view: View) -> View:
    """Answer refusals as JSON, whatever the browser says it accepts; a post must come from our own script."""

    @wraps(view)
    def answer(*given: Any, **named: Any) -> Any:
        try:
            if request.method == "POST" and (request.headers.get("X-Tablet") != "1" or not request.is_json):
                raise Forbidden
            return view(*given, **named)
        except Refusal as refusal:
            return jsonify(error=refusal.code, message=say_refusal(refusal)), refusal.status

    return answer  # type: ignore[return-value]


@bp.post("/enrol")
@public
@told
def enrol() -> ResponseReturnValue:
    """Use a one-time code up; the cookie makes this browser the tablet."""
    token, tablet = accounts_services.enrol_tablet(
        _text(_sent().get("code")), user_agent=request.user_agent.string, origin=_origin()
    )
    organisation = accounts.get_organisation(tablet.organisation_id)
    named = {"id": tablet.public_id, "name": tablet.name}
    answer = make_response(jsonify(tablet=named, organisation=organisation.name))
    _keep(answer, token)
    return answer


@bp.get("/state")
@public
@told
def state() -> ResponseReturnValue:
    """Who is in, what is on in the next days, and what time it is here."""
    tablet, organisation, token = _tablet()
    named = {"id": tablet.public_id, "name": tablet.name}
    accounts_services.note_contact(tablet, _whole(request.args.get("queue", "")), _whole(request.args.get("ahead", "")))
    actor = _staff(organisation)
    at = now()
    found = queries.sessions_for(actor, at - _BACK, at + _AHEAD) if actor else []
    staff = accounts.get_staff_by_id(actor.organisation_id, actor.staff_id or 0) if actor else None
    answer = make_response(
        jsonify(
            tablet=named,
            organisation=organisation.name,
            time_zone=organisation.time_zone,
            csrf=generate_csrf() if staff else "",
            signed_in={"id": staff.public_id, "name": staff.name} if staff else None,
            sessions=[presenters.session(one, at) for one in found],
            now=presenters.milliseconds(now()),
        )
    )
    _keep(answer, token)
    return answer


@bp.post("/rosters")
@public
@told
def rosters() -> ResponseReturnValue:
    """The lists of classes that whoever is signed in may see."""
    tablet, organisation, _token = _tablet()
    actor = _signed_in(organisation)
    wanted = _sent().get("classes")
    if not isinstance(wanted, list) or not 0 < len(wanted) <= _MOST_CLASSES:
        raise Invalid("item.malformed", part="classes")
    handed = services.hand_out(tablet, [_text(one) for one in wanted], key=_key(), actor=actor)
    return jsonify(classes=[presenters.roster(one) for one in handed])


@bp.post("/hashes")
@public
@told
def hashes() -> ResponseReturnValue:
    """Some more of the stretched ID numbers of a class; asked for until all are there."""
    _tablet_row, organisation, _token = _tablet()
    actor = _signed_in(organisation)
    done, of, made = services.stretch_numbers(_text(_sent().get("class")), key=_key(), actor=actor)
    return jsonify(done=done, of=of, hashes={place: presenters.base64_text(value) for place, value in made.items()})


@bp.post("/items")
@public
@told
def items() -> ResponseReturnValue:
    """Keep what the tablet has scanned. Its cookie is enough: whoever signed out leaves nothing unsent behind."""
    tablet, organisation, _token = _tablet(revoked=True)
    sent, at = _sent(), now()
    brought, sent_at, ahead = sent.get("items"), sent.get("sent_at"), sent.get("ahead_ms")
    if not isinstance(brought, list) or len(brought) > MOST_ITEMS:
        raise Invalid("item.malformed", part="items")
    if not isinstance(sent_at, int) or isinstance(sent_at, bool):
        raise Invalid("item.malformed", part="sent_at")
    measured = offset(sent_at - presenters.milliseconds(at) if ahead is None else ahead)
    actor = _staff(organisation)
    batch = Batch(brought, measured, actor.staff_id if actor else None)
    answers = services.receive_items(tablet, organisation, batch, origin=_origin())
    return jsonify(now=presenters.milliseconds(at), answers=[presenters.answer(one) for one in answers])


def _tablet(*, revoked: bool = False) -> tuple[Tablet, Organisation, str]:
    token = request.cookies.get(cookies.guarded(COOKIE), "")
    found = accounts.find_tablet(token_hash(token)) if token else None
    if found is None:
        raise NotLetIn("tablet.unknown")
    tablet, organisation = found
    if tablet.revoked_at is not None and not revoked:
        raise Forbidden("tablet.revoked")
    g.time_zone = organisation.time_zone
    return tablet, organisation, token


def _staff(organisation: Organisation) -> Actor | None:
    actor = find_actor()
    if actor is None or actor.organisation_id != organisation.id or not actor.may("attendance.record"):
        return None
    return actor


def _signed_in(organisation: Organisation) -> Actor:
    actor = _staff(organisation)
    if actor is None:
        raise NotLetIn("account.sign_in_needed")
    return actor


def _sent() -> dict[str, Any]:
    try:
        sent = request.get_json(silent=True)
    except RecursionError:  # thousands of brackets, one in another
        sent = None
    if not isinstance(sent, dict):
        raise Invalid("item.malformed", part="body")
    return sent


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST or "\0" in value:
        raise NotFound
    return value


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 14 else None


def _keep(response: Any, token: str) -> None:
    cookies.keep(response, COOKIE, token, seconds=int(TABLET_COOKIE.total_seconds()), strict=True)


def _origin() -> str:
    return (request.remote_addr or "")[:64]


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
