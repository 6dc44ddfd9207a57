"""Let several threads reach for the same thing at the same instant."""

import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Flask

from classroom.core.db import db

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
