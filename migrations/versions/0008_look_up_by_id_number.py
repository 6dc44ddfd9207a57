"""Find a learner by ID number without reading the whole organisation, those merged into another one too."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_learner_id_number", "learner", ["organisation_id", "id_number"])


def downgrade() -> None:
    op.drop_index("ix_learner_id_number", table_name="learner")
