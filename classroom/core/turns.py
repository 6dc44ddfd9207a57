"""One writer at a time, across the threads of a process and the processes of a machine.

SQLite itself lets waiting processes look again after ever longer pauses, up to a tenth of a second, and whoever looks
at the right moment goes first. Here they queue at a lock of the kernel, which wakes the next one at once and lets go
by itself when a process dies. The database's own lock keeps the last word.
"""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_in_process = threading.RLock()


class _FileLock:
    """The open lock file of this process, never one inherited by a fork: that would be the parent's very lock."""

    def __init__(self) -> None:
        self._key: tuple[int, str] = (0, "")
        self._handle = -1
        self._depth = 0

    def take(self, path: str) -> None:
        if self._depth == 0:
            fcntl.flock(self._opened(path), fcntl.LOCK_EX)
        self._depth += 1

    def give(self) -> None:
        self._depth -= 1
        if self._depth == 0:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def _opened(self, path: str) -> int:
        key = os.getpid(), path
        if key != self._key:
            if self._handle >= 0:
                os.close(self._handle)
            self._handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
            self._key = key
        return self._handle


_file = _FileLock()


@contextmanager
def one_writer(database: str) -> Iterator[None]:
    """Hold the turn to write to this SQLite file; a database in memory belongs to its process alone."""
    with _in_process:
        if not database or database == ":memory:":
            yield
            return
        _file.take(f"{database}.lock")
        try:
            yield
        finally:
            _file.give()
