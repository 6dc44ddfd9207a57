"""Migrations lead up, down and up again on both databases, and end where the models are."""

from pathlib import Path

from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text

from classroom.core.db import db
from tests.support.databases import opened

APPEND_ONLY = ("audit_entry", "audit_seal", "enrolment_change", "event", "scan")
SQLITE_GUARDS = {
    *(f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
    *(f"booking_{resource}_free_{verb}" for resource in ("room", "trainer") for verb in ("insert", "update")),
}
POSTGRESQL_GUARDS = {
    *(f"{table}_append_only" for table in APPEND_ONLY),
    *(f"ex_booking_{resource}" for resource in ("room", "trainer")),
}


def tables() -> set[str]:
    with db.engine.connect() as connection:
        return set(inspect(connection).get_table_names())


def names(query: str) -> set[str]:
    with db.engine.connect() as connection:
        return set(connection.scalars(text(query)))


def test_up_down_and_up_again(any_empty_database_url: str, tmp_path: Path) -> None:
    with opened(any_empty_database_url, tmp_path / "instance"):
        upgrade()
        first = tables()
        downgrade(revision="base")
        assert tables() == {"alembic_version"}
        upgrade()
        assert tables() == first
        assert first > {"alembic_version"}


def test_the_migrated_database_is_what_the_models_describe(any_app: Flask) -> None:
    check()


def test_migrations_are_numbered_in_one_line() -> None:
    script = ScriptDirectory(str(Path(__file__).resolve().parents[1] / "migrations"))
    numbers = [revision.revision for revision in script.walk_revisions()]
    assert numbers == [f"{number:04}" for number in range(len(numbers), 0, -1)]


def test_the_guards_in_the_database_are_there(any_app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        assert names("SELECT name FROM sqlite_master WHERE type = 'trigger'") == SQLITE_GUARDS
        return
    triggers = names("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    assert triggers | names("SELECT conname FROM pg_constraint WHERE contype = 'x'") == POSTGRESQL_GUARDS
