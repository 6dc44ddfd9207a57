"""Badges of learners, and blank ones for walk-ins."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LIVING = "replaced_at IS NULL AND learner_id IS NOT NULL"


def upgrade() -> None:
    op.create_table(
        "badge",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("class_id", KEY, nullable=True),
        sa.Column("blank_number", KEY, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", KEY, nullable=True),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tied_by", KEY, nullable=True),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by", KEY, nullable=True),
        sa.Column("replace_reason", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_class.id"], name=op.f("fk_badge_class_id_training_class")),
        sa.ForeignKeyConstraint(["issued_by"], ["staff.id"], name=op.f("fk_badge_issued_by_staff")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_badge_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_badge_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["replaced_by"], ["staff.id"], name=op.f("fk_badge_replaced_by_staff")),
        sa.ForeignKeyConstraint(["tied_by"], ["staff.id"], name=op.f("fk_badge_tied_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badge")),
        sa.UniqueConstraint("code", name=op.f("uq_badge_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_badge_public_id")),
    )
    with op.batch_alter_table("badge", schema=None) as batch_op:
        batch_op.create_index("ix_badge_class", ["class_id"], unique=False)
        batch_op.create_index("ix_badge_learner", ["learner_id"], unique=False)
        batch_op.create_index(
            "uq_badge_living",
            ["learner_id"],
            unique=True,
            sqlite_where=sa.text(LIVING),
            postgresql_where=sa.text(LIVING),
        )


def downgrade() -> None:
    op.drop_table("badge")
