"""That two are different people outlives a record that an undone import takes along."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("match_denial", schema=None) as batch_op:
        batch_op.add_column(sa.Column("intake_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("account_key", sa.String(length=120), nullable=False, server_default=""))
        batch_op.alter_column("record_id", existing_type=KEY, nullable=True)
        batch_op.create_index("ix_match_denial_account", ["intake_id", "account_key"])
        batch_op.create_foreign_key(batch_op.f("fk_match_denial_intake_id_intake"), "intake", ["intake_id"], ["id"])
        batch_op.create_check_constraint(
            batch_op.f("ck_match_denial_account"), "(record_id IS NULL) = (account_key <> '')"
        )
    with op.batch_alter_table("match_denial", schema=None) as batch_op:
        batch_op.alter_column("account_key", existing_type=sa.String(length=120), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM match_denial WHERE record_id IS NULL")
    with op.batch_alter_table("match_denial", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_match_denial_account"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_match_denial_intake_id_intake"), type_="foreignkey")
        batch_op.drop_index("ix_match_denial_account")
        batch_op.alter_column("record_id", existing_type=KEY, nullable=False)
        batch_op.drop_column("account_key")
        batch_op.drop_column("intake_id")
