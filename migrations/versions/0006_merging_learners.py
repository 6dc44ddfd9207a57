"""That two learners are one person, with a journal that makes a split restore exactly."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.add_column(sa.Column("merged_into_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_learner_merged_into_id_learner"), "learner", ["merged_into_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_learner_merged_into_id"), ["merged_into_id"], unique=False)
    op.create_table(
        "learner_merge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("kept_id", KEY, nullable=False),
        sa.Column("gone_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("merged_by", KEY, nullable=True),
        sa.Column("split_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("split_by", KEY, nullable=True),
        sa.Column("split_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["gone_id"], ["learner.id"], name=op.f("fk_learner_merge_gone_id_learner")),
        sa.ForeignKeyConstraint(["kept_id"], ["learner.id"], name=op.f("fk_learner_merge_kept_id_learner")),
        sa.ForeignKeyConstraint(["merged_by"], ["staff.id"], name=op.f("fk_learner_merge_merged_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_learner_merge_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["split_by"], ["staff.id"], name=op.f("fk_learner_merge_split_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner_merge")),
        sa.UniqueConstraint("public_id", name=op.f("uq_learner_merge_public_id")),
    )
    with op.batch_alter_table("learner_merge", schema=None) as batch_op:
        for column in ("gone_id", "kept_id", "organisation_id"):
            batch_op.create_index(batch_op.f(f"ix_learner_merge_{column}"), [column], unique=False)
    op.create_table(
        "merge_line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("merge_id", KEY, nullable=False),
        sa.Column("table_name", sa.String(length=40), nullable=False),
        sa.Column("row_id", KEY, nullable=False),
        sa.Column("column_name", sa.String(length=40), nullable=False),
        sa.Column("old_value", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("new_value", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["merge_id"], ["learner_merge.id"], name=op.f("fk_merge_line_merge_id_learner_merge")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_line")),
    )
    with op.batch_alter_table("merge_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merge_line_merge_id"), ["merge_id"], unique=False)


def downgrade() -> None:
    op.drop_table("merge_line")
    op.drop_table("learner_merge")
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learner_merged_into_id"))
        batch_op.drop_constraint(batch_op.f("fk_learner_merged_into_id_learner"), type_="foreignkey")
        batch_op.drop_column("merged_into_id")
