"""Use cases that cross rooms: change several places at once, settle what the inbox asks."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from classroom.attendance.models import Register, Scan
from classroom.attendance.queries.session_facts import SessionFacts, session_facts_by_id
from classroom.attendance.queries.tablets import person_by_place
from classroom.attendance.rules import EventKind, Source, opens_at
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.attendance.services.scanning import choose_place
from classroom.attendance.services.tablets import Given, release_walk_in, tie
from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.errors import NotFound, Refusal
from classroom.inbox import services as inbox
from classroom.inbox.models import InboxItem
from classroom.inbox.rules import Facts
from classroom.sessions import services as sessions
from classroom.sessions.models import ClassSession, Enrolment


@signals.class_sessions_begun.connect
def sessions_with_attendance(organisation_id: int, at: datetime) -> set[int]:
    """Sessions whose register was opened, or in which somebody has checked in."""
    scanned = exists().where(Scan.class_session_id == ClassSession.id, Scan.outcome == "accepted")
    opened = or_(Register.opened_at.is_not(None), Register.closed_at.is_not(None), scanned)
    return set(
        db.session.scalars(
            select(ClassSession.id)
            .join(Register, Register.class_session_id == ClassSession.id)
            .where(ClassSession.organisation_id == organisation_id, ClassSession.ends_at > at, opened)
        )
    )


def withdraw_together(enrolment_ids: Sequence[str], reason: str, *, actor: Actor) -> None:
    """Take several learners out of a class: all, or none when one of them cannot leave."""
    with transaction():
        for one in enrolment_ids:
            sessions.withdraw(one, reason, actor=actor)


def move_together(enrolment_ids: Sequence[str], to_class_id: str, reason: str, *, actor: Actor) -> None:
    """Move several learners to another class of the course: all, or none when it has no seat for one of them."""
    with transaction():
        for one in enrolment_ids:
            sessions.move_enrolment(one, to_class_id, reason, actor=actor)


def decide_question(item_id: str, decision: str, *, actor: Actor) -> InboxItem:
    """Decide what the inbox asks, and write down who did."""
    with transaction():
        _hold_class_of(item_id, actor)
        decided = inbox.decide(item_id, decision, actor=actor)
        _log_question("inbox.decided", decided, actor)
        return decided.item


def take_back_decision(item_id: str, *, actor: Actor) -> InboxItem:
    """Ask again what one has just decided."""
    with transaction():
        _hold_class_of(item_id, actor)
        decided = inbox.take_back(item_id, actor=actor)
        _log_question("inbox.taken_back", decided, actor)
        return decided.item


def release_late_scan(facts: Facts, actor: Actor) -> Facts:
    """Let a scan that came after sign-off count: the mark takes the time of the scan, late or not."""
    with transaction() as session:
        scan = _scan(session, facts, actor)
        locked = lock_register(session, _facts_of(scan))
        appended = append_event(session, locked, _place(scan, {}), _released(scan, scan.scanned_at, actor))
        _log("mark.released", scan, actor, {})
        return {"event_id": appended.event_id}


def release_quarantined(facts: Facts, actor: Actor) -> Facts:
    """Let a scan count that had to wait: its time is brought into the session, from opening to end.

    Somebody who walked in, and whom nobody has taken in yet, is taken in now. A blank badge that was scanned for the
    learner is given to them; where that cannot be, the scan counts all the same.
    """
    with transaction() as session:
        scan, given, done = _scan(session, facts, actor), Given(), dict[str, Any]()
        if scan.enrolment_id is None:
            taken, given = release_walk_in(scan, _facts_of(scan), actor=actor)
            done = {name: getattr(taken, name) for name in ("enrolment_id", "enrolment", "learner", "new", "made")}
        elif badge := facts.get("badge"):
            seat = session.get_one(Enrolment, _place(scan, {}))
            given = tie(str(badge), seat.learner_id, actor=actor)
        done |= _told(given)
        locked = lock_register(session, _facts_of(scan))
        schedule = locked.facts.schedule
        first = opens_at(schedule, locked.facts.policy, locked.state)
        at = min(max(scan.scanned_at, first), schedule.ends_at)
        appended = append_event(session, locked, _place(scan, done), _released(scan, at, actor))
        _log("mark.released", scan, actor, done)
        return {**done, "event_id": appended.event_id}


def unrelease_late_scan(facts: Facts, done: Facts, actor: Actor) -> None:
    """Take a release back, unless something else has been written about this place since."""
    with transaction() as session:
        scan = _scan(session, facts, actor)
        place, locked = _place(scan, done), lock_register(session, _facts_of(scan))
        written = events_of(session, locked.facts.id, place)
        if not written or written[-1].id != done.get("event_id"):
            raise Refusal("inbox.something_followed")
        event = EventFacts(
            EventKind.UNDO, scan.scanned_at, Source.HAND, staff_id=actor.staff_id, annuls_id=written[-1].id
        )
        append_event(session, locked, place, event)
        _log("mark.release_undone", scan, actor, done)
        if done.get("badge"):
            sessions.untie_badge(str(done["badge"]), actor=actor)
        if done.get("made"):
            remove_walk_in(done, actor)
            inbox.withdraw(sessions.WALK_IN, str(done["enrolment"]), organisation_id=actor.organisation_id)


def _told(given: Given) -> dict[str, str]:
    """What became of a badge, as ids and codes: whose names these are is looked up when it is said."""
    trouble = given.trouble.code if given.trouble else ""
    told = {"badge": given.badge, "trouble": trouble, "holder": given.holder}
    return {name: value for name, value in told.items() if value}


def _hold_class_of(item_id: str, actor: Actor) -> None:
    """Hold the class before the question: whoever changes a roster holds it when questions are withdrawn."""
    about = select(InboxItem.class_id).where(
        InboxItem.organisation_id == actor.organisation_id,
        InboxItem.public_id == item_id,
        InboxItem.class_id.is_not(None),
    )
    sessions.hold_rosters(key for key in db.session.scalars(about) if key is not None)


def _released(scan: Scan, at: datetime, actor: Actor) -> EventFacts:
    kind = EventKind.EXIT if scan.direction == "out" else EventKind.LATE_RELEASE
    return EventFacts(kind, at, Source(scan.source), staff_id=actor.staff_id, scan_id=scan.id)


def _place(scan: Scan, done: Facts) -> int:
    """Whose mark a scan bears on: known when it was scanned, or since somebody was taken in; after a merge the kept
    learner's.
    """
    place = scan.enrolment_id or done.get("enrolment_id")
    if place is None:
        raise NotFound
    seat = db.session.get_one(Enrolment, int(place))
    if seat.learner.merged_into_id is None:
        return seat.id
    facts = _facts_of(scan)
    person = person_by_place(facts.organisation_id, facts.course_id, seat.public_id)
    kept = choose_place(facts, person)[0] if person else None
    return kept.enrolment_id if kept else seat.id


def note_dossier(action: str, subject: tuple[str, int], about: str, kind: str, *, actor: Actor) -> None:
    """Write down that somebody looked at a dossier, or took it along as a PDF or a package."""
    record(action, *subject, actor=actor, facts={"about": about, "kind": kind})


def accept_walk_in(facts: Facts, actor: Actor) -> Facts:
    """Let the place of somebody who walked in be one like all others."""
    sessions.accept_walk_in(str(facts["enrolment"]), actor=actor)
    return {}


def unaccept_walk_in(facts: Facts, _done: Facts, actor: Actor) -> None:
    """Ask again."""
    sessions.reopen_walk_in(str(facts["enrolment"]), annulled=False, actor=actor)


def remove_walk_in(facts: Facts, actor: Actor) -> Facts:
    """Take the place of somebody who walked in back."""
    made = str(facts["learner"]) if facts.get("new") else ""
    gone = sessions.remove_walk_in(str(facts["enrolment"]), made=made, actor=actor)
    return {"annulled": gone}


def unremove_walk_in(facts: Facts, done: Facts, actor: Actor) -> None:
    """Give the place back, and ask again."""
    sessions.reopen_walk_in(str(facts["enrolment"]), annulled=bool(done.get("annulled")), actor=actor)


def _scan(session: Session, facts: Facts, actor: Actor) -> Scan:
    found = session.scalar(
        select(Scan).where(Scan.id == facts.get("scan_id"), Scan.organisation_id == actor.organisation_id)
    )
    if found is None or found.class_session_id is None:
        raise NotFound
    return found


def _facts_of(scan: Scan) -> SessionFacts:
    facts = session_facts_by_id(scan.class_session_id or 0)
    if facts is None:
        raise NotFound
    return facts


def _log_question(action: str, decided: inbox.Decided, actor: Actor) -> None:
    if decided.changed:
        facts = {"kind": decided.item.kind, "decision": decided.decision}
        record(action, "inbox_item", decided.item.id, actor=actor, facts=facts)


def _log(action: str, scan: Scan, actor: Actor, done: Facts) -> None:
    place = _place(scan, done)
    facts = {"scan_id": scan.id, "class_session_id": scan.class_session_id, "enrolment_id": place}
    record(action, "enrolment", place, actor=actor, facts=facts)


def note_contact_list(programme_id: int, count: int, *, actor: Actor) -> None:
    """Write down that a list of people to call was taken out, with whole telephone numbers."""
    actor.require("learner.manage")
    with transaction():
        record("programme.contacts_exported", "programme", programme_id, actor=actor, facts={"count": count})
