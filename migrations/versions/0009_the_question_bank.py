"""The question bank: topics, questions, versions, pictures, imports."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "question_topic",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("name_fold", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_topic_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_topic")),
        sa.UniqueConstraint("organisation_id", "name_fold", name=op.f("uq_question_topic_organisation_id_name_fold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_topic_public_id")),
    )
    op.create_table(
        "question",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=True),
        sa.Column("topic_id", KEY, nullable=True),
        sa.Column("number", KEY, nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_question_course_id_course")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_question_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["topic_id"], ["question_topic.id"], name=op.f("fk_question_topic_id_question_topic")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_public_id")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_topic_id"), ["topic_id"], unique=False)
        batch_op.create_index("ix_question_where", ["organisation_id", "course_id", "topic_id"], unique=False)
    op.create_table(
        "question_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("question_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("feedback", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "kind IN ('single', 'multiple', 'true_false', 'numerical', 'short_answer', 'matching', 'ordering')",
            name=op.f("ck_question_version_kind"),
        ),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_question_version_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["question_id"], ["question.id"], name=op.f("fk_question_version_question_id_question")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_version")),
        sa.UniqueConstraint("question_id", "number", name=op.f("uq_question_version_question_id_number")),
    )
    op.create_table(
        "question_picture",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("width", KEY, nullable=False),
        sa.Column("height", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_question_picture_created_by_staff")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_question_picture_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_picture_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_picture")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_picture_public_id")),
    )
    with op.batch_alter_table("question_picture", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_picture_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "question_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=True),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", KEY, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", KEY, nullable=True),
        sa.CheckConstraint("format IN ('gift', 'aiken', 'sheet')", name=op.f("ck_question_import_format")),
        sa.CheckConstraint("state IN ('uploaded', 'confirmed', 'dropped')", name=op.f("ck_question_import_state")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_question_import_confirmed_by_staff")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_question_import_course_id_course")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_question_import_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_question_import_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"], name=op.f("fk_question_import_uploaded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_question_import_public_id")),
    )
    with op.batch_alter_table("question_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_import_organisation_id"), ["organisation_id"], unique=False)


def downgrade() -> None:
    op.drop_table("question_import")
    op.drop_table("question_picture")
    op.drop_table("question_version")
    op.drop_table("question")
    op.drop_table("question_topic")
