"""Readiness tells a worker that is gone from one whose thread of jobs has died."""

from pathlib import Path

from flask import Flask

from classroom.desk.health import WORKER_SILENCE, readiness
from classroom.jobs.services import run_due
from classroom.jobs.services.periodic import JOBS_SIGN_OF_LIFE, note_life
from tests.factories import at, vietnam

MIGRATIONS = str(Path(__file__).resolve().parents[2] / "migrations")


def unwell(tmp_path: Path) -> set[str]:
    return {check.name for check in readiness(tmp_path, MIGRATIONS) if not check.fine} & {"worker", "jobs"}


def test_a_thread_of_jobs_that_died_is_noticed_while_the_clock_goes_on(app: Flask, tmp_path: Path) -> None:
    with at(vietnam(8)):
        assert unwell(tmp_path) == {"worker", "jobs"}
        run_due()
        note_life(JOBS_SIGN_OF_LIFE)
        assert unwell(tmp_path) == set()
    with at(vietnam(8) + WORKER_SILENCE):
        run_due()
        assert unwell(tmp_path) == {"jobs"}
