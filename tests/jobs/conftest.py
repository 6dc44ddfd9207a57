"""The tests of jobs offer their own tasks, and time stands still."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classroom.core import periodic, work
from tests.factories import at
from tests.jobs.making import MORNING


@pytest.fixture(autouse=True)
def _no_tasks_of_the_rooms(sqlite_template: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The rooms were opened for the template, so that none comes in later."""
    monkeypatch.setattr(periodic, "_tasks", {})
    monkeypatch.setattr(work, "_tasks", {})
    with at(MORNING):
        yield
