"""A ceiling on how often something is asked in a while, counted in the memory of this process.

For pages that anybody may read and that write nothing: a counter in the database (core/throttle.py) would cost more
than the page. Each process counts for itself, so the whole ceiling is as many times higher as there are processes.
"""

from datetime import timedelta
from threading import Lock

from classroom.core.clock import now


class Ceiling:
    """At most `most` times for each key within a fixed window; keeps no more than `keys` keys."""

    def __init__(self, most: int, window: timedelta, keys: int = 100_000) -> None:
        self.most = most
        self._seconds = int(window.total_seconds())
        self._keys = keys
        self._window = -1
        self._counts: dict[str, int] = {}
        self._lock = Lock()

    def reached(self, key: str) -> bool:
        """Count one more, and say whether that is too many; a new window, or too many keys, begins anew."""
        window = int(now().timestamp()) // self._seconds
        with self._lock:
            if window != self._window or len(self._counts) >= self._keys:
                self._window = window
                self._counts.clear()
            self._counts[key] = count = self._counts.get(key, 0) + 1
        return count > self.most
