"""Open, close and sign off a register; each is safe to do twice."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import CheckinRequest, Mark, Register
from classroom.attendance.queries.register import register_lines, tally_of
from classroom.attendance.queries.session_facts import get_session_facts, session_facts_by_id
from classroom.attendance.rules import EventKind, Phase, Source, Status, day_end, must_close_itself, undo_targets
from classroom.attendance.services.locking import LockedRegister, fresh_register_secret, lock_register
from classroom.attendance.services.marking import EventFacts, append_event, events_of
from classroom.audit.services import record
from classroom.core.actor import Actor, system
from classroom.core.clock import local, now
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, Refusal
from classroom.inbox import services as inbox
from classroom.sessions.models import ClassSession

AUTO_CLOSED = "attendance.auto_closed"
MOST_HEADS = 2000
#: A day that ended longer ago than this is not looked at any more.
_LOOK_BACK = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing wrote: how many were set absent, how many came, and how many heads were counted."""

    absent: int
    heads: int
    head_count: int | None


def open_register(session_public_id: str, *, actor: Actor) -> None:
    """Open check-in now, before the clock would, on the day of the session."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        facts, at = locked.facts, now()
        stands = facts.phase(at)
        if stands is Phase.OPEN:
            return
        if stands is not Phase.NOT_YET:
            raise Refusal(f"register.{stands}")
        if (
            local(at, facts.schedule.time_zone).date()
            != local(facts.schedule.starts_at, facts.schedule.time_zone).date()
        ):
            raise Refusal("register.not_today", day=facts.held_on)
        _set(session, locked, opened_at=at, opened_by=actor.staff_id)
        record("register.opened", "class_session", facts.id, actor=actor)


def close_register(session_public_id: str, *, head_count: int | None, notes: str = "", actor: Actor) -> Closed:
    """End check-in: whoever is unmarked becomes absent, once. A scan that holds the register first wins.

    A register that is closed already takes a head count that it lacks, until sign-off; raises
    `register.counted_otherwise` where it holds another one.
    """
    if head_count is not None and not 0 <= head_count <= MOST_HEADS:
        raise Invalid("register.head_count", most=MOST_HEADS)
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        at = now()
        stands = locked.facts.phase(at)
        if stands in {Phase.NOT_YET, Phase.CANCELLED}:
            raise Refusal(f"register.{stands}")
        if locked.state.closed_at is not None:
            return _count_afterwards(session, locked, head_count, notes, actor)
        closed_at = min(at, day_end(locked.facts.schedule))
        _set(
            session,
            locked,
            closed_at=closed_at,
            closed_by=actor.staff_id,
            closed_how="trainer",
            head_count=head_count,
            notes=notes.strip()[:1000],
        )
        absent = _mark_absent(session, locked, closed_at, actor.staff_id)
        heads = tally_of(register_lines(locked.facts)).heads
        counts = {"absent": absent, "heads": heads, "head_count": head_count}
        record("register.closed", "class_session", locked.facts.id, actor=actor, facts=counts)
        return Closed(absent, heads, head_count)


def reopen_register(session_public_id: str, *, reason: str, actor: Actor) -> None:
    """Take a closing back on the same day: check-in goes on, the absences of the closing are undone."""
    if not reason.strip():
        raise Invalid("register.reason_missing")
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        at = now()
        if locked.state.signed_off_at:
            raise Refusal("register.signed_off")
        if locked.state.closed_at is None:
            return
        if at >= day_end(locked.facts.schedule):
            raise Refusal("register.day_over")
        undone = _undo_absences(session, locked, at, reason.strip()[:300], actor.staff_id)
        _set(session, locked, closed_at=None, closed_by=None, closed_how="", head_count=None)
        facts = {"absences_undone": undone}
        record(
            "register.reopened", "class_session", locked.facts.id, actor=actor, facts=facts, personal={"reason": reason}
        )


def sign_off(session_public_id: str, *, actor: Actor) -> None:
    """Lock the register: from now on only a coordinator corrects, with a reason. Everybody must have a mark."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        if locked.state.signed_off_at:
            return
        if locked.facts.schedule.cancelled or locked.state.closed_at is None:
            raise Refusal("register.not_closed")
        waiting = session.scalar(
            select(func.count(CheckinRequest.id)).where(
                CheckinRequest.class_session_id == locked.facts.id, CheckinRequest.decided_at.is_(None)
            )
        )
        if waiting:
            raise Refusal("register.requests_waiting", count=waiting)
        counts = tally_of(register_lines(locked.facts))
        if counts.unmarked:
            raise Refusal("register.unmarked", count=counts.unmarked)
        _set(session, locked, signed_off_at=now(), signed_off_by=actor.staff_id)
        facts = {"heads": counts.heads, "absent": counts.absent}
        record("register.signed_off", "class_session", locked.facts.id, actor=actor, facts=facts)


