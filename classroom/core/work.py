"""Tasks that somebody asks for, by name: rooms register what may take minutes, the worker finds it here.

Unlike the periodic ones they are asked for inside a business transaction (`jobs.services.enqueue`) and run later, by
one worker, perhaps more than once: a task must be safe to run again from any point.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, current_app

from classroom.core.actor import Actor, system


class JobLost(Exception):
    """The job is no longer this runner's: it was cancelled, or somebody else took it over. Let it through."""


class RunningJob(Protocol):
    """What a task knows of the job it is run for."""

    @property
    def id(self) -> int:
        """The inner key of the job."""

    @property
    def organisation_id(self) -> int | None:
        """Whose job it is; None for one of the whole deployment."""

    @property
    def actor(self) -> Actor:
        """The member of staff who asked, with what that person may do now, or the machine itself."""

    @property
    def arguments(self) -> Mapping[str, Any]:
        """What was said when the job was asked for, as JSON has it."""

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Tell how far it has come; cheap, and written about once a second in a transaction of its own.

        Inside a transaction the numbers are only kept, and written later. Raises JobLost.
        """


Run = Callable[[int, RunningJob], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Task:
    """Something that can be asked for; `title` is what people call it."""

    name: str
    title: Any
    run: Run


_tasks: dict[str, Task] = {}
_staff: list[Callable[[int, int], Actor | None]] = []


def task(name: str, *, title: Any) -> Callable[[Run], Run]:
    """Register the function as the task `room.name`; what it answers is kept as the job's result."""

    def keep(run: Run) -> Run:
        _tasks[name] = Task(name, title, run)
        return run

    return keep


def find_task(name: str) -> Task | None:
    """The task of this name, if its room was opened."""
    return _tasks.get(name)


def task_names() -> list[str]:
    """All names that were registered."""
    return sorted(_tasks)


def know_staff_by(find: Callable[[int, int], Actor | None]) -> None:
    """Let the accounts room say who (organisation, member of staff) is, and what that person may do now."""
    _staff[:] = [find]


def find_asker(organisation_id: int | None, staff_id: int | None) -> Actor | None:
    """On whose behalf a job runs; None when that person may no longer come in."""
    if staff_id is None or organisation_id is None:
        return system(organisation_id or 0, "job")
    return _staff[0](organisation_id, staff_id) if _staff else None


def apart() -> Callable[[], AbstractContextManager[object]]:
    """Opens a database session apart from the one under way, on another thread or on this one."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return app.app_context
