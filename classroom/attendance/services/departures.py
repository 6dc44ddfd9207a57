"""State by hand when learners left, and take that or a scanned exit back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from classroom.attendance import rules
from classroom.attendance.rules import CAME, EventKind, Source, check_editable, derive_mark, exit_targets
from classroom.attendance.services.by_hand import MOST_AT_ONCE, Choice, Marked, Place, annul, places_of
from classroom.attendance.services.locking import LockedRegister
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.attendance.services.register import hold
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal


@dataclass(frozen=True, slots=True)
class Departure:
    """That learners left, now unless a time is stated."""

    reason: str
    left_at: datetime | None = None


def state_departure(session_public_id: str, choices: Sequence[Choice], departure: Departure, *, actor: Actor) -> Marked:
    """Write down that these learners left; a later exit that is known already gives way to what a person states.

    What is newer than the page is shown as a conflict and kept. Raises `mark.no_check_out`, `mark.not_here`,
    `mark.departure_impossible` and what marking by hand raises.
    """
    if not choices or len(choices) > MOST_AT_ONCE:
        raise Invalid("mark.choice")
    with transaction() as session:
        locked, at = hold(session, session_public_id, actor), now()
        _check(locked, departure.reason, actor)
        left_at = departure.left_at or at
        if left_at > at:
            raise Invalid("mark.departure_impossible")
        places = places_of(session, locked.facts, [choice.enrolment for choice in choices])
        seen = {choice.enrolment: choice.seen_event for choice in choices}
        fresh = [place for place in places.values() if place.event == seen[place.public_id]]
        for place in fresh:
            _leave(session, locked, place, left_at, departure.reason, actor)
        _log(locked, "mark.left", fresh, departure.reason, actor)
        stale = [place.name for place in places.values() if place not in fresh]
        return Marked(len(fresh), tuple(stale))


def undo_exit(session_public_id: str, choice: Choice, *, reason: str, actor: Actor) -> None:
    """Let a learner be in the room again: what was scanned or stated about going is taken back.

    Raises `mark.changed` when the mark no longer says what the page showed, `mark.nothing_to_undo`.
    """
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        _check(locked, reason, actor)
        place = places_of(session, locked.facts, [choice.enrolment])[choice.enrolment]
        if place.event != choice.seen_event:
            raise Refusal("mark.changed", name=place.name)
        targets = exit_targets(events_of(session, locked.facts.id, place.enrolment_id))
        if not targets:
            raise Refusal("mark.nothing_to_undo", name=place.name)
        annul(session, locked, place.enrolment_id, targets, reason=reason, actor=actor)
        _log(locked, "mark.exit_undone", [place], reason, actor)


def _check(locked: LockedRegister, reason: str, actor: Actor) -> None:
    if not locked.facts.check_out:
        raise Refusal("mark.no_check_out")
    may_override = actor.may("attendance.correct")
    check_editable(locked.facts.schedule, locked.state, may_override=may_override, reason=reason)


def _leave(
    session: Session, locked: LockedRegister, place: Place, left_at: datetime, reason: str, actor: Actor
) -> None:
    if place.status not in CAME:
        raise Refusal("mark.not_here", name=place.name)
    events = events_of(session, locked.facts.id, place.enrolment_id)
    later = [each for each in events if each.id in set(exit_targets(events)) and each.at > left_at]
    _check_order(locked, [each for each in events if each not in later], left_at)
    annul(session, locked, place.enrolment_id, [each.id for each in later], reason=reason, actor=actor)
    stated = EventFacts(EventKind.EXIT, left_at, Source.HAND, reason=reason.strip()[:300], staff_id=actor.staff_id)
    append_event(session, locked, place.enrolment_id, stated)


def _check_order(locked: LockedRegister, events: Sequence[rules.Event], left_at: datetime) -> None:
    """Nobody leaves before having come, nor while being known to have come again."""
    supposed = rules.Event(max((each.id for each in events), default=0) + 1, EventKind.EXIT, left_at, now())
    before = derive_mark(events, locked.facts.schedule, locked.facts.policy)
    mark = derive_mark([*events, supposed], locked.facts.schedule, locked.facts.policy)
    arrived_before = before is None or mark is None or mark.arrived_at == before.arrived_at
    if mark is None or mark.left_at != left_at or not arrived_before:
        raise Invalid("mark.departure_impossible")


def _log(locked: LockedRegister, action: str, places: Sequence[Place], reason: str, actor: Actor) -> None:
    if not places:
        return
    facts: dict[str, object] = {"enrolments": [place.public_id for place in places]}
    if locked.state.signed_off_at:
        facts["after_sign_off"] = True
    personal = {"reason": reason.strip()[:300]}
    record(action, "class_session", locked.facts.id, actor=actor, facts=facts, personal=personal)
