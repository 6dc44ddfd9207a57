"""Pages of accounts: sign-in, one's own account, staff and organisations."""

from datetime import timedelta

from flask import Blueprint, g, request

from classroom.accounts import queries, services
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.signing import token_hash

bp = Blueprint("accounts", __name__)

_TOUCH_EVERY = timedelta(minutes=5)
#: Polls must not keep a forgotten sign-in alive.
POLLS = frozenset({"attendance.board_poll"})


def cookie_name() -> str:
    """The browser guards a `__Host-` cookie against other hosts; it needs HTTPS."""
    return "__Host-classroom" if request.is_secure else "classroom"


def load_actor() -> Actor | None:
    """The person behind the cookie, if the sign-in still lives."""
    token = request.cookies.get(cookie_name())
    if not token:
        return None
    at = now()
    found = queries.find_sign_in(token_hash(token), at)
    if found is None:
        return None
    if at - found.session.last_seen_at > _TOUCH_EVERY and request.endpoint not in POLLS:
        services.touch_session(found.session.id, at)
        found = queries.find_sign_in(token_hash(token), at) or found
    g.time_zone = found.staff.organisation.time_zone
    g.current_staff = {
        "name": found.staff.name,
        "organisation_name": found.staff.organisation.name,
        "roles": [held.role for held in found.staff.roles],
    }
    return queries.actor_of(found.staff, at, request.remote_addr or "")
