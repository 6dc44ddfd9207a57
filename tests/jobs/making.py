"""Tasks of the tests' own, and the jobs that are asked for."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from classroom.core import work
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.work import RunningJob
from classroom.jobs import services
from classroom.jobs.models import Job
from tests.factories import make_actor

MORNING = datetime(2026, 10, 12, 1, tzinfo=UTC)
Run = Callable[[int, RunningJob], Mapping[str, Any]]


def offer(run: Run, name: str = "test.task") -> None:
    work.task(name, title="Việc thử")(run)


def nothing(_subject: int, _job: RunningJob) -> dict[str, Any]:
    return {}


def ask(actor: Actor | None = None, name: str = "test.task", **more: Any) -> Job:
    """A job of a coordinator's, committed."""
    return services.enqueue(name, 7, actor=actor or make_actor("coordinator"), **more)


def job_row(job: Job | int) -> Job:
    """The job as the database has it now."""
    number = job if isinstance(job, int) else job.id
    db.session.rollback()
    return db.session.get_one(Job, number, populate_existing=True)
