"""A class that writes a test over HTTP while a drill breaks things, and the count of what its phones were told."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pysqlite3.dbapi2 as sqlite

from classroom.exams.rules.kinds import Kind
from tests.support.databases import copy_sqlite, opened
from tests.support.examroom import Sitter, begin_all, open_test
from tests.support.serving import ServedProcess
from tests.support.world import make_world

PHONES = 6
LEARNERS, ITEMS = 60, 30
#: How often a learner changes each answer: the higher numbers must stand.
CHANGES = 3
LONGEST = 50
RESPONSES = """
SELECT attempt.public_id, response.position, response.sequence, response.answer FROM response
JOIN attempt ON attempt.id = response.attempt_id
"""
MISCOUNTED = """
SELECT attempt.public_id FROM attempt WHERE answered <>
(SELECT count(*) FROM response WHERE response.attempt_id = attempt.id AND response.answer IS NOT NULL)
"""

#: An item of an attempt: its public id and the position.
Place = tuple[str, int]


@dataclass(slots=True)
class Writers:
    """What the phones know: `acknowledged` is the highest number that the server called saved, to the last byte."""

    port: int
    sitters: list[Sitter]
    acknowledged: dict[Place, int] = field(default_factory=dict)
    #: How many answers were called saved.
    told: int = 0
    #: Tries that ended without an answer, or with the server's "try again".
    broken: int = 0
    problems: list[str] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _over: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def __enter__(self) -> "Writers":
        for turn in range(PHONES):
            own = self.sitters[turn::PHONES]
            self._threads.append(threading.Thread(target=self._work, args=(own,), daemon=True))
            self._threads[-1].start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(LONGEST)

    def wait_for_more(self, wanted: int) -> None:
        """Until so many more answers were acknowledged."""
        with self._changed:
            target = self.told + wanted
            came = self._changed.wait_for(lambda: self.told >= target or bool(self.problems), LONGEST)
        assert not self.problems, self.problems[:3]
        assert came, f"only {self.told} of {target} answers saved"

    def _work(self, own: list[Sitter]) -> None:
        line = Line(self.port)
        try:
            for position in range(ITEMS):
                for sitter in own:
                    for sequence in range(1, CHANGES + 1):
                        self._insist(line, sitter, position, sequence)
        except Exception as problem:
            with self._changed:
                self.problems.append(repr(problem))
                self._changed.notify_all()
        finally:
            line.hang_up()

    def _insist(self, line: "Line", sitter: Sitter, position: int, sequence: int) -> None:
        """As the page's queue does: the same answer again until the server says that it stands."""
        while not self._over.is_set():
            try:
                status, body = line.save(sitter, position, sequence)
            except (OSError, HTTPException):
                status, body = 0, b""
            if status == 0 or status >= 500:
                with self._changed:
                    self.broken += 1
                time.sleep(0.02)
                continue
            told = json.loads(body) if status == 200 else {}
            if told.get("saved") != [[position, sequence]]:
                raise AssertionError(f"{sitter.attempt} said {status}: {body[:300]!r}")
            with self._changed:
                self.acknowledged[sitter.attempt, position] = sequence
                self.told += 1
                self._changed.notify_all()
            return


class Line:
    """The connection of one phone."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._line: HTTPConnection | None = None

    def save(self, sitter: Sitter, position: int, sequence: int) -> tuple[int, bytes]:
        """Status and body, received to the last byte."""
        sent = {"i": position, "s": sequence, "a": {"text": written(sitter.attempt, position, sequence)}}
        try:
            if self._line is None:
                self._line = HTTPConnection("127.0.0.1", self._port, timeout=20)
            headers = {**sitter.headers, "Content-Type": "application/json"}
            self._line.request("POST", f"/t/{sitter.attempt}/save", json.dumps({"answers": [sent]}), headers)
            answer = self._line.getresponse()
            body = answer.read()
        except BaseException:
            self.hang_up()
            raise
        if answer.will_close:
            self.hang_up()
        return answer.status, body

    def hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


def written(attempt: str, position: int, sequence: int) -> str:
    """What the learner types there at that change; nobody types it anywhere else."""
    return f"{attempt} câu {position} lần {sequence}"


@dataclass(frozen=True, slots=True)
class Kept:
    """What lies in the file in the end."""

    answers: dict[Place, tuple[int, str]]
    miscounted: list[object]
    integrity: str

    def lost(self, acknowledged: dict[Place, int]) -> list[str]:
        """Acknowledged answers that are not there, and places where something else stands than was sent."""
        found = []
        for place, sequence in acknowledged.items():
            stands, text = self.answers.get(place, (0, ""))
            if stands < sequence or text != written(*place, stands):
                found.append(f"{place}: {sequence} was acknowledged, {stands} stands: {text}")
        return found


def read_back(database: Path) -> Kept:
    connection = sqlite.connect(str(database))
    try:
        rows = connection.execute(RESPONSES).fetchall()
        return Kept(
            {
                (attempt, position): (sequence, json.loads(answer)["text"])
                for attempt, position, sequence, answer in rows
            },
            connection.execute(MISCOUNTED).fetchall(),
            connection.execute("PRAGMA integrity_check").fetchone()[0],
        )
    finally:
        connection.close()


@contextmanager
def served(
    template: Path, folder: Path, program: tuple[str, ...] = ("classroom", "serve")
) -> Iterator[tuple[ServedProcess, list[Sitter], Path]]:
    """A server with a test going on in it, everybody at their first question."""
    folder.mkdir()
    database = folder / "classroom.db"
    url = copy_sqlite(template, database)
    with opened(url, folder):
        (room,) = make_world(1, LEARNERS).rooms
        sitters = begin_all(room, open_test(room, [Kind.SHORT_ANSWER] * ITEMS))
    server = ServedProcess(url, folder, program=program)
    try:
        yield server.start(), sitters, database
    finally:
        server.stop()
