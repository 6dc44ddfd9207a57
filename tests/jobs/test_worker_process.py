"""The worker as an operator runs it: ended politely or not, its job is done by another one."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from classroom.jobs import services
from classroom.jobs.models import Job
from tests.factories import at
from tests.jobs.making import ask, job_row
from tests.support.counting_worker import NAME, offer
from tests.support.databases import SECRET
from tests.support.serving import ROOT

LONGEST = 60


@pytest.fixture(autouse=True)
def _no_tasks_of_the_rooms() -> None:
    """Processes live by the real clock, and with all tasks."""
    offer()


@pytest.fixture
def worker(any_app: Flask, any_database_url: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    instance = tmp_path / "of-the-worker"
    instance.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.support.counting_worker"],
        cwd=ROOT,
        env={
            **os.environ,
            "CLASSROOM_DATABASE_URL": any_database_url,
            "CLASSROOM_INSTANCE": str(instance),
            "CLASSROOM_SECRET_KEY": SECRET,
        },
    )
    yield process
    process.kill()
    process.wait()


def begun(job: Job) -> Job:
    """The job once the worker is in the middle of it."""
    deadline = time.monotonic() + LONGEST
    while job_row(job).done == 0:
        assert time.monotonic() < deadline, "no worker took the job"
        time.sleep(0.05)
    return job_row(job)


def test_another_worker_finishes_the_job_of_one_that_was_killed(
    worker: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    job = begun(ask(name=NAME, arguments={"gate": str(tmp_path / "gate")}))
    worker.kill()
    worker.wait()
    (tmp_path / "gate").touch()
    until = job_row(job).leased_until
    assert until is not None

    assert services.run_queued() == []
    with at(until + timedelta(seconds=1)):
        (ran,) = services.run_queued()

    assert (ran.id, ran.state, ran.attempts, ran.result) == (job.id, "done", 2, {"subject": 7})


def test_a_worker_that_is_ended_puts_its_job_back_at_once(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    job = begun(ask(name=NAME, arguments={"gate": str(tmp_path / "gate")}))

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(LONGEST) == 0
    assert (job_row(job).state, job_row(job).attempts) == ("queued", 0)
    (tmp_path / "gate").touch()
    assert [ran.state for ran in services.run_queued()] == ["done"]


def test_what_happens_by_the_clock_goes_on_beside_a_long_job(worker: subprocess.Popen[bytes], tmp_path: Path) -> None:
    job = begun(ask(name=NAME, arguments={"gate": str(tmp_path / "gate")}))
    before = services.last_sign_of_life()

    deadline = time.monotonic() + LONGEST
    while (seen := services.last_sign_of_life()) is None or seen == before:
        assert time.monotonic() < deadline, "the clock waited for the job"
        time.sleep(0.05)
        job_row(job)

    assert job_row(job).state == "running"
