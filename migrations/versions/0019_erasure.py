"""Requests to be erased, and who was; append-only tables let texts about a person become empty, and nothing else."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("state = 'open'")
#: Table, the column whose text may go, and what must not become of it.
ERASABLE = (
    ("enrolment_change", "reason", "NEW.reason <> ''"),
    ("event", "reason", "NEW.reason <> ''"),
    ("scan", "answer", "length(CAST(NEW.answer AS TEXT)) >= length(CAST(OLD.answer AS TEXT))"),
    ("tablet_item", "answer", "length(CAST(NEW.answer AS TEXT)) >= length(CAST(OLD.answer AS TEXT))"),
)


def upgrade() -> None:
    op.create_table(
        "erasure_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("identity", sa.String(length=300), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_by", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decision_reason", sa.String(length=300), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'erased', 'refused')", name=op.f("ck_erasure_request_state")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_erasure_request_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_erasure_request_learner_id_learner")),
        sa.ForeignKeyConstraint(["noted_by"], ["staff.id"], name=op.f("fk_erasure_request_noted_by_staff")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_erasure_request_decided_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_request")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasure_request_public_id")),
    )
    op.create_index("ix_erasure_request_due", "erasure_request", ["organisation_id", "state", "due_on"])
    op.create_index(op.f("ix_erasure_request_learner_id"), "erasure_request", ["learner_id"])
    op.create_index(
        "uq_erasure_request_open",
        "erasure_request",
        ["learner_id"],
        unique=True,
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.add_column("learner", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("stored_file", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for table, column, forbidden in ERASABLE:
        _unguard(table)
        _guard_but(table, column, forbidden)


def downgrade() -> None:
    for table, _column, _forbidden in ERASABLE:
        _unguard(table)
        _drop(table, "erase_only")
        _guard(table)
    op.drop_column("stored_file", "erased_at")
    op.drop_column("learner", "erased_at")
    op.drop_table("erasure_request")


def _guard(table: str) -> None:
    if not _on_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _guard_but(table: str, column: str, forbidden: str) -> None:
    """All other columns stay as they are, and this one may only become less."""
    found = sa.inspect(op.get_bind()).get_columns(table)
    others = ", ".join(one["name"] for one in found if one["name"] != column)
    if not _on_sqlite():
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OF {others} OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_erase_only BEFORE UPDATE OF {column} ON {table}"
            f" FOR EACH ROW WHEN ({forbidden}) EXECUTE FUNCTION refuse_change()"
        )
        return
    abort = f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    op.execute(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}" + abort)
    op.execute(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {others} ON {table}" + abort)
    op.execute(f"CREATE TRIGGER {table}_erase_only BEFORE UPDATE OF {column} ON {table} WHEN {forbidden}" + abort)


def _unguard(table: str) -> None:
    for name in ("no_update", "no_delete") if _on_sqlite() else ("append_only",):
        _drop(table, name)


def _drop(table: str, name: str) -> None:
    op.execute(f"DROP TRIGGER {table}_{name}" + ("" if _on_sqlite() else f" ON {table}"))


def _on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
