"""How much one transaction takes on, where that depends on the people and on the machine: crowds take long."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TypeVar

T = TypeVar("T")
_MOST, _LEAST, _HOLD = 100, 10, 0.25


class Pace:
    """So many of a list at a time that everybody else waits about a quarter of a second to write."""

    def __init__(self) -> None:
        self._size = _MOST

    def portions(self, things: Sequence[T]) -> Iterator[Sequence[T]]:
        """All of them in order, each time as many as the turns before suggest."""
        done = 0
        while done < len(things):
            some = things[done : done + self._size]
            yield some
            done += len(some)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """The time in which nobody else can write."""
        began = monotonic()
        yield
        self.took(monotonic() - began)

    def took(self, seconds: float) -> None:
        """Half as many after a long turn, twice as many after a short one."""
        if seconds > _HOLD:
            self._size = max(self._size // 2, _LEAST)
        elif seconds < _HOLD / 3:
            self._size = min(self._size * 2, _MOST)
