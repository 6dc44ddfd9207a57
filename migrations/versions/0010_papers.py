"""Papers, their printed forms, and what is decided about a question afterwards."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "paper",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("instructions", sa.Text(), nullable=False),
        sa.Column("time_limit", KEY, nullable=False),
        sa.Column("entry_window", KEY, nullable=True),
        sa.Column("pass_percent", KEY, nullable=False),
        sa.Column("scale", KEY, nullable=False),
        sa.Column("layout", sa.String(length=4), nullable=False),
        sa.Column("shuffle_questions", sa.Boolean(), nullable=False),
        sa.Column("shuffle_options", sa.Boolean(), nullable=False),
        sa.Column("practice", sa.Boolean(), nullable=False),
        sa.Column("attempts_allowed", KEY, nullable=False),
        sa.Column("counts", sa.String(length=6), nullable=False),
        sa.Column("show_score", sa.String(length=10), nullable=False),
        sa.Column("show_answers", sa.Boolean(), nullable=False),
        sa.Column("require_present", sa.Boolean(), nullable=False),
        sa.Column("require_sessions", KEY, nullable=False),
        sa.Column("grace", KEY, nullable=False),
        sa.Column("retake_of_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("counts IN ('best', 'last', 'first')", name=op.f("ck_paper_counts")),
        sa.CheckConstraint("layout IN ('one', 'all')", name=op.f("ck_paper_layout")),
        sa.CheckConstraint("show_score IN ('at_once', 'after_end', 'never')", name=op.f("ck_paper_show_score")),
        sa.CheckConstraint("attempts_allowed BETWEEN 1 AND 20", name=op.f("ck_paper_attempts_allowed")),
        sa.CheckConstraint("pass_percent BETWEEN 0 AND 100", name=op.f("ck_paper_pass_percent")),
        sa.CheckConstraint("time_limit BETWEEN 1 AND 480", name=op.f("ck_paper_time_limit")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_paper_course_id_course")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_paper_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["retake_of_id"], ["paper.id"], name=op.f("fk_paper_retake_of_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_public_id")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_retake_of_id"), ["retake_of_id"], unique=False)
    op.create_table(
        "paper_part",
        sa.Column("id", KEY, nullable=False),
        sa.Column("paper_id", KEY, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("question_id", KEY, nullable=True),
        sa.Column("topic_id", KEY, nullable=True),
        sa.Column("draw_count", KEY, nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("(question_id IS NULL) <> (topic_id IS NULL)", name=op.f("ck_paper_part_fixed_or_drawn")),
        sa.CheckConstraint("draw_count BETWEEN 1 AND 200", name=op.f("ck_paper_part_draw_count")),
        sa.CheckConstraint("points > 0", name=op.f("ck_paper_part_points")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_paper_part_paper_id_paper")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_paper_part_question_id_question")),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["question_topic.id"], name=op.f("fk_paper_part_topic_id_question_topic")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_part")),
    )
    with op.batch_alter_table("paper_part", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_part_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_part_question_id"), ["question_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_paper_part_topic_id"), ["topic_id"], unique=False)
    op.create_table(
        "printed_form",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("paper_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=6), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_printed_form_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_printed_form_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_printed_form_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_printed_form")),
        sa.UniqueConstraint("paper_id", "code", name=op.f("uq_printed_form_paper_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_printed_form_public_id")),
    )
    with op.batch_alter_table("printed_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_printed_form_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "ruling",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("paper_id", KEY, nullable=False),
        sa.Column("question_id", KEY, nullable=False),
        sa.Column("action", sa.String(length=6), nullable=False),
        sa.Column("version_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.CheckConstraint("(action = 'rekey') = (version_id IS NOT NULL)", name=op.f("ck_ruling_version")),
        sa.CheckConstraint("action IN ('rekey', 'full', 'drop', 'none')", name=op.f("ck_ruling_action")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_ruling_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_ruling_paper_id_paper")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_ruling_question_id_question")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_ruling_staff_id_staff")),
        sa.ForeignKeyConstraint(
            ["version_id"], ["question_version.id"], name=op.f("fk_ruling_version_id_question_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ruling")),
    )
    with op.batch_alter_table("ruling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ruling_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ruling_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ruling_question_id"), ["question_id"], unique=False)


def downgrade() -> None:
    op.drop_table("ruling")
    op.drop_table("printed_form")
    op.drop_table("paper_part")
    op.drop_table("paper")
