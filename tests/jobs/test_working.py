"""The worker's two threads."""

import threading
from datetime import timedelta

import pytest
from flask import Flask

from classroom.core.periodic import periodic
from classroom.jobs import services
from classroom.jobs.services import leases, working
from tests.jobs.making import MORNING, ask, job_row, nothing, offer


def test_a_worker_runs_jobs_beside_what_is_due(any_app: Flask) -> None:
    over = threading.Event()
    periodic("test.count", timedelta(minutes=5))(lambda: None)
    offer(lambda _subject, _job: {"over": over.set()})
    job = ask().id

    services.work(over.is_set)

    assert (job_row(job).state, services.last_sign_of_jobs()) == ("done", MORNING)


def test_a_worker_that_is_told_to_stop_starts_no_job(app: Flask) -> None:
    offer(nothing)
    job = ask().id

    services.work(lambda: True)

    assert job_row(job).state == "queued"


def test_the_thread_of_jobs_outlives_a_database_that_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def away() -> None:
        looks.append("looked")
        raise ConnectionError("no route to the database")

    monkeypatch.setattr(leases, "claim", away)

    working.work_on_jobs(lambda: bool(looks))

    assert looks == ["looked"]


def test_a_thread_of_jobs_that_died_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "PAUSE", timedelta(0))
    deaths: list[int] = []

    def counted(_stop: object) -> None:
        deaths.append(1)

    monkeypatch.setattr(working, "work_on_jobs", counted)

    services.work(lambda: len(deaths) >= 2)

    assert len(deaths) >= 2
