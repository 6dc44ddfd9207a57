"""Migrations lead up, down and up again on both databases, and end where the models are."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from classroom.accounts import services as accounts
from classroom.attendance.models import TabletClass
from classroom.core.db import db
from tests.factories import StaffFactory, actor_for, make_class
from tests.support.databases import opened

APPEND_ONLY = ("audit_entry", "audit_seal", "enrolment_change", "event", "scan", "tablet_item")
#: Of these a text about a person may be taken away, and nothing else.
ERASABLE = ("enrolment_change", "event", "scan", "tablet_item")
SQLITE_GUARDS = {
    *(f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")),
    *(f"{table}_erase_only" for table in ERASABLE),
    *(f"booking_{resource}_free_{verb}" for resource in ("room", "trainer") for verb in ("insert", "update")),
}
POSTGRESQL_GUARDS = {
    *(f"{table}_append_only" for table in APPEND_ONLY),
    *(f"{table}_erase_only" for table in ERASABLE),
    *(f"ex_booking_{resource}" for resource in ("room", "trainer")),
}
MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
BREAKS_A_REFERENCE = """
from alembic import op

revision = "9999"
down_revision = {head!r}


def upgrade():
    op.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    op.execute("CREATE TABLE child (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent (id))")
    op.execute("INSERT INTO child VALUES (1, 77)")
"""


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
    script = ScriptDirectory(str(MIGRATIONS))
    numbers = [revision.revision for revision in script.walk_revisions()]
    assert numbers == [f"{number:04}" for number in range(len(numbers), 0, -1)]


def test_the_guards_in_the_database_are_there(any_app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        assert names("SELECT name FROM sqlite_master WHERE type = 'trigger'") == SQLITE_GUARDS
        return
    triggers = names("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    assert triggers | names("SELECT conname FROM pg_constraint WHERE contype = 'x'") == POSTGRESQL_GUARDS


def test_a_migration_that_breaks_a_reference_leaves_nothing_behind(any_app: Flask, tmp_path: Path) -> None:
    copy = shutil.copytree(MIGRATIONS, tmp_path / "migrations")
    head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    (copy / "versions" / "9999_breaks.py").write_text(BREAKS_A_REFERENCE.format(head=head))
    before = tables()
    with pytest.raises((SystemExit, IntegrityError)):
        upgrade(directory=str(copy))
    assert tables() == before
    assert names("SELECT version_num FROM alembic_version") == {head}


def test_going_back_keeps_who_fetched_a_list_last(any_app: Flask) -> None:
    made, moment = make_class(), datetime(2026, 10, 14, tzinfo=UTC)
    coordinator = StaffFactory(role_names=("coordinator",))
    tablet, _code = accounts.add_tablet("Máy 01", actor=actor_for(coordinator))
    people = [coordinator.id, StaffFactory(role_names=("trainer",)).id, StaffFactory(role_names=("trainer",)).id]
    about = {"organisation_id": made.organisation_id, "tablet_id": tablet.id, "class_id": made.id}
    for one, hour in zip(people, (7, 9, 8), strict=True):
        db.session.add(TabletClass(**about, staff_id=one, fetched_at=moment + timedelta(hours=hour)))
    db.session.commit()
    downgrade(revision="0011")
    assert names("SELECT staff_id FROM tablet_class") == {people[1]}
    upgrade()


@pytest.mark.sqlite
def test_sqlite_minds_references_again_after_a_migration(app: Flask) -> None:
    downgrade()
    upgrade()
    with db.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
