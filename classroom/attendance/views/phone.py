"""What all pages on learners' phones share: the browser's cookie, the grant in the form, the look of an answer."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, g, make_response, render_template, request
from flask_babel import lazy_gettext as _l

from classroom.attendance import rules
from classroom.attendance.queries.session_facts import SessionFacts, find_session_facts
from classroom.attendance.rules import Grant, Purpose, Source
from classroom.core import actor as actors
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.core.signing import BadSignature, Signer, random_token, token_hash
from classroom.web import cookies
from classroom.web.words import say
from classroom.web.words.attendance import REFUSED_TITLES

PHONE_COOKIE = "phone"
#: As long as browsers keep a cookie.
_COOKIE_SECONDS = 400 * 86_400
_NOTE_LIFE = timedelta(minutes=10)

#: Status and tone of what cannot be done; the words are those of the refusal.
_REFUSED: dict[str, tuple[int, str]] = {
    "code.unreadable": (404, "attention"),
    "code.unknown": (404, "attention"),
    "code.forged": (404, "attention"),
    "code.fixed_off": (410, "attention"),
    "code.expired": (410, "attention"),
    "code.future": (409, "attention"),
    "code.wrong_purpose": (409, "attention"),
    "scan.cancelled": (410, "attention"),
    "scan.no_check_out": (409, "attention"),
    "spot.first_check_in": (409, "attention"),
    "spot.over": (410, "attention"),
    "scan.too_early": (409, "info"),
    "scan.too_late": (410, "attention"),
    "scan.not_enrolled": (409, "attention"),
    "scan.withdrawn": (409, "attention"),
    "grant.expired": (410, "attention"),
    "grant.invalid": (400, "attention"),
    "grant.other_browser": (409, "attention"),
    "grant.no_cookie": (409, "attention"),
    "request.too_many": (429, "attention"),
    "request.signed_off": (410, "attention"),
}


def phone_token() -> str | None:
    """The random value that this browser has kept, if it keeps cookies."""
    return request.cookies.get(cookies.guarded(PHONE_COOKIE)) or None


def browser_hash() -> bytes | None:
    """What is stored of this browser."""
    token = phone_token()
    return token_hash(token) if token else None


def learner_actor(facts: SessionFacts) -> Actor:
    """The phone that acts: it holds no permission."""
    return actors.learner(facts.organisation_id, (request.remote_addr or "")[:64])


def grant_for(facts: SessionFacts, source: Source, at: datetime, purpose: Purpose) -> tuple[Grant, str]:
    """A fresh grant for this browser, and the token that its cookie must hold."""
    token = phone_token() or random_token()
    return rules.new_grant(facts.public_id, purpose, source, at, token), token


def grant_from_form() -> tuple[Grant, SessionFacts]:
    """The grant that the page sends back, with the session it is for; raises Refusal `grant.*`."""
    token = phone_token()
    if token is None:
        raise Refusal("grant.no_cookie")
    grant = rules.open_grant(request.form.get("grant", ""), _key(), now(), token)
    facts = find_session_facts(grant.session)
    if facts is None:
        raise Refusal("grant.invalid")
    return grant, facts


def sealed(grant: Grant) -> str:
    """The grant as it stands in a form."""
    return rules.seal_grant(grant, _key())


def signed(purpose: str, value: Mapping[str, Any], until: datetime | None = None) -> str:
    """A small value that only we can have written, for a hidden field."""
    return Signer(_key(), f"checkin.{purpose}").sign(value, until or now() + _NOTE_LIFE)


def opened(purpose: str, text: str) -> dict[str, Any] | None:
    """The value behind `signed`, or None."""
    try:
        return Signer(_key(), f"checkin.{purpose}").open(text, now())
    except BadSignature:
        return None


def page(template: str, facts: SessionFacts | None = None, *, status: int = 200, **values: Any) -> Response:
    """A page on the phone, in the time zone and under the name of the session's organisation."""
    if facts is not None:
        g.time_zone = facts.schedule.time_zone
        values |= {"facts": facts, "organisation_name": facts.organisation}
    values.setdefault("purpose", Purpose.IN.value)
    return make_response(render_template(template, **values), status)


def keep_browser(response: Response, token: str) -> Response:
    """Let the browser keep the value by which it is known again."""
    cookies.keep(response, PHONE_COOKIE, token, seconds=_COOKIE_SECONDS)
    return response


def refused(
    code: str, facts: SessionFacts | None = None, details: Mapping[str, Any] | None = None, **values: Any
) -> Response:
    """A page that says kindly why not, and what to do."""
    if facts is not None:
        g.time_zone = facts.schedule.time_zone
    status, tone = _REFUSED.get(code, (409, "attention"))
    title = REFUSED_TITLES.get(code, _l("This did not work"))
    words = {"result": tone, "refused_title": title, "message": say(code, details), "code": code}
    return page("checkin/refused.html", facts, status=status, **words, **values)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
