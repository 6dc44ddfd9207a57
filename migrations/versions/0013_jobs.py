"""What was asked for and takes a while: jobs, claimed by workers under a lease."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
LIVING = "key <> '' AND state IN ('queued', 'running')"
PARTIAL = (
    ("uq_job_living", ["organisation_id", "task", "key"], LIVING, True),
    ("uq_job_living_of_all", ["task", "key"], f"organisation_id IS NULL AND {LIVING}", True),
    ("ix_job_waiting", ["not_before", "id"], "state = 'queued'", False),
    ("ix_job_leased", ["leased_until"], "state = 'running'", False),
)
WHOLE = (
    ("ix_job_recent", ["organisation_id", "id"]),
    ("ix_job_subject", ["organisation_id", "task", "subject_id", "id"]),
)
CHECKS = (
    ("state_known", "state IN ('queued', 'running', 'done', 'failed', 'cancelled')"),
    (
        "leased_while_running",
        "(state = 'running') = (lease IS NOT NULL) AND (state = 'running') = (leased_until IS NOT NULL)",
    ),
    ("finished_when_over", "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)"),
    ("counts", "done >= 0 AND total >= 0 AND attempts >= 0"),
)


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("task", sa.String(length=60), nullable=False),
        sa.Column("subject_id", KEY, nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("arguments", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("done", KEY, nullable=False),
        sa.Column("total", KEY, nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error_code", sa.String(length=60), nullable=False),
        sa.Column("error_details", sa.JSON(), nullable=False),
        sa.Column("attempts", KEY, nullable=False),
        sa.Column("not_before", MOMENT, nullable=False),
        sa.Column("leased_until", MOMENT, nullable=True),
        sa.Column("lease", sa.String(length=43), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("started_at", MOMENT, nullable=True),
        sa.Column("finished_at", MOMENT, nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_job_{name}")) for name, rule in CHECKS),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_job_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("public_id", name=op.f("uq_job_public_id")),
    )
    for name, columns, where, unique in PARTIAL:
        op.create_index(
            name, "job", columns, unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where)
        )
    for name, columns in WHOLE:
        op.create_index(name, "job", columns, unique=False)


def downgrade() -> None:
    op.drop_table("job")
