"""Somebody who is on no list stands in the room: taken in and marked in one step."""

from classroom.attendance.queries.session_facts import get_session_facts
from classroom.attendance.rules import EventKind, Source, Status, check_editable, is_late, opens_at
from classroom.attendance.services.deciding import match_request
from classroom.attendance.services.locking import LockedRegister
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.attendance.services.register import hold
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.learners.rules import LearnerFacts
from classroom.sessions import services as sessions
from classroom.sessions.services import TakenIn


def take_in_walk_in(
    session_public_id: str, facts: LearnerFacts, *, reason: str, request: str = "", actor: Actor
) -> TakenIn:
    """Take somebody in and mark them as here now, or as of the scan of the phone whose request this settles.

    Raises what marking by hand raises, `register.not_yet`, `request.decided` and `class.cancelled`.
    """
    with transaction() as session:
        actor.require("attendance.record")
        sessions.hold_rosters([get_session_facts(actor, session_public_id).class_id])
        locked = hold(session, session_public_id, actor)
        check_editable(locked.facts.schedule, locked.state, may_override=actor.may("attendance.correct"), reason=reason)
        if now() < opens_at(locked.facts.schedule, locked.facts.policy, locked.state):
            raise Refusal("register.not_yet")
        taken = sessions.take_in(locked.facts.class_id, facts, actor=actor)
        if request:
            match_request(session_public_id, request, taken.enrolment, actor=actor)
        else:
            append_event(session, locked, taken.enrolment_id, _seen_now(locked, reason, actor))
        return taken


def _seen_now(locked: LockedRegister, reason: str, actor: Actor) -> EventFacts:
    at, facts = now(), locked.facts
    late = is_late(at, facts.schedule, facts.policy) and at < facts.schedule.ends_at
    return EventFacts(
        kind=EventKind.CORRECTION if locked.state.signed_off_at else EventKind.MANUAL,
        at=at,
        source=Source.HAND,
        status=Status.LATE if late else Status.PRESENT,
        reason=reason.strip()[:300],
        staff_id=actor.staff_id,
    )
