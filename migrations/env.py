"""Alembic's way in: one migrates at a time, all of it or nothing, references checked before it is kept."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.operations.ops import MigrationScript
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import Connection

from classroom.core import db as database

#: Any number, as long as nothing else on the server takes an advisory lock by it.
ADVISORY_LOCK = 7_215_001


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Migrations import nothing of the application, so our column type is spelled as what it is stored as."""
    return "sa.DateTime(timezone=True)" if isinstance(item, database.UtcDateTime) else False


def number_revision(_context: Any, _revision: Any, directives: list[MigrationScript]) -> None:
    """Revisions are called 0001, 0002, … and say nothing when there is nothing to do."""
    if not directives:
        return
    head = ScriptDirectory.from_config(context.config).get_current_head()
    directives[0].rev_id = f"{int(head or 0) + 1:04}"


@contextmanager
def sqlite_guard(connection: Connection) -> Iterator[None]:
    """Batch mode copies tables, so references are off from before BEGIN, and all looked at before COMMIT."""
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        with connection.begin():
            yield
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise RuntimeError(f"the migration would break {len(broken)} references, first {broken[0]}")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


@contextmanager
def postgresql_guard(connection: Connection) -> Iterator[None]:
    """One node migrates while the others wait; a busy table gives up soon rather than stopping everybody."""
    with connection.begin():
        connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
        connection.exec_driver_sql("SET LOCAL statement_timeout = '5min'")
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
        connection.exec_driver_sql("SET LOCAL lock_timeout = '5s'")
        connection.exec_driver_sql("SET LOCAL statement_timeout = '15min'")
        yield


def run() -> None:
    """Migrate the application's own database."""
    extension = current_app.extensions["migrate"]
    engine = extension.db.engine
    guard = sqlite_guard if engine.dialect.name == "sqlite" else postgresql_guard
    with engine.connect() as plain:
        connection = plain.execution_options(**{database.WRITING: True})
        with guard(connection):  # before Alembic looks, which leaves an open transaction to its owner
            context.configure(
                connection=connection,
                target_metadata=extension.db.metadata,
                process_revision_directives=number_revision,
                render_item=render_item,
                transactional_ddl=True,
                **extension.configure_args,
            )
            context.run_migrations()


run()
