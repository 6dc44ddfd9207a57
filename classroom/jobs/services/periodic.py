"""Claim what is due, run it, and say when it is due again.

A claim is a row updated under a condition, so of several workers one gets it; a lease that ran out (a worker that
was killed) may be taken over. Tasks must be safe to run again.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.periodic import Periodic, tasks
from classroom.jobs.models import PeriodicTask

log = structlog.get_logger()
LEASE = timedelta(minutes=5)
SIGN_OF_LIFE = "jobs.alive"
#: The same of the thread that runs jobs.
JOBS_SIGN_OF_LIFE = "jobs.running"


def run_due(at: datetime | None = None) -> list[str]:
    """Run every task that is due, one after the other; the names of those that ran."""
    moment = at or now()
    _ensure_rows(moment)
    ran = [task.name for task in tasks() if _claim(task, moment) and _run(task)]
    note_life(SIGN_OF_LIFE, moment)
    return ran


def note_life(sign: str, at: datetime | None = None) -> None:
    """Leave a sign of life."""
    moment = at or now()
    _ensure_rows(moment)
    with transaction() as session:
        session.execute(update(PeriodicTask).where(PeriodicTask.name == sign).values(last_finished_at=moment))


def last_sign_of_life() -> datetime | None:
    """When a worker last looked for tasks."""
    return _last_sign(SIGN_OF_LIFE)


def last_sign_of_jobs() -> datetime | None:
    """When a worker last looked for jobs, or kept one alive."""
    return _last_sign(JOBS_SIGN_OF_LIFE)


def _last_sign(name: str) -> datetime | None:
    return db.session.scalar(select(PeriodicTask.last_finished_at).where(PeriodicTask.name == name))


def _ensure_rows(at: datetime) -> None:
    known = set(db.session.scalars(select(PeriodicTask.name)))
    missing = {task.name for task in tasks()} | {SIGN_OF_LIFE, JOBS_SIGN_OF_LIFE}
    if missing <= known:
        return
    with transaction() as session:
        insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
        session.execute(
            insert(PeriodicTask).on_conflict_do_nothing(),
            [{"name": name, "due_at": at, "last_error": ""} for name in sorted(missing)],
        )


def _claim(task: Periodic, at: datetime) -> bool:
    with transaction() as session:
        claimed = session.execute(
            update(PeriodicTask)
            .where(
                PeriodicTask.name == task.name,
                PeriodicTask.due_at <= at,
                or_(PeriodicTask.leased_until.is_(None), PeriodicTask.leased_until < at),
            )
            .values(leased_until=at + LEASE, last_started_at=at)
            .returning(PeriodicTask.name)
        ).first()
        return claimed is not None


def _run(task: Periodic) -> bool:
    problem = ""
    try:
        task.run()
    except Exception as error:  # one broken task must not stop the others
        log.error("periodic task failed", task=task.name, exc_info=error)
        problem = f"{type(error).__name__}: {error}"[:500]
    with transaction() as session:
        session.execute(
            update(PeriodicTask)
            .where(PeriodicTask.name == task.name)
            .values(due_at=now() + task.every, leased_until=None, last_finished_at=now(), last_error=problem)
        )
    return not problem
