"""The worker: what happens by the clock on its own thread, jobs on another, so that neither waits for the other."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.work import apart
from classroom.jobs.services import leases, periodic, running

log = structlog.get_logger()
#: How often an idle worker looks for what is due; also how stale its signs of life may be.
PAUSE = timedelta(seconds=5)
#: How often an idle worker looks for jobs.
LOOK = timedelta(seconds=1)
#: How long a worker that was told to stop waits for its job to notice; the lease runs out later.
PARTING = timedelta(seconds=20)


def work(stop: Callable[[], bool]) -> None:
    """Run what is due, and jobs beside it, until told to stop; a database that is away is tried again."""
    beside: threading.Thread | None = None
    while not stop():
        if beside is None or not beside.is_alive():
            beside = _start_beside(stop)
        try:
            periodic.run_due()
        except Exception as error:  # the worker outlives a database restart
            log.error("worker could not look for tasks", exc_info=error)
        finally:
            db.session.remove()
        _rest(PAUSE, stop)
    if beside is not None:
        beside.join(PARTING.total_seconds())


def work_on_jobs(stop: Callable[[], bool]) -> None:
    """Run jobs one after the other until told to stop."""
    noted: datetime | None = None
    while not stop():
        claim = None
        try:
            if noted is None or now() - noted >= PAUSE:
                periodic.note_life(periodic.JOBS_SIGN_OF_LIFE)
                noted = now()
            claim = leases.claim()
            if claim is not None:
                running.execute(claim, stop)
        except Exception as error:  # the worker outlives a database restart
            log.error("worker could not look for jobs", exc_info=error)
        finally:
            db.session.remove()
        if claim is None:
            _rest(LOOK, stop)


def _start_beside(stop: Callable[[], bool]) -> threading.Thread:
    context = apart()

    def run() -> None:
        with context():
            work_on_jobs(stop)

    thread = threading.Thread(target=run, name="jobs", daemon=True)
    thread.start()
    return thread


def _rest(pause: timedelta, stop: Callable[[], bool]) -> None:
    for _ in range(int(pause.total_seconds() * 5)):
        if stop():
            return
        time.sleep(0.2)
