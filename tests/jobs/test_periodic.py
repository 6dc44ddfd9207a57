"""What happens by the clock: once, by one worker, and again when that one died."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from classroom.core.db import db
from classroom.core.periodic import periodic
from classroom.jobs import services
from classroom.jobs.models import PeriodicTask
from classroom.jobs.services import periodic as by_the_clock
from tests.jobs.making import MORNING
from tests.support.racing import together

MINUTE = timedelta(minutes=1)


def register(name: str, run: Callable[[], object], every: timedelta = 5 * MINUTE) -> None:
    periodic(name, every)(run)


def row(name: str) -> PeriodicTask:
    db.session.rollback()
    return db.session.get_one(PeriodicTask, name)


def test_of_several_workers_one_gets_the_task(any_app: Flask) -> None:
    runs: list[str] = []
    register("test.count", lambda: runs.append(threading.current_thread().name))

    ran = together(any_app, [lambda: services.run_due(MORNING)] * 6)

    assert len(runs) == 1
    assert sorted(ran) == [[]] * 5 + [["test.count"]]


def test_a_task_is_due_again_after_its_time(any_app: Flask) -> None:
    runs: list[datetime] = []
    register("test.count", lambda: runs.append(MORNING), every=5 * MINUTE)

    ran = [len(services.run_due(MORNING + minutes * MINUTE)) for minutes in (0, 1, 4, 5)]

    assert ran == [1, 0, 0, 1]
    assert len(runs) == 2


def die() -> None:
    raise SystemExit("killed in the middle")


def test_the_task_of_a_dead_worker_is_taken_over_when_its_lease_ran_out(any_app: Flask) -> None:
    runs: list[str] = []
    register("test.fragile", die)
    with pytest.raises(SystemExit):
        services.run_due(MORNING)
    register("test.fragile", lambda: runs.append("done"))

    assert services.run_due(MORNING + by_the_clock.LEASE) == []
    assert services.run_due(MORNING + by_the_clock.LEASE + timedelta(seconds=1)) == ["test.fragile"]
    assert runs == ["done"]
    assert row("test.fragile").leased_until is None


def test_a_task_that_fails_stops_no_other_and_says_what_was_wrong(any_app: Flask) -> None:
    runs: list[str] = []

    def fail() -> None:
        raise RuntimeError("the disk is full")

    register("a.fails", fail)
    register("b.works", lambda: runs.append("b"))

    assert services.run_due(MORNING) == ["b.works"]
    assert runs == ["b"]
    assert row("a.fails").last_error == "RuntimeError: the disk is full"
    assert row("a.fails").leased_until is None
    assert row("a.fails").due_at == MORNING + 5 * MINUTE
    assert row("b.works").last_error == ""


def test_a_task_that_left_its_transaction_broken_stops_no_other(any_app: Flask) -> None:
    runs: list[str] = []

    def leave_a_mess() -> None:
        db.session.execute(db.text("SELECT * FROM no_such_table"))

    register("a.mess", leave_a_mess)
    register("b.works", lambda: runs.append("b"))

    assert services.run_due(MORNING) == ["b.works"]
    assert "no_such_table" in row("a.mess").last_error


def test_success_forgets_the_last_error(any_app: Flask) -> None:
    register("a.fails", lambda: 1 / 0)
    services.run_due(MORNING)
    register("a.fails", lambda: None)

    services.run_due(MORNING + 5 * MINUTE)

    assert row("a.fails").last_error == ""


def test_a_worker_gives_a_sign_of_life_even_when_nothing_is_due(any_app: Flask) -> None:
    assert services.last_sign_of_life() is None

    services.run_due(MORNING)
    services.run_due(MORNING + MINUTE)

    assert services.last_sign_of_life() == MORNING + MINUTE


def test_a_worker_that_is_told_to_stop_starts_nothing(app: Flask) -> None:
    runs: list[str] = []
    register("test.count", lambda: runs.append("ran"))

    services.work(lambda: True)

    assert runs == []


def test_a_worker_does_what_is_due_and_stops_when_told(app: Flask) -> None:
    runs: list[str] = []
    register("test.count", lambda: runs.append("ran"))

    services.work(lambda: bool(runs))

    assert runs == ["ran"]


def test_a_worker_outlives_a_database_that_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[str] = []

    def away() -> list[str]:
        looks.append("looked")
        raise ConnectionError("no route to the database")

    monkeypatch.setattr(by_the_clock, "run_due", away)

    services.work(lambda: bool(looks))

    assert looks == ["looked"]
