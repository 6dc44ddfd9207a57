"""Whether this deployment is fit to serve."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from classroom.core.clock import now
from classroom.core.db import db
from classroom.jobs import services as jobs

LEAST_DISK = 200 * 1024 * 1024
WORKER_SILENCE = timedelta(minutes=2)
CLOCK_SKEW = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `words` are for an operator."""

    name: str
    fine: bool
    words: str


def readiness(instance: Path, migrations: str) -> list[Check]:
    """Database, migrations, disk space, job worker, clock; `migrations` is the folder of the scripts."""
    try:
        return [*_database(migrations), _disk(instance), _worker(), _jobs()]
    except SQLAlchemyError as unreachable:
        db.session.rollback()
        return [Check("database", False, f"cannot be reached ({type(unreachable).__name__})"), _disk(instance)]


def _database(migrations: str) -> Iterator[Check]:
    connection = db.session.connection()
    connection.execute(text("SELECT 1"))
    yield Check("database", True, db.engine.dialect.name)
    head = ScriptDirectory(migrations).get_current_head()
    found = MigrationContext.configure(connection).get_current_revision()
    yield Check("migrations", found == head, f"at {found}, newest {head}")
    if db.engine.dialect.name == "postgresql":
        there: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        skew = abs(there.astimezone(UTC) - now())
        yield Check("clock", skew < CLOCK_SKEW, f"{skew.total_seconds():.1f} s from the database's")


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder if folder.exists() else folder.parent).free
    return Check("disk", free > LEAST_DISK, f"{free // 1024 // 1024} MB free")


def _worker() -> Check:
    return _alive("worker", jobs.last_sign_of_life())


def _jobs() -> Check:
    """The thread of the worker that runs jobs: it may have died while the other one lives."""
    return _alive("jobs", jobs.last_sign_of_jobs())


def _alive(name: str, seen: datetime | None) -> Check:
    fine = seen is not None and now() - seen < WORKER_SILENCE
    return Check(name, fine, f"last seen {seen:%H:%M:%S} UTC" if seen else "has never run")
