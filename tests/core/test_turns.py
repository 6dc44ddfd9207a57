"""Writers of a SQLite file take turns, also beside one that writes without a pause."""

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import pairwise
from pathlib import Path
from time import monotonic

import pytest

from classroom.core import turns
from classroom.core.turns import one_writer, standing_back
from tests.support.serving import ROOT

_GREEDY = """
import sys
from pathlib import Path
from classroom.core.turns import one_writer
database, count, end = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
turns = 0
while not end.exists():
    with one_writer(database):
        turns += 1
        count.write_text(str(turns))
        if turns == 1:
            print("begun", flush=True)
"""


def test_a_process_that_writes_without_a_pause_lets_others_in(tmp_path: Path) -> None:
    database, count, end = str(tmp_path / "x.db"), tmp_path / "count", tmp_path / "end"
    command = [sys.executable, "-c", _GREEDY, database, str(count), str(end)]
    seen: list[int] = []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as greedy:
        assert greedy.stdout is not None
        assert greedy.stdout.readline() == "begun\n"
        try:
            for _ in range(100):
                with one_writer(database):
                    seen.append(int(count.read_text()))
        finally:
            end.touch()
    between = sorted(after - before for before, after in pairwise(seen))
    assert between[len(between) // 2] <= 2
    assert between[-1] <= 20


class Queue:
    """Threads that write down when their turn came."""

    def __init__(self, database: str) -> None:
        self.database = database
        self.order: list[str] = []
        self._threads: list[threading.Thread] = []

    def join_in(self, name: str, manner: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
        def write() -> None:
            with manner(), one_writer(self.database):
                self.order.append(name)

        thread = threading.Thread(target=write, daemon=True)
        self._threads.append(thread)
        thread.start()

    def end(self) -> list[str]:
        for thread in self._threads:
            thread.join(20)
        return self.order


@pytest.fixture
def queue(tmp_path: Path) -> Queue:
    return Queue(str(tmp_path / "x.db"))


def until(happened: Callable[[], bool]) -> None:
    last = monotonic() + 20
    while not happened():
        assert monotonic() < last


def test_who_comes_back_at_once_waits_behind_who_waited(queue: Queue) -> None:
    with one_writer(queue.database):
        queue.order.append("first")
        queue.join_in("other")
        until(turns._in_process._door.locked)
    with one_writer(queue.database):
        queue.order.append("second")
    assert queue.end() == ["first", "other", "second"]


def test_who_stands_back_goes_after_those_who_came_later(queue: Queue) -> None:
    with one_writer(queue.database):
        looked = threading.Event()
        queue.join_in("job", lambda: told(looked))
        until(looked.is_set)
        queue.join_in("phone")
        until(turns._in_process._door.locked)
    assert queue.end() == ["phone", "job"]


@contextmanager
def told(event: threading.Event) -> Iterator[None]:
    with standing_back():
        event.set()
        yield


def test_who_stands_back_goes_at_last_although_nobody_ever_pauses(
    queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    queue.join_in("job", standing_back)
    while "job" not in queue.order:
        with one_writer(queue.database):
            until(lambda: "job" in queue.order or turns._in_process._door.locked())
    assert queue.end() == ["job"]


def test_who_has_the_turn_goes_on_inside(tmp_path: Path) -> None:
    database = str(tmp_path / "x.db")
    with one_writer(database), one_writer(database):
        pass
    with one_writer(database):
        pass


def test_a_killed_writer_leaves_no_lock_behind(tmp_path: Path) -> None:
    database = str(tmp_path / "x.db")
    code = "import os,sys\nfrom classroom.core.turns import one_writer\nwith one_writer(sys.argv[1]): os._exit(9)"
    assert subprocess.run([sys.executable, "-c", code, database], cwd=ROOT, check=False).returncode == 9
    with one_writer(database):
        pass


@pytest.mark.parametrize("database", ["", ":memory:"])
def test_a_database_in_memory_needs_no_file(database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with one_writer(database):
        pass
    assert list(tmp_path.iterdir()) == []
