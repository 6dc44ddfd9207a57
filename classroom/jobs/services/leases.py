"""Who holds which job: claim one, renew its lease, end it. Every step is one row changed under a condition."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import structlog
from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.signing import random_token
from classroom.core.work import task_names
from classroom.jobs.models import Job
from classroom.jobs.rules import BROKEN, LEASE, MOST_ATTEMPTS, State

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claim:
    """A job with the lease under which this runner holds it."""

    id: int
    lease: str
    task: str
    subject_id: int
    organisation_id: int | None
    created_by: int | None
    arguments: dict[str, Any]
    attempts: int


def claim() -> Claim | None:
    """The job that has waited longest, now ours; one whose worker was killed too often is given up instead."""
    while True:
        found = db.session.scalar(select(Job.id).where(_free(now())).limit(1))
        db.session.rollback()
        if found is None:
            return None
        with transaction() as session:
            job = session.scalar(
                select(Job)
                .where(_free(now()))
                .order_by(Job.not_before, Job.id)
                .limit(1)
                .with_for_update(skip_locked=True)
            )
            if job is None:
                return None
            if job.attempts < MOST_ATTEMPTS:
                return _take(session, job)
            log.error("job given up: its worker died each time", job=job.id, task=job.task)
            job.state, job.finished_at, job.lease, job.leased_until = State.FAILED, now(), None, None
            job.error_code, job.error_details = BROKEN, {"problem": "killed"}


def renew(claim: Claim, **told: object) -> bool:
    """Keep the job for another lease, and write what was told; False when it is no longer ours."""
    return _change(claim, {"leased_until": now() + LEASE, **told})


def end(claim: Claim, state: State, **values: object) -> bool:
    """Let go of the job; False when it was no longer ours."""
    over = None if state is State.QUEUED else now()
    return _change(claim, {"state": state, "lease": None, "leased_until": None, "finished_at": over, **values})


def _free(at: datetime) -> ColumnElement[bool]:
    return and_(
        Job.task.in_(task_names()),
        or_(
            and_(Job.state == State.QUEUED, Job.not_before <= at),
            and_(Job.state == State.RUNNING, Job.leased_until < at),
        ),
    )


def _take(session: Session, job: Job) -> Claim:
    at = now()
    job.state, job.lease, job.leased_until = State.RUNNING, random_token(), at + LEASE
    job.attempts, job.started_at = job.attempts + 1, at
    session.flush()
    return Claim(
        job.id,
        job.lease,
        job.task,
        job.subject_id,
        job.organisation_id,
        job.created_by,
        dict(job.arguments),
        job.attempts,
    )


def _change(claim: Claim, values: dict[str, object]) -> bool:
    with transaction() as session:
        changed = session.execute(
            update(Job)
            .where(Job.id == claim.id, Job.lease == claim.lease, Job.state == State.RUNNING)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
        return cast("CursorResult[Any]", changed).rowcount == 1
