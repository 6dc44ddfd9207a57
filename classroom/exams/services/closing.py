"""Finish attempts: handed in, out of time, or ended with the sitting; by the clock too, when no browser is open."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.exams.models import Attempt, Kiosk, Sitting
from classroom.exams.queries.kiosks import KIOSK_LINGERS
from classroom.exams.queries.sitting_facts import hours_of
from classroom.exams.rules.terms import Terms
from classroom.exams.rules.timing import Hours, is_due
from classroom.exams.services.locking import SITTING_NOW, lock_attempts_by_id
from classroom.exams.services.marking import mark_attempt, mark_attempts
from classroom.exams.services.running import end_by_clock
from classroom.sessions.models import ClassSession

#: Attempts closed in one transaction, so that a phone that saves never waits long.
BATCH = 25


def finish(session: Session, attempt: Attempt, at: datetime, how: str) -> None:
    """Close a locked attempt that runs, and mark it."""
    _close(attempt, at, how)
    session.flush()
    mark_attempt(session, attempt)


def how_closed(deadline_at: datetime, hours: Hours) -> str:
    """Whether its own time was up, or the sitting's end had cut it."""
    return "ended" if hours.ended_at is not None and deadline_at >= hours.ended_at else "time"


def close_one(attempt_id: int, at: datetime) -> bool:
    """Close an attempt if it is due: whoever reads it need not wait for the job."""
    return _close_batch([attempt_id], at) == 1


def close_due(at: datetime | None = None) -> int:
    """Close every running attempt whose deadline and grace are over, at its deadline; returns how many.

    Sittings whose class day is over are ended first; devices of the room forget attempts that have ended. What cannot
    be closed does not keep the others open; its error is raised when all were tried.
    """
    at = at or now()
    problems: list[Exception] = []
    for sitting_id in _of_days_over(at):
        _try(problems, end_by_clock, sitting_id, at)
    closed = sum(_try(problems, _close_batch, batch, at) or 0 for batch in _batches(at))
    _try(problems, _forget, at)
    if problems:
        raise problems[0]
    return closed


def _try(problems: list[Exception], work: Any, *facts: Any) -> Any:
    try:
        return work(*facts)
    except Exception as error:
        problems.append(error)
        return None


def _of_days_over(at: datetime) -> Sequence[int]:
    return db.session.scalars(
        select(Sitting.id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .where(Sitting.ended_at.is_(None), Sitting.annulled_at.is_(None), ClassSession.ends_at <= at)
        .order_by(Sitting.id)
    ).all()


def _batches(at: datetime) -> Iterator[list[int]]:
    """The keys of attempts that seem due, sitting by sitting."""
    rows = db.session.execute(
        select(Attempt.id, Attempt.sitting_id, Attempt.deadline_at, Sitting.terms, *_HOURS)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(Attempt.state == "running", Attempt.deadline_at < at)
        .order_by(Attempt.id)
    ).all()
    db.session.rollback()
    by_sitting: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        if is_due(row.deadline_at, hours_of(Terms.from_json(row.terms), row), at):
            by_sitting[row.sitting_id].append(row.id)
    for keys in by_sitting.values():
        waiting = iter(keys)
        while batch := list(islice(waiting, BATCH)):
            yield batch


_HOURS = (Sitting.opened_at, Sitting.paused_at, Sitting.ended_at)


def _close_batch(keys: Sequence[int], at: datetime) -> int:
    """Attempts of one sitting; each is judged again once it is locked."""
    with transaction() as session:
        running = lock_attempts_by_id(session, keys, Attempt.state == "running")
        if not running:
            return 0
        sitting_id = running[0].sitting_id
        terms = session.execute(select(Sitting.terms).where(Sitting.id == sitting_id)).scalar_one()
        hours = hours_of(Terms.from_json(terms), SITTING_NOW.one(wanted=sitting_id))
        due = [attempt for attempt in running if is_due(attempt.deadline_at, hours, at)]
        for attempt in due:
            _close(attempt, attempt.deadline_at, how_closed(attempt.deadline_at, hours))
        session.flush()
        mark_attempts(session, due)
        return len(due)


def _close(attempt: Attempt, at: datetime, how: str) -> None:
    attempt.state, attempt.finished_at, attempt.finished_how = "finished", at, how


def _forget(at: datetime) -> int:
    over = select(Attempt.id).where(Attempt.finished_at < at - KIOSK_LINGERS)
    where = (Kiosk.left_at.is_(None), Kiosk.paired_at.is_not(None), Kiosk.attempt_id.in_(over))
    if db.session.scalar(select(Kiosk.id).where(*where).limit(1)) is None:
        return 0
    with transaction() as session:
        query = update(Kiosk).where(*where).values(left_at=at).returning(Kiosk.id)
        return len(session.execute(query.execution_options(synchronize_session=False)).all())
