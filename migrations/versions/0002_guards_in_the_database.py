"""What the database refuses by itself: changing what is append-only, and one room or trainer in two places.

PostgreSQL has exclusion constraints for the latter. SQLite has triggers: they look and refuse inside the
single write transaction, so that two writers cannot both see a free room.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entry", "audit_seal", "enrolment_change", "event", "scan")
RESOURCES = ("room", "trainer")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _upgrade_sqlite()
    else:
        _upgrade_postgresql()


def downgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            if on_sqlite:
                op.execute(f"DROP TRIGGER {table}_no_{verb}")
        if not on_sqlite:
            op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
    for resource in RESOURCES:
        if on_sqlite:
            op.execute(f"DROP TRIGGER booking_{resource}_free_insert")
            op.execute(f"DROP TRIGGER booking_{resource}_free_update")
        else:
            op.execute(f"ALTER TABLE booking DROP CONSTRAINT ex_booking_{resource}")
    if not on_sqlite:
        op.execute("DROP FUNCTION refuse_change()")


def _upgrade_sqlite() -> None:
    for table in APPEND_ONLY:
        for verb in ("update", "delete"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
    for resource in RESOURCES:
        column = f"{resource}_id"
        for verb in ("INSERT", "UPDATE"):
            op.execute(
                f"CREATE TRIGGER booking_{resource}_free_{verb.lower()} BEFORE {verb} ON booking"
                f" WHEN NEW.{column} IS NOT NULL AND EXISTS (SELECT 1 FROM booking AS other"
                f" WHERE other.{column} = NEW.{column} AND other.starts_at < NEW.ends_at"
                f" AND other.ends_at > NEW.starts_at AND other.id IS NOT NEW.id)"
                f" BEGIN SELECT RAISE(ABORT, 'ex_booking_{resource}'); END"
            )


def _upgrade_postgresql() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            sa.text(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
        )
    for resource in RESOURCES:
        op.execute(
            f"ALTER TABLE booking ADD CONSTRAINT ex_booking_{resource} EXCLUDE USING gist"
            f" ({resource}_id WITH =, tstzrange(starts_at, ends_at) WITH &&)"
            f" WHERE ({resource}_id IS NOT NULL)"
        )
