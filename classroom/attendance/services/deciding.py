"""What only the trainer can decide: whom an unidentified phone belongs to, and whether something odd is fine."""

from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import Binding, CheckinRequest, Event, Flag, Scan
from classroom.attendance.queries.board import get_flag, get_request
from classroom.attendance.queries.phones import find_other_learner
from classroom.attendance.rules import EventKind, Source, check_editable, living, undo_targets
from classroom.attendance.services.by_hand import Place, annul, places_of
from classroom.attendance.services.flagging import raise_flag
from classroom.attendance.services.identifying import bind
from classroom.attendance.services.locking import LockedRegister
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.attendance.services.register import hold
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.sessions.models import Enrolment


def match_request(session_public_id: str, request_public_id: str, enrolment: str, *, actor: Actor) -> None:
    """Say who stands there: the mark gets the time at which the phone scanned, and the phone is known from now on.

    Raises `request.decided` when somebody else decided otherwise.
    """
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        asked = get_request(locked.facts.id, request_public_id)
        place = places_of(session, locked.facts, [enrolment])[enrolment]
        if asked.decided_at is not None:
            if asked.enrolment_id == place.enrolment_id:
                return
            raise Refusal("request.decided")
        check_editable(
            locked.facts.schedule, locked.state, may_override=actor.may("attendance.correct"), reason="request"
        )
        at = now()
        scan_id = _write_scan(session, locked, asked, place, at)
        event = EventFacts(
            kind=EventKind.SCAN, at=asked.scanned_at, source=Source.REQUEST, scan_id=scan_id, staff_id=actor.staff_id
        )
        append_event(session, locked, place.enrolment_id, event)
        asked.decided_at, asked.decided_by = at, actor.staff_id
        asked.decision, asked.enrolment_id = "matched", place.enrolment_id
        facts = {"request": asked.public_id, "enrolment": place.public_id}
        record("request.matched", "class_session", locked.facts.id, actor=actor, facts=facts)


def dismiss_request(session_public_id: str, request_public_id: str, *, actor: Actor) -> None:
    """Put a request away without a mark."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        asked = get_request(locked.facts.id, request_public_id)
        if asked.decision == "matched":
            raise Refusal("request.decided")
        if asked.decided_at is None:
            asked.decided_at, asked.decided_by, asked.decision = now(), actor.staff_id, "dismissed"
            facts = {"request": asked.public_id}
            record("request.dismissed", "class_session", locked.facts.id, actor=actor, facts=facts)


def decide_flag(session_public_id: str, flag_public_id: str, *, fine: bool, reason: str, actor: Actor) -> None:
    """Say that something odd is fine, or take back the mark that came of it."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        flag = get_flag(locked.facts.id, flag_public_id)
        decision = "fine" if fine else "rejected"
        if flag.decided_at is not None:
            if flag.decision != decision:
                raise Refusal("flag.decided")
            return
        if not fine:
            check_editable(
                locked.facts.schedule, locked.state, may_override=actor.may("attendance.correct"), reason=reason
            )
            _reject(session, locked, flag, reason, actor)
        flag.decided_at, flag.decided_by, flag.decision = now(), actor.staff_id, decision
        facts = {"flag": flag.public_id, "kind": flag.kind, "decision": decision}
        record("flag.decided", "class_session", locked.facts.id, actor=actor, facts=facts)


def _reject(session: Session, locked: LockedRegister, flag: Flag, reason: str, actor: Actor) -> None:
    """Undo what this phone scanned for the learner and forget whom it claimed.

    For a contradiction, undo the decision by hand; for a missing signature, all scans: it speaks of no phone.
    """
    events = events_of(session, locked.facts.id, flag.enrolment_id)
    if flag.kind == "contradicted":
        by_hand = {each.id for each in events if each.kind in {EventKind.MANUAL, EventKind.CORRECTION}}
        targets = [event_id for event_id in undo_targets(events, locked.facts.policy) if event_id in by_hand]
    elif flag.kind == "not_signed":
        scanned = {each.id for each in events if each.kind not in {EventKind.MANUAL, EventKind.CORRECTION}}
        targets = [event_id for event_id in undo_targets(events, locked.facts.policy) if event_id in scanned]
    else:
        binding = select(Scan.binding_id).where(Scan.id == flag.scan_id).scalar_subquery()
        scans = select(Scan.id).where(
            Scan.class_session_id == flag.class_session_id,
            Scan.enrolment_id == flag.enrolment_id,
            or_(Scan.id == flag.scan_id, Scan.binding_id == binding),
        )
        of_phone = set(session.scalars(select(Event.id).where(Event.scan_id.in_(scans))))
        targets = [each.id for each in living(events) if each.id in of_phone]
        session.execute(update(Binding).where(Binding.id == binding).values(annulled_at=now()))
    annul(session, locked, flag.enrolment_id, targets, reason=reason, actor=actor)


def _write_scan(session: Session, locked: LockedRegister, asked: CheckinRequest, place: Place, at: datetime) -> int:
    learner_id = session.scalars(select(Enrolment.learner_id).where(Enrolment.id == place.enrolment_id)).one()
    binding_id = bind(session, asked.organisation_id, learner_id, asked.browser_hash, at)
    content = f"{asked.grant_nonce}\n{place.public_id}"
    scan_id: int = session.execute(
        insert(Scan).returning(Scan.id),
        {
            "organisation_id": asked.organisation_id,
            "class_session_id": asked.class_session_id,
            "source": Source.REQUEST.value,
            "uuid": asked.public_id,
            "content_hash": sha256(content.encode()).hexdigest(),
            "scanned_at": asked.scanned_at,
            "received_at": asked.created_at,
            "learner_id": learner_id,
            "enrolment_id": place.enrolment_id,
            "binding_id": binding_id,
            "outcome": "accepted",
            "refusal": "",
            "answer": {},
        },
    ).scalar_one()
    other = find_other_learner(asked.class_session_id, asked.browser_hash, learner_id)
    if other is not None:
        raise_flag(session, locked.facts, "second_learner", scan_id, place.enrolment_id, at, other)
    return scan_id
