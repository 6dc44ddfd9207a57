"""Who is behind a request, and the cookies that say so."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, g, make_response, redirect, request, session
from wtforms import Field, Form

from classroom.accounts import queries, services
from classroom.accounts.models import Staff
from classroom.accounts.rules import KNOWN_BROWSER, ON_TABLET, clean_username
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.core.signing import BadSignature, Signer, random_token, token_hash
from classroom.web import cookies
from classroom.web.words import say_refusal

bp = Blueprint("accounts", __name__)

SESSION_COOKIE = "classroom"
BROWSER_COOKIE = "browser"
_TOUCH_EVERY = timedelta(minutes=5)
#: What a page sends by itself must not keep a forgotten sign-in alive.
POLLS = frozenset({"attendance.board_poll", "jobs.state", "attendance.spots_poll", "tablet.items"})


def present_token() -> str:
    """The token of the sign-in in this browser, or ""."""
    return request.cookies.get(cookies.guarded(SESSION_COOKIE), "")


def load_actor() -> Actor | None:
    """The person behind the cookie, if the sign-in still lives."""
    token = present_token()
    if not token:
        return None
    at = now()
    found = queries.find_sign_in(token_hash(token), at)
    if found is None:
        return None
    staff = found.staff
    g.time_zone = staff.organisation.time_zone
    actor = queries.actor_of(staff, at, origin())
    g.current_staff = {
        "name": staff.name,
        "organisation_name": staff.organisation.name,
        "roles": [held.role for held in staff.roles],
    }
    if at - found.session.last_seen_at > _TOUCH_EVERY and request.endpoint not in POLLS:
        services.touch_session(found.session.id, at)
    return actor


def origin() -> str:
    """The network address that a request came from."""
    return (request.remote_addr or "")[:64]


def user_agent() -> str:
    """What the browser calls itself."""
    return request.user_agent.string


def let_in(token: str, staff: Staff, target: str) -> Response:
    """Go on as this person: new cookies, and nothing left of whoever used the browser before."""
    session.clear()
    response = make_response(redirect(target, 303))
    cookies.keep(response, SESSION_COOKIE, token, seconds=int(ON_TABLET.total_seconds()))
    known = _browser_signer().sign(
        {"account": _account_mark(staff.username), "browser": random_token()}, now() + KNOWN_BROWSER
    )
    cookies.keep(response, BROWSER_COOKIE, known, seconds=int(KNOWN_BROWSER.total_seconds()))
    return response


def known_browser(username: str) -> str:
    """The name of this browser, if this account has been let in from it before; otherwise ""."""
    try:
        said = _browser_signer().open(request.cookies.get(cookies.guarded(BROWSER_COOKIE), ""), now())
    except BadSignature:
        return ""
    return str(said["browser"]) if said["account"] == _account_mark(username) else ""


def _browser_signer() -> Signer:
    return Signer(current_app.config["SECRET_KEY"], "known browser")


def _account_mark(username: str) -> str:
    return token_hash(clean_username(username)).hex()[:24]


def blame(place: Form | Field, refusal: Refusal) -> None:
    """Show a refusal at the form or the field that it is about, so that nothing typed is lost."""
    if isinstance(place, Form):
        place.form_errors.append(say_refusal(refusal))
    else:
        place.errors = [*place.errors, say_refusal(refusal)]
