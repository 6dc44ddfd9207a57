"""What tablets brought and nobody could be found for, kept as it came."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "kept_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("tablet_id", KEY, nullable=False),
        sa.Column("scan_id", KEY, nullable=False),
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("session", sa.String(length=12), nullable=False),
        sa.Column("texts", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kept_item_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_kept_item_scan_id_scan")),
        sa.ForeignKeyConstraint(["tablet_id"], ["tablet.id"], name=op.f("fk_kept_item_tablet_id_tablet")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_item")),
        sa.UniqueConstraint("scan_id", name=op.f("uq_kept_item_scan_id")),
    )
    with op.batch_alter_table("kept_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_item_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_kept_item_tablet_id_uuid"), ["tablet_id", "uuid"], unique=False)


def downgrade() -> None:
    op.drop_table("kept_item")
