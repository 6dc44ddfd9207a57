"""An import in a process of its own that kills itself at one of its commits; `forgetful` never clears what it finds."""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import event

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.online.services import imports
from classroom.online.services.imports import running, staging, undoing
from tests.support.databases import opened
from tests.support.online import LIMITS

#: Of so few rows that a short file has commits between which one can die.
BATCH, ASKED_AT_ONCE = 500, 50


class Alone:
    """A job without a worker around it."""

    id = 0
    organisation_id: int | None = None

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.arguments: dict[str, Any] = {}

    def progress(self, done: int, total: int, note: str = "") -> None:
        """Nobody looks."""


def kill_at(number: int) -> None:
    """Die at the commit with this number, just before it reaches the disk."""
    seen = iter(range(1, 10_000))

    def count(_connection: object) -> None:
        if next(seen) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(db.engine, "commit", count)


def main(what: str, url: str, folder: Path, key: int, staff: int, organisation: int, fatal: int) -> None:
    """Run the job once; `fatal` 0 lives to the end."""
    for module in (staging, running, undoing):
        module.BATCH = BATCH
    running.ASKED_AT_ONCE = ASKED_AT_ONCE
    with opened(url, folder):
        if what == "forgetful":
            running.clear = lambda _import_id: None
        if fatal:
            kill_at(fatal)
        actor = Actor("staff", organisation, staff, "", frozenset({"online.manage"}))
        if what == "undo":
            imports.run_undo(key, Alone(actor))
        else:
            secret = str(current_app.config["SECRET_KEY"])
            imports.run_import(key, Alone(actor), limits=LIMITS, secret=secret, time_zone="Asia/Ho_Chi_Minh")


if __name__ == "__main__":
    what, url, folder, *numbers = sys.argv[1:]
    main(what, url, Path(folder), *(int(number) for number in numbers))
