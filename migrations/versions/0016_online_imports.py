"""Where an import prepares its records, which result is kept, and one import of an intake at work at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_KEY = sa.String(800).with_variant(sa.String(800, collation="C"), "postgresql")
AT_WORK = sa.text("state IN ('running', 'undoing')")


def upgrade() -> None:
    op.create_table(
        "online_staged",
        sa.Column("row_id", KEY, autoincrement=False, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=True),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("account_key", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", sa.String(length=200), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("birth_year", KEY, nullable=True),
        sa.Column("id_number", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("unit_fold", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", sa.BigInteger(), nullable=True),
        sa.Column("score", sa.BigInteger(), nullable=True),
        sa.Column("said", sa.String(length=6), nullable=False),
        sa.Column("says_row_id", KEY, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["online_import.id"], name=op.f("fk_online_staged_import_id_online_import")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_staged_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["online_record.id"], name=op.f("fk_online_staged_record_id_online_record")
        ),
        sa.ForeignKeyConstraint(
            ["row_id"], ["online_import_row.id"], name=op.f("fk_online_staged_row_id_online_import_row")
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_online_staged")),
    )
    with op.batch_alter_table("online_staged", schema=None) as batch_op:
        batch_op.create_index("ix_online_staged_import", ["import_id", "record_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_online_staged_record_id"), ["record_id"], unique=False)
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.add_column(sa.Column("keeps", sa.String(length=6), nullable=False, server_default="best"))
        batch_op.create_check_constraint("keeps", "keeps IN ('best', 'latest')")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.alter_column("keeps", existing_type=sa.String(length=6), server_default=None)
    op.create_index(
        "uq_online_import_at_work",
        "online_import",
        ["intake_id"],
        unique=True,
        sqlite_where=AT_WORK,
        postgresql_where=AT_WORK,
    )


def downgrade() -> None:
    op.drop_index("uq_online_import_at_work", "online_import")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_intake_keeps"), type_="check")
        batch_op.drop_column("keeps")
    op.drop_table("online_staged")
