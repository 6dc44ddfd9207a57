"""Mark by hand, one or many, and take marks back; a page that is out of date overwrites nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from classroom.attendance.models import Event, Mark
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.attendance.rules import (
    BY_HAND,
    CAME,
    EventKind,
    Source,
    Status,
    check_editable,
    opens_at,
    undo_targets,
)
from classroom.attendance.services.locking import LockedRegister
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.attendance.services.register import hold
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.learners.models import Learner
from classroom.sessions.models import Enrolment

MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to be marked, and the deciding event that the page showed; empty where it showed none."""

    enrolment: str
    seen_event: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decides; `arrived_at` belongs to those who came, and is now unless stated."""

    status: Status
    reason: str
    arrived_at: datetime | None = None
    source: Source = Source.HAND


@dataclass(frozen=True, slots=True)
class Place:
    """Where a decision would go: the enrolment, and what its mark says now."""

    enrolment_id: int
    public_id: str
    name: str
    guest: bool
    status: str
    event: str


@dataclass(frozen=True, slots=True)
class Marked:
    """How many were marked, and the names of those that somebody had changed in the meantime: left as they are."""

    count: int
    conflicts: tuple[str, ...] = ()


def mark_by_hand(session_public_id: str, choices: Sequence[Choice], decision: Decision, *, actor: Actor) -> Marked:
    """Decide for all these places at once. What is newer than the page is shown as a conflict and kept.

    Raises `mark.reason_missing`, `register.signed_off`, `mark.arrival_impossible`, NotFound for foreign places.
    """
    if decision.status not in BY_HAND or not choices or len(choices) > MOST_AT_ONCE:
        raise Invalid("mark.choice")
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        check_editable(
            locked.facts.schedule, locked.state, may_override=actor.may("attendance.correct"), reason=decision.reason
        )
        event = _event(locked, decision, now(), actor)
        places = places_of(session, locked.facts, [choice.enrolment for choice in choices])
        if decision.status not in CAME and any(place.guest for place in places.values()):
            raise Invalid("mark.guest_came")
        seen = {choice.enrolment: choice.seen_event for choice in choices}
        stale = [place for place in places.values() if place.event != seen[place.public_id]]
        fresh = [place for place in places.values() if place not in stale]
        for place in fresh:
            append_event(session, locked, place.enrolment_id, event)
        _log(locked, "mark.set", fresh, actor, decision)
        conflicts = (place.name for place in stale if place.status != decision.status)
        return Marked(len(fresh), tuple(conflicts))


def undo_mark(session_public_id: str, choice: Choice, *, reason: str, actor: Actor) -> None:
    """Take back what the mark now says: a decision, or all scans that count, or an absence.

    Raises `mark.changed` when it no longer says what the page showed, `mark.nothing_to_undo`.
    """
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        check_editable(locked.facts.schedule, locked.state, may_override=actor.may("attendance.correct"), reason=reason)
        place = places_of(session, locked.facts, [choice.enrolment])[choice.enrolment]
        if place.event != choice.seen_event:
            raise Refusal("mark.changed", name=place.name)
        targets = undo_targets(events_of(session, locked.facts.id, place.enrolment_id), locked.facts.policy)
        if not targets:
            raise Refusal("mark.nothing_to_undo", name=place.name)
        annul(session, locked, place.enrolment_id, targets, reason=reason, actor=actor)
        _log(locked, "mark.undone", [place], actor)


def annul(
    session: Session, locked: LockedRegister, enrolment_id: int, event_ids: Sequence[int], *, reason: str, actor: Actor
) -> None:
    """Append one undo for each of these events."""
    at = now()
    for event_id in event_ids:
        undo = EventFacts(
            kind=EventKind.UNDO,
            at=at,
            source=Source.HAND,
            reason=reason.strip()[:300],
            staff_id=actor.staff_id,
            annuls_id=event_id,
        )
        append_event(session, locked, enrolment_id, undo)


def places_of(session: Session, facts: SessionFacts, enrolments: Sequence[str]) -> dict[str, Place]:
    """The roster's places and guests with these ids, in the order asked for; raises NotFound if one is neither."""
    rows = session.execute(
        select(Enrolment.id, Enrolment.public_id, Learner.name, Enrolment.class_id, Mark.status, Event.public_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .outerjoin(Mark, (Mark.enrolment_id == Enrolment.id) & (Mark.class_session_id == facts.id))
        .outerjoin(Event, Event.id == Mark.event_id)
        .where(
            Enrolment.public_id.in_(set(enrolments)),
            Enrolment.organisation_id == facts.organisation_id,
            Enrolment.course_id == facts.course_id,
            or_(
                Enrolment.ended_at.is_(None),
                Mark.id.is_not(None),
                (Enrolment.class_id == facts.class_id) & (Enrolment.ended_at > facts.schedule.starts_at),
            ),
        )
    )
    found = {
        row[1]: Place(row[0], row[1], row[2], row[3] != facts.class_id, row[4] or "", row[5] or "") for row in rows
    }
    if found.keys() != set(enrolments):
        raise NotFound("mark.place_unknown")
    return {public_id: found[public_id] for public_id in enrolments}


def _event(locked: LockedRegister, decision: Decision, at: datetime, actor: Actor) -> EventFacts:
    facts, arrived_at = locked.facts, decision.arrived_at
    if decision.status in CAME:
        earliest = opens_at(facts.schedule, facts.policy, locked.state)
        if at < earliest:
            raise Refusal("register.not_yet")
        if arrived_at is not None and not earliest <= arrived_at <= min(at, facts.schedule.ends_at):
            raise Invalid("mark.arrival_impossible")
    return EventFacts(
        kind=EventKind.CORRECTION if locked.state.signed_off_at else EventKind.MANUAL,
        at=arrived_at if arrived_at and decision.status in CAME else at,
        source=decision.source,
        status=decision.status,
        reason=decision.reason.strip()[:300],
        staff_id=actor.staff_id,
    )


def _log(
    locked: LockedRegister, action: str, places: Sequence[Place], actor: Actor, decision: Decision | None = None
) -> None:
    if not places:
        return
    facts: dict[str, object] = {"enrolments": [place.public_id for place in places]}
    if decision:
        facts["status"] = decision.status.value
    if locked.state.signed_off_at:
        facts["after_sign_off"] = True
    personal = {"reason": decision.reason.strip()[:300]} if decision else None
    record(action, "class_session", locked.facts.id, actor=actor, facts=facts, personal=personal)
