"""Let several threads reach for the same thing at the same instant."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Session

from classroom.core.db import db, transaction

T = TypeVar("T")
#: No race takes this long: a thread that does has run into a deadlock.
LONGEST = 60


def together(app: Flask, works: Sequence[Callable[[], T]]) -> list[T]:
    """Run each in a thread and an application context of its own, all released by one barrier; their results
    in order. The first exception is raised here.
    """
    barrier = threading.Barrier(len(works), timeout=LONGEST)
    results: dict[int, T] = {}
    problems: list[BaseException] = []

    def run(index: int, work: Callable[[], T]) -> None:
        try:
            with app.app_context():
                barrier.wait()
                try:
                    results[index] = work()
                finally:
                    db.session.remove()
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=each, daemon=True) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    if problems:
        raise problems[0]
    return [results[index] for index in range(len(works))]


def crosswise(
    app: Flask, holds: Callable[[Session], object], goes_on: Callable[[], T], other: Callable[[], T]
) -> list[T]:
    """Hold something in a transaction, let `other` run into it, and go on in the same transaction; both results.

    Where the two take their locks in different orders, PostgreSQL ends `goes_on`, and its error is raised here. Fails
    if `other` never waited. SQLite lets one write at a time: there `other` waits for its turn.
    """
    held, over = threading.Event(), threading.Event()

    def first() -> T:
        with transaction() as session:
            holds(session)
            held.set()
            if session.get_bind().dialect.name == "postgresql":
                _until_somebody_waits(session, over)
            return goes_on()

    def second() -> T:
        held.wait(LONGEST)
        try:
            return other()
        finally:
            over.set()

    return together(app, [first, second])


def _until_somebody_waits(session: Session, over: threading.Event) -> None:
    """And whoever closes the circle is to find that out first: this connection."""
    session.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
    waits = text("SELECT bool_or(pg_backend_pid() = ANY(pg_blocking_pids(pid))) FROM pg_locks WHERE NOT granted")
    while not session.scalar(waits):
        assert not over.wait(0.01), "the other one waited for nothing"
