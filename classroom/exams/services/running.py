"""Pause, resume, end, reopen and annul a sitting; each is safe to do twice."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classroom.attendance.models import Register
from classroom.attendance.queries.session_facts import session_facts_by_id
from classroom.attendance.rules import Purpose, day_end
from classroom.attendance.services.locking import bump
from classroom.audit.services import record
from classroom.core.actor import Actor, system
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt, Sitting
from classroom.exams.queries.reopening import why_not_reopened
from classroom.exams.queries.sitting_facts import get_sitting
from classroom.exams.rules.timing import resumed
from classroom.exams.services.locking import hold_sitting, lock_attempts, lock_sitting
from classroom.exams.services.marking import tell_gone
from classroom.sessions.services.refusing import check_reason


def pause(sitting_id: str, *, actor: Actor) -> None:
    """Let all running attempts stand still. What learners answer meanwhile is kept and counts."""
    with transaction() as session:
        sitting = hold_sitting(session, sitting_id, actor)
        check_open(sitting)
        if sitting.paused_at is None:
            sitting.paused_at = now()
            record("sitting.paused", "sitting", sitting.id, actor=actor)


def resume(sitting_id: str, *, actor: Actor) -> None:
    """Let them go on, each deadline later by as long as the pause lasted."""
    with transaction() as session:
        sitting = hold_sitting(session, sitting_id, actor)
        check_open(sitting)
        if sitting.paused_at is not None:
            at = now()
            seconds = int((at - sitting.paused_at).total_seconds())
            _let_go_on(session, sitting, at)
            record("sitting.resumed", "sitting", sitting.id, actor=actor, facts={"seconds": seconds})


def end(sitting_id: str, *, actor: Actor) -> None:
    """End it for everybody: nobody begins any more, and whoever still writes has the grace for what is on its way."""
    with transaction() as session:
        hold_screens(sitting_id, actor)
        sitting = hold_sitting(session, sitting_id, actor)
        check_not_annulled(sitting)
        if sitting.ended_at is None:
            cut = _end(session, sitting, now(), actor.staff_id)
            record("sitting.ended", "sitting", sitting.id, actor=actor, facts={"running": cut})


def end_by_clock(sitting_id: int, at: datetime) -> bool:
    """End it if the day of its class session is over."""
    with transaction() as session:
        class_session_id = session.execute(
            select(Sitting.class_session_id).where(Sitting.id == sitting_id)
        ).scalar_one()
        bump(class_session_id)
        sitting = lock_sitting(session, sitting_id)
        facts = session_facts_by_id(class_session_id)
        if sitting.ended_at is not None or sitting.annulled_at is not None or facts is None:
            return False
        over = day_end(facts.schedule)
        if at < over:
            return False
        cut = _end(session, sitting, max(over, sitting.opened_at), None)
        actor = system(sitting.organisation_id)
        record("sitting.ended_by_itself", "sitting", sitting.id, actor=actor, facts={"running": cut})
        return True


def reopen(sitting_id: str, reason: str, *, actor: Actor) -> None:
    """Take an ending back on the same day. Attempts that it closed stay closed until they are given more time."""
    why = check_reason(reason)
    with transaction() as session:
        sitting = hold_sitting(session, sitting_id, actor)
        check_not_annulled(sitting)
        if sitting.ended_at is None:
            return
        why_not = why_not_reopened(get_sitting(actor, sitting_id), now())
        if why_not:
            raise Refusal(why_not)
        sitting.ended_at = sitting.ended_by = None
        record("sitting.reopened", "sitting", sitting.id, actor=actor, personal={"reason": why})


def annul_sitting(sitting_id: str, reason: str, *, actor: Actor) -> None:
    """Say that it should never have been: nothing in it counts, and who still writes is stopped."""
    why = check_reason(reason)
    with transaction() as session:
        hold_screens(sitting_id, actor)
        sitting = hold_sitting(session, sitting_id, actor, "exam.mark")
        if sitting.annulled_at is not None:
            return
        at = now()
        living = lock_attempts(session, Attempt.sitting_id == sitting.id, Attempt.state != "annulled")
        running = [attempt for attempt in living if attempt.state == "running"]
        for attempt in running:
            attempt.state, attempt.finished_at, attempt.annul_reason = "annulled", at, why
        sitting.annulled_at, sitting.annul_reason, sitting.paused_at = at, why, None
        session.flush()
        show_entry(session, sitting)
        for attempt in living:
            tell_gone(attempt, sitting.paper_id, attempt.outcome)
        facts = {"running": len(running)}
        record("sitting.annulled", "sitting", sitting.id, actor=actor, facts=facts, personal={"reason": why})


def check_open(sitting: Sitting) -> None:
    """Whether it goes on; raises `sitting.annulled`, `sitting.ended`."""
    check_not_annulled(sitting)
    if sitting.ended_at is not None:
        raise Refusal("sitting.ended", ended_at=sitting.ended_at)


def check_not_annulled(sitting: Sitting) -> None:
    """Raises `sitting.annulled`."""
    if sitting.annulled_at is not None:
        raise Refusal("sitting.annulled")


def hold_screens(sitting_id: str, actor: Actor) -> None:
    """Hold the register, whose screens will show something else: always before the sitting."""
    bump(get_sitting(actor, sitting_id).session.id)


def show_entry(session: Session, sitting: Sitting) -> None:
    """The room's screens ask for coming in again, unless another test goes on in the session."""
    other = select(Sitting.id).where(
        Sitting.class_session_id == sitting.class_session_id,
        Sitting.id != sitting.id,
        Sitting.ended_at.is_(None),
        Sitting.annulled_at.is_(None),
    )
    if session.scalar(other.limit(1)) is None:
        session.execute(
            update(Register)
            .where(Register.class_session_id == sitting.class_session_id, Register.showing == Purpose.TEST)
            .values(showing=Purpose.IN)
        )


def _end(session: Session, sitting: Sitting, at: datetime, staff_id: int | None) -> int:
    if sitting.paused_at is not None:
        _let_go_on(session, sitting, max(at, sitting.paused_at))
    running = lock_attempts(session, Attempt.sitting_id == sitting.id, Attempt.state == "running")
    cut = 0
    for attempt in running:
        cut += attempt.deadline_at > at
        attempt.deadline_at = min(attempt.deadline_at, at)
    sitting.ended_at, sitting.ended_by = at, staff_id
    session.flush()
    show_entry(session, sitting)
    return cut


def _let_go_on(session: Session, sitting: Sitting, at: datetime) -> None:
    assert sitting.paused_at is not None
    for attempt in lock_attempts(session, Attempt.sitting_id == sitting.id, Attempt.state == "running"):
        attempt.deadline_at = resumed(attempt.deadline_at, sitting.paused_at, at)
    sitting.paused_at = None
    session.flush()
