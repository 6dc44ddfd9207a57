"""Who is known in this browser: those who checked in with it, and who was found for an hour."""

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, request

from classroom.attendance.queries.phones import learners_of_browser
from classroom.core.clock import now
from classroom.core.signing import BadSignature, Signer, token_hash
from classroom.portal import queries
from classroom.portal.rules import KNOWN_FOR
from classroom.web import cookies

_PHONE_COOKIE, _FOUND_COOKIE = "phone", "me"


def of_phone() -> Sequence[Any]:
    """Those who identified in this browser at a check-in."""
    token = request.cookies.get(cookies.guarded(_PHONE_COOKIE))
    return learners_of_browser(token_hash(token)) if token else []


def found_person() -> Any:
    """Who was found here within the last hour, if still living; nobody else's cookie opens."""
    sealed = request.cookies.get(cookies.guarded(_FOUND_COOKIE))
    if not sealed:
        return None
    try:
        value = _signer().open(sealed, now())
    except BadSignature:
        return None
    return queries.person(str(value.get("learner", "")))


def everybody() -> Sequence[Any]:
    """Both, each once."""
    people = list(of_phone())
    found = found_person()
    return [*people, found] if found and all(found.id != each.id for each in people) else people


def remember(response: Response, person: Any) -> None:
    """Know this learner in this browser for an hour, and no other one."""
    sealed = _signer().sign({"learner": person.public_id}, now() + KNOWN_FOR)
    cookies.keep(response, _FOUND_COOKIE, sealed, seconds=int(KNOWN_FOR.total_seconds()))


def forget(response: Response) -> None:
    """Know no longer who was found."""
    cookies.drop(response, _FOUND_COOKIE)


def _signer() -> Signer:
    return Signer(str(current_app.config["SECRET_KEY"]), "portal.me")
