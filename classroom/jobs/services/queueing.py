"""Ask for a job in the transaction of the business it belongs to; cancel it; ask for it again."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import NotFound, Refusal
from classroom.core.work import find_task
from classroom.jobs.models import Job
from classroom.jobs.rules import LIVING, State


def enqueue(
    task: str, subject_id: int, *, actor: Actor, arguments: Mapping[str, Any] | None = None, key: str = ""
) -> Job:
    """The job, waiting for a worker once the caller's transaction is committed.

    With a `key` there is one living job for it in the organisation: a second call returns that one as it is. Raises
    LookupError for a task that no room offers.
    """
    if find_task(task) is None:
        raise LookupError(f"no room offers the task {task!r}")
    at = now()
    row = {
        "organisation_id": actor.organisation_id or None,
        "task": task,
        "subject_id": subject_id,
        "key": key,
        "arguments": dict(arguments or {}),
        "not_before": at,
        "created_at": at,
        "created_by": actor.staff_id if actor.kind == "staff" else None,
    }
    with transaction() as session:
        while True:  # the living one may end between our two looks
            if (job := _insert(session, row) or _living(session, row)) is not None:
                return job


def cancel(public_id: str, actor: Actor) -> Job:
    """Stop a job that waits, or tell the one that runs that it is over; one that has ended is refused."""
    actor.require("import.manage")
    with transaction() as session:
        job = _hold(session, public_id, actor)
        if job.state not in LIVING:
            raise Refusal("job.over")
        job.state, job.finished_at = State.CANCELLED, now()
        job.lease = job.leased_until = None
        return job


def retry(public_id: str, actor: Actor) -> Job:
    """Let a job that failed or was cancelled begin again, on behalf of whoever wants it now.

    What the machine asked for stays the machine's.
    """
    actor.require("import.manage")
    try:
        with transaction() as session:
            job = _hold(session, public_id, actor)
            if job.state not in {State.FAILED, State.CANCELLED}:
                raise Refusal("job.not_over")
            job.state, job.attempts, job.not_before = State.QUEUED, 0, now()
            job.finished_at, job.error_code, job.error_details = None, "", {}
            if job.created_by is not None:
                job.created_by = actor.staff_id
            session.flush()
            return job
    except IntegrityError as taken:
        raise Refusal("job.asked_again") from taken


def _hold(session: Session, public_id: str, actor: Actor) -> Job:
    job = session.scalar(
        select(Job).where(Job.organisation_id == actor.organisation_id, Job.public_id == public_id).with_for_update()
    )
    if job is None:
        raise NotFound
    return job


def _insert(session: Session, row: dict[str, Any]) -> Job | None:
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    return session.scalar(insert(Job).values(**row).on_conflict_do_nothing().returning(Job))


def _living(session: Session, row: dict[str, Any]) -> Job | None:
    return session.scalar(
        select(Job).where(
            Job.organisation_id.is_not_distinct_from(row["organisation_id"]),
            Job.task == row["task"],
            Job.key == row["key"],
            Job.state.in_(LIVING),
        )
    )
