"""A hall full of phones that check in over HTTP while a drill breaks things, and the count of what they were told."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import count
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from classroom.core.clock import now
from tests.support.databases import copy_sqlite, opened
from tests.support.phone import Page, Phone
from tests.support.serving import ServedProcess
from tests.support.world import Room, World, make_world

PHONES = 6
CLASSES, LEARNERS = 10, 300
LONGEST = 50
GREEN = 'class="result result-success"'
MARKS = """
SELECT class_session.public_id, learner.code FROM mark
JOIN class_session ON class_session.id = mark.class_session_id
JOIN enrolment ON enrolment.id = mark.enrolment_id JOIN learner ON learner.id = enrolment.learner_id
WHERE mark.status IN ('present', 'late')
"""
ACCEPTED_TWICE = """
SELECT class_session_id, enrolment_id FROM scan WHERE outcome = 'accepted'
GROUP BY class_session_id, enrolment_id HAVING count(*) > 1
"""

#: Who was marked where: the public id of the class session and the learner's code.
Marked = tuple[str, str]


def check_in(phone: Phone, room: Room, code: str) -> Page:
    """The whole way of a learner: open the code of the screen, say who one is unless that is known, confirm."""
    page = phone.get(room.code_path(now()))
    if page.offers("/checkin/mark"):
        return phone.submit(page, page.form("/checkin/mark"))
    page = phone.submit(page, page.form("/checkin/identify"), who=code)
    return phone.submit(page, page.form("/checkin/confirm"))


@dataclass
class Hall:
    """What the phones know: acknowledged is what was shown green, received to the last byte."""

    port: int
    world: World
    acknowledged: set[Marked] = field(default_factory=set)
    #: Tries that ended without an answer, or with the server's "try again".
    broken: int = 0
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._turns = count()
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(PHONES)]

    def __enter__(self) -> "Hall":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(LONGEST)

    def wait_for_more(self, wanted: int) -> None:
        """Until so many more learners have seen green."""
        with self._changed:
            target = len(self.acknowledged) + wanted
            came = self._changed.wait_for(lambda: len(self.acknowledged) >= target or bool(self.problems), LONGEST)
        assert not self.problems, self.problems[:3]
        assert came, f"only {len(self.acknowledged)} of {target} checked in"

    def _work(self) -> None:
        for turn in self._turns:
            if self._over.is_set() or turn >= CLASSES * LEARNERS:
                return
            room = self.world.rooms[turn % CLASSES]
            self._insist(room, room.learner_codes[turn // CLASSES])

    def _insist(self, room: Room, code: str) -> None:
        """A learner tries again until the phone shows green."""
        phone = Phone(self.port)
        try:
            while not self._over.is_set():
                if self._try(phone, room, code):
                    return
        except Exception as problem:
            with self._changed:
                self.problems.append(repr(problem))
                self._changed.notify_all()
        finally:
            phone.hang_up()

    def _try(self, phone: Phone, room: Room, code: str) -> bool:
        try:
            page = check_in(phone, room, code)
        except (OSError, HTTPException):
            page = None
        if page is None or page.status >= 500:
            with self._changed:
                self.broken += 1
            time.sleep(0.02)
            return False
        if page.status != 200 or GREEN not in page.text:
            raise AssertionError(f"{page.url} said {page.status}: {page.text[:500]}")
        with self._changed:
            self.acknowledged.add((room.session_id, code))
            self._changed.notify_all()
        return True


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the file in the end."""

    marks: set[Marked]
    doubled: list[object]
    integrity: str


def read_back(database: Path) -> Kept:
    connection = sqlite.connect(str(database))
    try:
        return Kept(
            set(connection.execute(MARKS).fetchall()),
            connection.execute(ACCEPTED_TWICE).fetchall(),
            connection.execute("PRAGMA integrity_check").fetchone()[0],
        )
    finally:
        connection.close()


@contextmanager
def served(
    template: Path, folder: Path, program: tuple[str, ...] = ("classroom", "serve")
) -> Iterator[tuple[ServedProcess, World, Path]]:
    """A server on a full day of its own."""
    folder.mkdir()
    database = folder / "classroom.db"
    url = copy_sqlite(template, database)
    with opened(url, folder):
        world = make_world(CLASSES, LEARNERS)
    server = ServedProcess(url, folder, program=program)
    try:
        yield server.start(), world, database
    finally:
        server.stop()


FORGETFUL = (
    "gunicorn", "--bind", "127.0.0.1:{port}", "--workers", "2", "--worker-class", "gthread", "--threads", "8",
    "--log-level", "warning", "--preload", "tests.drills.forgetful:app",
)  # fmt: skip
