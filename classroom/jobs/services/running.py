"""Run a claimed job: keep its lease alive, write its progress, and say how it ended."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import structlog

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, in_transaction
from classroom.core.errors import Refusal
from classroom.core.turns import standing_back
from classroom.core.work import JobLost, apart, find_asker, find_task
from classroom.jobs.models import Job
from classroom.jobs.rules import (
    BROKEN,
    HEARTBEAT,
    LONGEST_NOTE,
    MOST_ATTEMPTS,
    WRITE_EVERY,
    State,
    back_off,
    pack,
)
from classroom.jobs.services import leases, periodic
from classroom.jobs.services.leases import Claim

log = structlog.get_logger()


class JobStopped(JobLost):
    """The worker was told to stop; the job waits for another one."""


class Running:
    """A job under way, as its task knows it."""

    def __init__(self, claim: Claim, actor: Actor, stop: Callable[[], bool]) -> None:
        self.id = claim.id
        self.organisation_id = claim.organisation_id
        self.actor = actor
        self.arguments: Mapping[str, Any] = claim.arguments
        self._claim, self._stop, self._apart = claim, stop, apart()
        self._told: dict[str, object] = {}
        self._written_at: datetime | None = None
        self._lost = False

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell how far it has come (see `RunningJob`)."""
        self._told = {"done": done, "total": total, "note": note[:LONGEST_NOTE]}
        finished = 0 < total <= done
        due = self._written_at is None or finished or now() - self._written_at >= WRITE_EVERY
        if due and not in_transaction():
            self._written_at = now()
            self.keep()
        if self._lost:
            raise JobLost
        if self._stop():
            raise JobStopped

    def keep(self) -> None:
        """Renew the lease and write what was told last, apart from whatever the task has open."""
        with self._apart():
            if not leases.renew(self._claim, **self._told):
                self._lost = True

    def told(self) -> dict[str, object]:
        """What was told last."""
        return dict(self._told)

    @contextmanager
    def kept_alive(self) -> Iterator[None]:
        """Renew the lease from a thread beside the task, which may say nothing for a while."""
        over = threading.Event()
        beat = threading.Thread(target=self._beat, args=(over,), name=f"job-{self.id}", daemon=True)
        beat.start()
        try:
            yield
        finally:
            over.set()
            beat.join()

    def _beat(self, over: threading.Event) -> None:
        while not self._lost and not over.wait(HEARTBEAT.total_seconds()):
            try:
                self.keep()
                with self._apart():
                    periodic.note_life(periodic.JOBS_SIGN_OF_LIFE)
            except Exception as error:  # a database that is away is asked again
                log.error("lease not renewed", job=self.id, exc_info=error)


def run_queued(limit: int | None = None) -> list[Job]:
    """Run what waits and is due, now and on this thread; the jobs that ran, as they ended."""
    ran: list[int] = []
    while limit is None or len(ran) < limit:
        claim = leases.claim()
        if claim is None:
            break
        execute(claim, lambda: False)
        ran.append(claim.id)
    db.session.rollback()
    return [db.session.get_one(Job, job_id, populate_existing=True) for job_id in ran]


def execute(claim: Claim, stop: Callable[[], bool]) -> None:
    """Run one job to its end; a bug in it is logged and tried again later, and ends no worker."""
    try:
        actor = find_asker(claim.organisation_id, claim.created_by)
        if actor is None:
            raise Refusal("job.asker_gone")
        running = Running(claim, actor, stop)
        with running.kept_alive(), standing_back():
            result = _perform(claim, running)
        kept = leases.end(claim, State.DONE, result=result, error_code="", error_details={}, **running.told())
        log.info("job done" if kept else "job was no longer ours", job=claim.id, task=claim.task)
    except JobStopped:
        leases.end(claim, State.QUEUED, attempts=claim.attempts - 1)
    except JobLost:
        log.warning("job lost", job=claim.id, task=claim.task)
    except Refusal as refusal:
        leases.end(claim, State.FAILED, error_code=refusal.code, error_details=pack(refusal.details))
    except Exception as bug:
        log.error("job broke", job=claim.id, task=claim.task, attempt=claim.attempts, exc_info=bug)
        _give_back(claim, bug)


def _perform(claim: Claim, running: Running) -> dict[str, Any]:
    task = find_task(claim.task)
    assert task is not None, "only known tasks are claimed"
    result: dict[str, Any] = json.loads(json.dumps(dict(task.run(claim.subject_id, running))))
    return result


def _give_back(claim: Claim, bug: Exception) -> None:
    noted = {"error_code": BROKEN, "error_details": {"problem": type(bug).__name__}}
    if claim.attempts >= MOST_ATTEMPTS:
        leases.end(claim, State.FAILED, **noted)
        return
    leases.end(claim, State.QUEUED, not_before=now() + back_off(claim.attempts), **noted)
