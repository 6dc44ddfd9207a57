"""Read what only papers need."""

from classroom.attendance.queries.session_facts import get_session_facts
from classroom.core.actor import Actor
from classroom.core.errors import NotFound


def poster_secret(actor: Actor, session_public_id: str) -> bytes:
    """The secret behind the fixed code of a session; raises NotFound for a class that has no fixed code."""
    facts = get_session_facts(actor, session_public_id)
    if not facts.fixed_allowed or facts.secret is None:
        raise NotFound
    return facts.secret