def renew_secret(session_public_id: str, *, actor: Actor) -> None:
    """Make all earlier codes worthless at once; a typed code that was switched off begins anew."""
    with transaction() as session:
        locked = hold(session, session_public_id, actor)
        secret = fresh_register_secret(session, locked.facts.held_on, locked.facts.id)
        _set(session, locked, secret=secret, typed_failures=0, typed_off_at=None)
        record("register.secret_renewed", "class_session", locked.facts.id, actor=actor)


def close_due(at: datetime | None = None) -> int:
    """Close every register that nobody closed on its day, marked so, and tell the inbox; returns how many.

    One that cannot be closed does not keep the others open; its error is raised when all were tried.
    """
    at = at or now()
    candidates = db.session.scalars(
        select(ClassSession.id)
        .outerjoin(Register, Register.class_session_id == ClassSession.id)
        .where(
            ClassSession.ends_at <= at,
            ClassSession.ends_at > at - _LOOK_BACK,
            ClassSession.cancelled_at.is_(None),
            or_(Register.id.is_(None), Register.closed_at.is_(None)),
        )
        .order_by(ClassSession.ends_at, ClassSession.id)
    ).all()
    closed, problem = 0, None
    for class_session_id in candidates:
        try:
            closed += _close_by_itself(class_session_id, at)
        except Exception as error:
            problem = problem or error
    if problem:
        raise problem
    return closed


def hold(session: Session, session_public_id: str, actor: Actor) -> LockedRegister:
    """The register, locked, of a session that the actor may record for; raises NotFound for any other."""
    actor.require("attendance.record")
    return lock_register(session, get_session_facts(actor, session_public_id))


def _close_by_itself(class_session_id: int, at: datetime) -> bool:
    with transaction() as session:
        facts = session_facts_by_id(class_session_id)
        if facts is None or not must_close_itself(facts.schedule, facts.state, at):
            return False
        locked = lock_register(session, facts)
        facts = locked.facts  # the half-day may have been moved or cancelled while this waited for the register
        if not must_close_itself(facts.schedule, locked.state, at):
            return False
        end = day_end(facts.schedule)
        _set(session, locked, closed_at=end, closed_how="auto")
        absent = _mark_absent(session, locked, end, None)
        counts = tally_of(register_lines(facts))
        actor = system(facts.organisation_id)
        record("register.closed_by_itself", "class_session", facts.id, actor=actor, facts={"absent": absent})
        if counts.roster:
            inbox.ask(
                AUTO_CLOSED,
                facts.public_id,
                organisation_id=facts.organisation_id,
                class_id=facts.class_id,
                facts={"session": facts.public_id, "came": counts.came, "absent": absent},
            )
        return True


def _count_afterwards(
    session: Session, locked: LockedRegister, head_count: int | None, notes: str, actor: Actor
) -> Closed:
    where = Register.class_session_id == locked.facts.id
    known, noted = session.execute(select(Register.head_count, Register.notes).where(where)).one()
    heads = tally_of(register_lines(locked.facts)).heads
    if head_count is None or head_count == known:
        return Closed(0, heads, known)
    if locked.state.signed_off_at:
        raise Refusal("register.signed_off")
    if known is not None:
        raise Refusal("register.counted_otherwise", count=known)
    _set(session, locked, head_count=head_count, notes=noted or notes.strip()[:1000])
    record("register.counted", "class_session", locked.facts.id, actor=actor, facts={"head_count": head_count})
    return Closed(0, heads, head_count)


def _mark_absent(session: Session, locked: LockedRegister, at: datetime, staff_id: int | None) -> int:
    missing = [line for line in register_lines(locked.facts) if line.missing]
    event = EventFacts(kind=EventKind.ABSENCE, at=at, source=Source.CLOSE, status=Status.ABSENT, staff_id=staff_id)
    for line in missing:
        append_event(session, locked, line.enrolment_id, event)
    return len(missing)


def _undo_absences(session: Session, locked: LockedRegister, at: datetime, reason: str, staff_id: int | None) -> int:
    places = session.scalars(
        select(Mark.enrolment_id).where(
            Mark.class_session_id == locked.facts.id, Mark.status == Status.ABSENT, Mark.source == Source.CLOSE
        )
    ).all()
    for enrolment_id in places:
        for event_id in undo_targets(events_of(session, locked.facts.id, enrolment_id), locked.facts.policy):
            undo = EventFacts(
                kind=EventKind.UNDO, at=at, source=Source.HAND, reason=reason, staff_id=staff_id, annuls_id=event_id
            )
            append_event(session, locked, enrolment_id, undo)
    return len(places)


def _set(session: Session, locked: LockedRegister, **values: Any) -> None:
    session.execute(update(Register).where(Register.class_session_id == locked.facts.id).values(**values))
