"""Periodic tasks by name: rooms register what shall happen by the clock, the worker finds it here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Periodic:
    """A task that is run every so often by exactly one worker at a time."""

    name: str
    every: timedelta
    run: Callable[[], object]


_tasks: dict[str, Periodic] = {}


def periodic(name: str, every: timedelta) -> Callable[[Callable[[], object]], Callable[[], object]]:
    """Register the function as the task `room.name`."""

    def keep(run: Callable[[], object]) -> Callable[[], object]:
        _tasks[name] = Periodic(name, every, run)
        return run

    return keep


def tasks() -> list[Periodic]:
    """All tasks of the rooms that were opened."""
    return [_tasks[name] for name in sorted(_tasks)]
