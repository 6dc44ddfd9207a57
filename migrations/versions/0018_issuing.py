"""Whom a batch is for, what of its lines should be looked at, and certificates found by name."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.add_column(sa.Column("scope", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("ready_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.alter_column("scope", server_default=None)
    with op.batch_alter_table("issue_line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_out_note", sa.String(length=300), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("problems", sa.String(length=100), nullable=False, server_default=""))
    with op.batch_alter_table("issue_line", schema=None) as batch_op:
        batch_op.alter_column("left_out_note", server_default=None)
        batch_op.alter_column("problems", server_default=None)
        batch_op.create_check_constraint(
            batch_op.f("ck_issue_line_left_out"), "left_out = '' OR certificate_id IS NULL"
        )
    op.create_index(op.f("ix_certificate_name"), "certificate", ["organisation_id", "name_fold"])


def downgrade() -> None:
    op.drop_index(op.f("ix_certificate_name"), table_name="certificate")
    with op.batch_alter_table("issue_line", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_issue_line_left_out"), type_="check")
        batch_op.drop_column("problems")
        batch_op.drop_column("left_out_note")
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.drop_column("ready_at")
        batch_op.drop_column("scope")
