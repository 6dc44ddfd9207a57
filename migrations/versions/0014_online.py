"""Intakes, accounts, imports of results, records and matches."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_KEY = sa.String(800).with_variant(sa.String(800, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "online_source",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("mapping", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('template', 'open_edx', 'moodle', 'columns')", name=op.f("ck_online_source_kind")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_source_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_source")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_online_source_organisation_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_online_source_public_id")),
    )
    op.create_table(
        "intake",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("days", KEY, nullable=False),
        sa.Column("account_prefix", sa.String(length=40), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("days BETWEEN 1 AND 365", name=op.f("ck_intake_days")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_intake_course_id_course")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_intake_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_intake_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake")),
        sa.UniqueConstraint("course_id", "name", name=op.f("uq_intake_course_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_intake_public_id")),
    )
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "account_batch",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("intake_id", KEY, nullable=False),
        sa.Column("format", sa.String(length=12), nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_account_batch_created_by_staff")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_account_batch_intake_id_intake")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_account_batch_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_account_batch_public_id")),
    )
    with op.batch_alter_table("account_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_batch_intake_id"), ["intake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_account_batch_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "online_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("intake_id", KEY, nullable=False),
        sa.Column("source_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", KEY, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", KEY, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", KEY, nullable=True),
        sa.Column("undo_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "state IN ('uploaded', 'running', 'confirmed', 'undoing', 'undone', 'dropped')",
            name=op.f("ck_online_import_state"),
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_online_import_confirmed_by_staff")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_online_import_intake_id_intake")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_import_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["online_source.id"], name=op.f("fk_online_import_source_id_online_source")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_online_import_undone_by_staff")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"], name=op.f("fk_online_import_uploaded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_online_import_public_id")),
    )
    with op.batch_alter_table("online_import", schema=None) as batch_op:
        batch_op.create_index("ix_online_import_intake", ["intake_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_online_import_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "online_record",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("intake_id", KEY, nullable=False),
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
        sa.Column("retracted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retract_reason", sa.String(length=300), nullable=False),
        sa.Column("row_id", KEY, nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("link", sa.String(length=7), nullable=False),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("linked_how", sa.String(length=10), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("linked_by", KEY, nullable=True),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(link IN ('matched', 'own')) = (learner_id IS NOT NULL)", name=op.f("ck_online_record_linked")
        ),
        sa.CheckConstraint("link IN ('new', 'matched', 'own', 'queued')", name=op.f("ck_online_record_link")),
        sa.CheckConstraint("said IN ('', 'passed', 'failed')", name=op.f("ck_online_record_said")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_online_record_intake_id_intake")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_online_record_learner_id_learner")),
        sa.ForeignKeyConstraint(["linked_by"], ["staff.id"], name=op.f("fk_online_record_linked_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_record_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_record")),
        sa.UniqueConstraint("intake_id", "account_key", name=op.f("uq_online_record_intake_id_account_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_online_record_public_id")),
    )
    with op.batch_alter_table("online_record", schema=None) as batch_op:
        batch_op.create_index("ix_online_record_account", ["organisation_id", "account_key"], unique=False)
        batch_op.create_index("ix_online_record_id_number", ["organisation_id", "id_number"], unique=False)
        batch_op.create_index(batch_op.f("ix_online_record_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index("ix_online_record_link", ["organisation_id", "link"], unique=False)
        batch_op.create_index("ix_online_record_phone", ["organisation_id", "phone"], unique=False)
    op.create_table(
        "match_case",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.Column("rank", KEY, nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("done", sa.JSON(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'later', 'same', 'different', 'gone')", name=op.f("ck_match_case_state")),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_match_case_decided_by_staff")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_match_case_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_match_case_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["online_record.id"], name=op.f("fk_match_case_record_id_online_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_case")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_case_public_id")),
        sa.UniqueConstraint("record_id", name=op.f("uq_match_case_record_id")),
    )
    with op.batch_alter_table("match_case", schema=None) as batch_op:
        batch_op.create_index("ix_match_case_queue", ["organisation_id", "state", "rank"], unique=False)
    op.create_table(
        "match_denial",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_match_denial_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_match_denial_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["online_record.id"], name=op.f("fk_match_denial_record_id_online_record")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_match_denial_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_denial")),
        sa.UniqueConstraint("record_id", "learner_id", name=op.f("uq_match_denial_record_id_learner_id")),
    )
    with op.batch_alter_table("match_denial", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_denial_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_denial_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "match_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("kind", sa.String(length=9), nullable=False),
        sa.Column("how", sa.String(length=10), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("merge_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint(
            "kind IN ('linked', 'own', 'queued', 'same', 'different', 'unlinked', 'undone', 'merged', 'split')",
            name=op.f("ck_match_event_kind"),
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_match_event_learner_id_learner")),
        sa.ForeignKeyConstraint(["merge_id"], ["learner_merge.id"], name=op.f("fk_match_event_merge_id_learner_merge")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_match_event_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["online_record.id"], name=op.f("fk_match_event_record_id_online_record")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_match_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_event")),
    )
    with op.batch_alter_table("match_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_match_event_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_match_event_record_id"), ["record_id"], unique=False)
    op.create_table(
        "online_account",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("intake_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("batch_id", KEY, nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("issued_how", sa.String(length=6), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annul_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("issued_how IN ('', 'import', 'hand')", name=op.f("ck_online_account_issued_how")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["account_batch.id"], name=op.f("fk_online_account_batch_id_account_batch")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_online_account_created_by_staff")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_online_account_intake_id_intake")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_online_account_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_account_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_account")),
        sa.UniqueConstraint("intake_id", "key", name=op.f("uq_online_account_intake_id_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_online_account_public_id")),
    )
    with op.batch_alter_table("online_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_online_account_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index("ix_online_account_key", ["organisation_id", "key"], unique=False)
        batch_op.create_index(batch_op.f("ix_online_account_learner_id"), ["learner_id"], unique=False)
    op.create_table(
        "online_import_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=8), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("role IN ('results', 'profiles')", name=op.f("ck_online_import_file_role")),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_online_import_file_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["online_import.id"], name=op.f("fk_online_import_file_import_id_online_import")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_import_file_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_import_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_online_import_file_public_id")),
    )
    with op.batch_alter_table("online_import_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_online_import_file_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_online_import_file_sha256"), ["sha256"], unique=False)
    op.create_table(
        "online_import_row",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("import_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("account_key", sa.String(length=120), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("effect", sa.String(length=10), nullable=False),
        sa.Column("record_id", KEY, nullable=True),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.CheckConstraint(
            "effect IN ('staged', 'new', 'better', 'worse', 'other', 'same', 'older', 'retracted', 'skipped')",
            name=op.f("ck_online_import_row_effect"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["online_import.id"], name=op.f("fk_online_import_row_import_id_online_import")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_online_import_row_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["record_id"], ["online_record.id"], name=op.f("fk_online_import_row_record_id_online_record")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_online_import_row")),
    )
    with op.batch_alter_table("online_import_row", schema=None) as batch_op:
        batch_op.create_index("ix_online_import_row_account", ["import_id", "account_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_online_import_row_record_id"), ["record_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("online_import_row", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_import_row_record_id"))
        batch_op.drop_index("ix_online_import_row_account")
    op.drop_table("online_import_row")
    with op.batch_alter_table("online_import_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_import_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_online_import_file_import_id"))
    op.drop_table("online_import_file")
    with op.batch_alter_table("online_account", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_account_learner_id"))
        batch_op.drop_index("ix_online_account_key")
        batch_op.drop_index(batch_op.f("ix_online_account_batch_id"))
    op.drop_table("online_account")
    with op.batch_alter_table("match_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_event_record_id"))
        batch_op.drop_index(batch_op.f("ix_match_event_learner_id"))
    op.drop_table("match_event")
    with op.batch_alter_table("match_denial", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_match_denial_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_match_denial_learner_id"))
    op.drop_table("match_denial")
    with op.batch_alter_table("match_case", schema=None) as batch_op:
        batch_op.drop_index("ix_match_case_queue")
    op.drop_table("match_case")
    with op.batch_alter_table("online_record", schema=None) as batch_op:
        batch_op.drop_index("ix_online_record_phone")
        batch_op.drop_index("ix_online_record_link")
        batch_op.drop_index(batch_op.f("ix_online_record_learner_id"))
        batch_op.drop_index("ix_online_record_id_number")
        batch_op.drop_index("ix_online_record_account")
    op.drop_table("online_record")
    with op.batch_alter_table("online_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_online_import_organisation_id"))
        batch_op.drop_index("ix_online_import_intake")
    op.drop_table("online_import")
    with op.batch_alter_table("account_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_account_batch_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_account_batch_intake_id"))
    op.drop_table("account_batch")
    with op.batch_alter_table("intake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_organisation_id"))
    op.drop_table("intake")
    op.drop_table("online_source")
