"""Tablets, the classes they serve, what they brought, and scans that came from them."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OUTCOMES = "outcome IN ('accepted', 'duplicate', 'refused', 'proposed')"
OUTCOMES_AFTER = "outcome IN ('accepted', 'duplicate', 'refused', 'proposed', 'quarantined')"


def upgrade() -> None:
    _make_tablets()
    _make_tablet_classes()
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.add_column(sa.Column("direction", sa.String(length=3), nullable=False, server_default="in"))
        batch_op.add_column(sa.Column("tablet_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("staff_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("device_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_scan_tablet_id_tablet"), "tablet", ["tablet_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_scan_staff_id_staff"), "staff", ["staff_id"], ["id"])
        batch_op.drop_constraint(batch_op.f("ck_scan_outcome"), type_="check")
        batch_op.alter_column("outcome", type_=sa.String(length=12), existing_type=sa.String(length=10))
        batch_op.create_check_constraint(batch_op.f("ck_scan_outcome"), OUTCOMES_AFTER)
        batch_op.create_check_constraint(batch_op.f("ck_scan_direction"), "direction IN ('in', 'out')")
        batch_op.create_index("ix_scan_tablet", ["tablet_id", "id"], unique=False)
    _guard_again("scan")
    _make_items()
    _make_hashes()


def downgrade() -> None:
    op.drop_table("id_hash")
    _unguard("tablet_item")
    op.drop_table("tablet_item")
    _unguard("scan")
    op.execute("DELETE FROM scan WHERE outcome = 'quarantined'")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_tablet")
        batch_op.drop_constraint(batch_op.f("ck_scan_direction"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_scan_outcome"), type_="check")
        batch_op.alter_column("outcome", type_=sa.String(length=10), existing_type=sa.String(length=12))
        batch_op.create_check_constraint(batch_op.f("ck_scan_outcome"), OUTCOMES)
        batch_op.drop_constraint(batch_op.f("fk_scan_staff_id_staff"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_scan_tablet_id_tablet"), type_="foreignkey")
        for column in ("device_at", "staff_id", "tablet_id", "direction"):
            batch_op.drop_column(column)
    _guard("scan")
    op.drop_table("tablet_class")
    op.drop_table("tablet")


def _make_tablets() -> None:
    op.create_table(
        "tablet",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("enrol_code_hash", sa.LargeBinary(), nullable=True),
        sa.Column("enrol_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("token_hash", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_by", KEY, nullable=True),
        sa.Column("revoke_reason", sa.String(length=300), nullable=False),
        sa.Column("last_contact_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_length", KEY, nullable=True),
        sa.Column("clock_ahead_ms", KEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tablet_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_tablet_created_by_staff")),
        sa.ForeignKeyConstraint(["revoked_by"], ["staff.id"], name=op.f("fk_tablet_revoked_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet")),
        sa.UniqueConstraint("enrol_code_hash", name=op.f("uq_tablet_enrol_code_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_tablet_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tablet_token_hash")),
    )
    with op.batch_alter_table("tablet", schema=None) as batch_op:
        batch_op.create_index(
            "uq_tablet_name",
            ["organisation_id", "name"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )


def _make_tablet_classes() -> None:
    op.create_table(
        "tablet_class",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("tablet_id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_tablet_class_class_id_training_class")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tablet_class_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_tablet_class_staff_id_staff")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_tablet_class_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_class")),
        sa.UniqueConstraint("tablet_id", "class_id", name=op.f("uq_tablet_class_tablet_id_class_id")),
    )
    with op.batch_alter_table("tablet_class", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tablet_class_class_id"), ["class_id"], unique=False)


def _make_items() -> None:
    op.create_table(
        "tablet_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("tablet_id", KEY, nullable=False),
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("scan_id", KEY, nullable=True),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_tablet_item_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_tablet_item_scan_id_scan")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_tablet_item_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tablet_item")),
        sa.UniqueConstraint("uuid", name=op.f("uq_tablet_item_uuid")),
    )
    with op.batch_alter_table("tablet_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tablet_item_tablet_id"), ["tablet_id"], unique=False)
    _guard("tablet_item")


def _make_hashes() -> None:
    op.create_table(
        "id_hash",
        sa.Column("id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("number_mac", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_class.id"], name=op.f("fk_id_hash_class_id_training_class")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_id_hash_learner_id_learner")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_id_hash")),
        sa.UniqueConstraint("class_id", "learner_id", name=op.f("uq_id_hash_class_id_learner_id")),
    )
    with op.batch_alter_table("id_hash", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_id_hash_learner_id"), ["learner_id"], unique=False)


def _guard_again(table: str) -> None:
    """SQLite copied the table, and with the old one its triggers went."""
    if op.get_bind().dialect.name == "sqlite":
        _guard(table)


def _guard(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
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


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{verb}")
