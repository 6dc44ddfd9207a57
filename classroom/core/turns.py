"""One writer at a time, across the threads of a process and the processes of a machine.

SQLite itself lets waiting processes look again after ever longer pauses, up to a tenth of a second, and whoever looks
at the right moment goes first. Here they queue at a lock of the kernel, which wakes the next one at once and lets go
by itself when a process dies. The database's own lock keeps the last word.

Before each lock is a door, at which one waits at a time: who comes back at once finds the next one in the door, and
waits behind. Work that nobody waits for, a job of a thousand writes, stands back: it goes when nobody writes or waits,
or when it has stood back long enough.
"""

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

PATIENCE: Final = 1.0
"""Seconds for which a job stands back before a write."""
_LOOK: Final = 0.004


class _ProcessLock:
    """Among the threads of this process; who holds it already goes through."""

    def __init__(self) -> None:
        self._lock, self._door = threading.Lock(), threading.Lock()
        self._owner = 0
        self._depth = 0

    def mine(self) -> bool:
        return self._owner == threading.get_ident()

    def __enter__(self) -> None:
        if not self.mine():
            with self._door:
                self._lock.acquire()
            self._owner = threading.get_ident()
        self._depth += 1

    def __exit__(self, *_error: object) -> None:
        self._depth -= 1
        if self._depth == 0:
            self._owner = 0
            self._lock.release()


class _Files:
    """The open lock files of this process, never those inherited by a fork: they would be the parent's very locks."""

    def __init__(self) -> None:
        self._key: tuple[int, str] = (0, "")
        self.handle = self.door = -1

    def open(self, path: str) -> None:
        key = os.getpid(), path
        if key == self._key:
            return
        for old in (self.handle, self.door):
            if old >= 0:
                os.close(old)
        flags = os.O_CREAT | os.O_RDWR | os.O_CLOEXEC
        self.handle, self.door = os.open(path, flags, 0o600), os.open(f"{path}-door", flags, 0o600)
        self._key = key


class _FileLock:
    def __init__(self) -> None:
        self._files = _Files()
        self._depth = 0

    def take(self, path: str) -> None:
        if self._depth == 0:
            self._files.open(path)
            fcntl.flock(self._files.door, fcntl.LOCK_EX)
            try:
                fcntl.flock(self._files.handle, fcntl.LOCK_EX)
            finally:
                fcntl.flock(self._files.door, fcntl.LOCK_UN)
        self._depth += 1

    def give(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._files.handle, fcntl.LOCK_UN)


class _Gap:
    """Looks whether anybody writes or waits, by lock files opened apart: to look at those in use would free them."""

    def __init__(self) -> None:
        self._files = _Files()
        self._looking = threading.Lock()

    def wait(self, path: str) -> None:
        until = time.monotonic() + PATIENCE
        while not self._free(path) and time.monotonic() < until:
            time.sleep(_LOOK)

    def _free(self, path: str) -> bool:
        with self._looking:
            self._files.open(path)
            return _is_free(self._files.door) and _is_free(self._files.handle)


def _is_free(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    fcntl.flock(handle, fcntl.LOCK_UN)
    return True


_in_process = _ProcessLock()
_file = _FileLock()
_gap = _Gap()
_manners = threading.local()


@contextmanager
def standing_back() -> Iterator[None]:
    """Let other writers go first, in this thread."""
    before = getattr(_manners, "back", False)
    _manners.back = True
    try:
        yield
    finally:
        _manners.back = before


@contextmanager
def one_writer(database: str) -> Iterator[None]:
    """Hold the turn to write to this SQLite file; a database in memory belongs to its process alone."""
    path = f"{database}.lock" if database and database != ":memory:" else ""
    if path and getattr(_manners, "back", False) and not _in_process.mine():
        _gap.wait(path)
    with _in_process:
        if not path:
            yield
            return
        _file.take(path)
        try:
            yield
        finally:
            _file.give()
