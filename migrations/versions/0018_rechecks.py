"""Certificates to be looked at again, how far the clock has looked, and both lists for one person."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None

ONE = "uq_listed_learner_living"
LIVING = {"sqlite_where": sa.text("annulled_at IS NULL"), "postgresql_where": sa.text("annulled_at IS NULL")}
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("listed_learner", schema=None) as batch_op:
        batch_op.drop_index(ONE, **LIVING)
        batch_op.create_index(ONE, ["course_id", "learner_id", "kind"], unique=True, **LIVING)
    op.create_table(
        "certificate_recheck",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("certificate_id", KEY, nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_recheck_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_recheck_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_recheck")),
        sa.UniqueConstraint("certificate_id", name=op.f("uq_certificate_recheck_certificate_id")),
    )
    with op.batch_alter_table("certificate_recheck", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_recheck_organisation_id"), ["organisation_id"])
    op.create_table(
        "certification_watch",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("last_id", KEY, nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_certification_watch")),
    )


def downgrade() -> None:
    op.drop_table("certification_watch")
    with op.batch_alter_table("certificate_recheck", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_recheck_organisation_id"))
    op.drop_table("certificate_recheck")
    columns = ("course_id", "learner_id", "kind", "annulled_at")
    table = sa.table("listed_learner", *(sa.column(name) for name in columns))
    deny = table.alias("deny")
    both = (
        deny.c.course_id == table.c.course_id,
        deny.c.learner_id == table.c.learner_id,
        deny.c.kind == "deny",
        deny.c.annulled_at.is_(None),
    )
    op.execute(sa.delete(table).where(table.c.kind == "allow", table.c.annulled_at.is_(None), sa.exists().where(*both)))
    with op.batch_alter_table("listed_learner", schema=None) as batch_op:
        batch_op.drop_index(ONE, **LIVING)
        batch_op.create_index(ONE, ["course_id", "learner_id"], unique=True, **LIVING)
