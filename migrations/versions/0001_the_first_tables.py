"""Organisations, staff, learners, classes, attendance, audit: the first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_KEY = sa.String(length=800).with_variant(sa.String(length=800, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.String(length=16), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", KEY, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("payload_digest", sa.LargeBinary(), nullable=True),
        sa.Column("origin", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(
            "ix_audit_entry_subject", ["organisation_id", "subject_kind", "subject_id", "id"], unique=False
        )

    op.create_table(
        "organisation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parent_name", sa.String(length=200), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_organisation_public_id")),
    )
    op.create_table(
        "periodic_task",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_periodic_task")),
    )
    op.create_table(
        "setup_link",
        sa.Column("id", KEY, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_setup_link_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_setup_link")),
    )
    op.create_table(
        "stored_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("filename", sa.String(length=255), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_stored_file_public_id")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "throttle",
        sa.Column("id", KEY, nullable=False),
        sa.Column("scope", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle")),
        sa.UniqueConstraint("scope", "key", "window_start", name=op.f("uq_throttle_scope_key_window_start")),
    )
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_throttle_window_start"), ["window_start"], unique=False)

    op.create_table(
        "audit_payload",
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_payload_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_payload")),
    )
    op.create_table(
        "audit_seal",
        sa.Column("number", KEY, autoincrement=False, nullable=False),
        sa.Column("entry_id", KEY, nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["audit_entry.id"], name=op.f("fk_audit_seal_entry_id_audit_entry")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
    )
    op.create_table(
        "inbox_item",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("class_id", KEY, nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decision", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_inbox_item_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_item")),
        sa.UniqueConstraint("organisation_id", "kind", "key", name=op.f("uq_inbox_item_organisation_id_kind_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_inbox_item_public_id")),
    )
    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_item_open", ["organisation_id", "decided_at", "id"], unique=False)

    op.create_table(
        "learner",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("name_fold", sa.String(length=200), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("born_on", sa.Date(), nullable=True),
        sa.Column("birth_year", KEY, nullable=True),
        sa.Column("sex", sa.String(length=6), nullable=False),
        sa.Column("id_number", sa.String(length=12), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("audience", sa.String(length=10), nullable=False),
        sa.Column("position", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("unit_fold", sa.String(length=200), nullable=False),
        sa.Column("commune", sa.String(length=120), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("audience IN ('official', 'citizen', 'business', '')", name=op.f("ck_learner_audience")),
        sa.CheckConstraint("sex IN ('male', 'female', '')", name=op.f("ck_learner_sex")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_learner_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learner")),
        sa.UniqueConstraint("organisation_id", "code", name=op.f("uq_learner_organisation_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_learner_public_id")),
    )
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_learner_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index("ix_learner_phone", ["organisation_id", "phone"], unique=False)
        batch_op.create_index("ix_learner_sort", ["organisation_id", "sort_key"], unique=False)
        batch_op.create_index(
            "uq_learner_id_number",
            ["organisation_id", "id_number"],
            unique=True,
            sqlite_where=sa.text("id_number <> '' AND annulled_at IS NULL"),
            postgresql_where=sa.text("id_number <> '' AND annulled_at IS NULL"),
        )

    op.create_table(
        "programme",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_programme_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_programme_organisation_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_programme_public_id")),
    )
    op.create_table(
        "staff",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("username", sa.String(length=120), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("is_operator", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_staff_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("public_id", name=op.f("uq_staff_public_id")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_username")),
    )
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "venue",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_venue_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue")),
        sa.UniqueConstraint("organisation_id", "name", name=op.f("uq_venue_organisation_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_venue_public_id")),
    )
    op.create_table(
        "binding",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_binding_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_binding_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_binding")),
        sa.UniqueConstraint("browser_hash", "learner_id", name=op.f("uq_binding_browser_hash_learner_id")),
    )
    with op.batch_alter_table("binding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_binding_learner_id"), ["learner_id"], unique=False)

    op.create_table(
        "course",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("programme_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("sessions_planned", KEY, nullable=False),
        sa.Column("sessions_required", KEY, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_course_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name=op.f("fk_course_programme_id_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_course")),
        sa.UniqueConstraint("programme_id", "name", name=op.f("uq_course_programme_id_name")),
        sa.UniqueConstraint("public_id", name=op.f("uq_course_public_id")),
    )
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_course_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "room",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("venue_id", KEY, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("seats", KEY, nullable=True),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_room_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["venue_id"], ["venue.id"], name=op.f("fk_room_venue_id_venue")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("public_id", name=op.f("uq_room_public_id")),
        sa.UniqueConstraint("venue_id", "name", name=op.f("uq_room_venue_id_name")),
    )
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_room_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "staff_link",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_link_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_link_token_hash")),
    )
    with op.batch_alter_table("staff_link", schema=None) as batch_op:
        batch_op.create_index(
            "uq_staff_link_open",
            ["staff_id"],
            unique=True,
            sqlite_where=sa.text("used_at IS NULL AND annulled_at IS NULL"),
            postgresql_where=sa.text("used_at IS NULL AND annulled_at IS NULL"),
        )

    op.create_table(
        "staff_role",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role IN ('administrator', 'coordinator', 'trainer', 'viewer')", name=op.f("ck_staff_role_role")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_role_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_role")),
        sa.UniqueConstraint("staff_id", "role", name=op.f("uq_staff_role_staff_id_role")),
    )
    op.create_table(
        "staff_session",
        sa.Column("id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("idle_minutes", KEY, nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("user_agent", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_staff_session_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_session_token_hash")),
    )
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_session_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "training_class",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("room_id", KEY, nullable=True),
        sa.Column("capacity", KEY, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("code_period", KEY, nullable=False),
        sa.Column("opens_before", KEY, nullable=False),
        sa.Column("late_after", KEY, nullable=False),
        sa.Column("typed_code", sa.Boolean(), nullable=False),
        sa.Column("fixed_code", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_training_class_capacity")),
        sa.CheckConstraint("code_period BETWEEN 5 AND 60", name=op.f("ck_training_class_code_period")),
        sa.CheckConstraint("late_after >= 0", name=op.f("ck_training_class_late_after")),
        sa.CheckConstraint("opens_before >= 0", name=op.f("ck_training_class_opens_before")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_training_class_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_training_class_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_training_class_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_training_class")),
        sa.UniqueConstraint("course_id", "code", name=op.f("uq_training_class_course_id_code")),
        sa.UniqueConstraint("public_id", name=op.f("uq_training_class_public_id")),
    )
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_training_class_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "class_session",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("day_number", KEY, nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("topic", sa.String(length=300), nullable=False),
        sa.Column("room_id", KEY, nullable=True),
        sa.Column("trainer_id", KEY, nullable=True),
        sa.Column("substitute_id", KEY, nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("move_reason", sa.String(length=300), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("part IN ('morning', 'afternoon', 'evening')", name=op.f("ck_class_session_part")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_class_session_order")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_class_session_class_id_training_class")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_class_session_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_class_session_room_id_room")),
        sa.ForeignKeyConstraint(["substitute_id"], ["staff.id"], name=op.f("fk_class_session_substitute_id_staff")),
        sa.ForeignKeyConstraint(["trainer_id"], ["staff.id"], name=op.f("fk_class_session_trainer_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_session")),
        sa.UniqueConstraint("class_id", "number", name=op.f("uq_class_session_class_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_class_session_public_id")),
    )
    with op.batch_alter_table("class_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_session_substitute_id"), ["substitute_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_class_session_trainer_id"), ["trainer_id"], unique=False)
        batch_op.create_index("ix_class_session_when", ["organisation_id", "starts_at"], unique=False)

    op.create_table(
        "class_trainer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=False),
        sa.Column("staff_id", KEY, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_class_trainer_class_id_training_class")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_class_trainer_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_class_trainer")),
        sa.UniqueConstraint("class_id", "staff_id", name=op.f("uq_class_trainer_class_id_staff_id")),
    )
    with op.batch_alter_table("class_trainer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_class_trainer_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "enrolment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=300), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["class_id"], ["training_class.id"], name=op.f("fk_enrolment_class_id_training_class")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_enrolment_course_id_course")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_enrolment_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_enrolment_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
        sa.UniqueConstraint("class_id", "learner_id", name=op.f("uq_enrolment_class_id_learner_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_enrolment_public_id")),
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index("ix_enrolment_learner", ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enrolment_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_enrolment_one_class_per_course",
            ["course_id", "learner_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "roster_import",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=True),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("journal", sa.JSON(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", KEY, nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", KEY, nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", KEY, nullable=True),
        sa.CheckConstraint(
            "state IN ('uploaded', 'confirmed', 'undone', 'dropped')", name=op.f("ck_roster_import_state")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_roster_import_class_id_training_class")
        ),
        sa.ForeignKeyConstraint(["confirmed_by"], ["staff.id"], name=op.f("fk_roster_import_confirmed_by_staff")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_roster_import_course_id_course")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_roster_import_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_roster_import_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["undone_by"], ["staff.id"], name=op.f("fk_roster_import_undone_by_staff")),
        sa.ForeignKeyConstraint(["uploaded_by"], ["staff.id"], name=op.f("fk_roster_import_uploaded_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_import")),
        sa.UniqueConstraint("public_id", name=op.f("uq_roster_import_public_id")),
    )
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_roster_import_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "booking",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("room_id", KEY, nullable=True),
        sa.Column("trainer_id", KEY, nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(room_id IS NULL) <> (trainer_id IS NULL)", name=op.f("ck_booking_one_resource")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_booking_order")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_booking_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_booking_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_booking_room_id_room")),
        sa.ForeignKeyConstraint(["trainer_id"], ["staff.id"], name=op.f("fk_booking_trainer_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
    )
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_class_session_id"), ["class_session_id"], unique=False)
        batch_op.create_index("ix_booking_room", ["room_id", "starts_at"], unique=False)
        batch_op.create_index("ix_booking_trainer", ["trainer_id", "starts_at"], unique=False)

    op.create_table(
        "checkin_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("grant_nonce", sa.String(length=64), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.Column("enrolment_id", KEY, nullable=True),
        sa.CheckConstraint("decision IN ('', 'matched', 'dismissed')", name=op.f("ck_checkin_request_decision")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_checkin_request_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_checkin_request_decided_by_staff")),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_checkin_request_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_checkin_request_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_request")),
        sa.UniqueConstraint(
            "class_session_id", "grant_nonce", name=op.f("uq_checkin_request_class_session_id_grant_nonce")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_checkin_request_public_id")),
    )
    with op.batch_alter_table("checkin_request", schema=None) as batch_op:
        batch_op.create_index(
            "uq_checkin_request_number",
            ["class_session_id", "number"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "enrolment_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("roster_import_id", KEY, nullable=True),
        sa.CheckConstraint(
            "kind IN ('enrolled', 'withdrawn', 'rejoined', 'moved_out', 'moved_in', 'undone')",
            name=op.f("ck_enrolment_change_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_enrolment_change_enrolment_id_enrolment")
        ),
        sa.ForeignKeyConstraint(
            ["roster_import_id"], ["roster_import.id"], name=op.f("fk_enrolment_change_roster_import_id_roster_import")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_enrolment_change_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment_change")),
    )
    with op.batch_alter_table("enrolment_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enrolment_change_enrolment_id"), ["enrolment_id"], unique=False)

    op.create_table(
        "register",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("opened_by", KEY, nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", KEY, nullable=True),
        sa.Column("closed_how", sa.String(length=8), nullable=False),
        sa.Column("head_count", KEY, nullable=True),
        sa.Column("notes", sa.String(length=1000), nullable=False),
        sa.Column("signed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_off_by", KEY, nullable=True),
        sa.Column("typed_failures", KEY, nullable=False),
        sa.Column("typed_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("closed_how IN ('', 'trainer', 'auto')", name=op.f("ck_register_closed_how")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_register_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["closed_by"], ["staff.id"], name=op.f("fk_register_closed_by_staff")),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_register_opened_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_register_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["signed_off_by"], ["staff.id"], name=op.f("fk_register_signed_off_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("class_session_id", name=op.f("uq_register_class_session_id")),
    )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "scan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("class_session_id", KEY, nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("uuid", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("enrolment_id", KEY, nullable=True),
        sa.Column("binding_id", KEY, nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("refusal", sa.String(length=60), nullable=False),
        sa.Column("answer", sa.JSON(), nullable=False),
        sa.CheckConstraint("outcome IN ('accepted', 'duplicate', 'refused', 'proposed')", name=op.f("ck_scan_outcome")),
        sa.ForeignKeyConstraint(["binding_id"], ["binding.id"], name=op.f("fk_scan_binding_id_binding")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_scan_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_scan_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_scan_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_scan_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan")),
        sa.UniqueConstraint("source", "uuid", name=op.f("uq_scan_source_uuid")),
    )
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_scan_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index("ix_scan_session", ["class_session_id", "id"], unique=False)

    op.create_table(
        "screen",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("pairing_code", sa.String(length=6), nullable=False),
        sa.Column("pairing_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("class_session_id", KEY, nullable=True),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paired_by", KEY, nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_screen_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_screen_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["paired_by"], ["staff.id"], name=op.f("fk_screen_paired_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_screen")),
        sa.UniqueConstraint("public_id", name=op.f("uq_screen_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_screen_token_hash")),
    )
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_screen_class_session_id"), ["class_session_id"], unique=False)
        batch_op.create_index("ix_screen_pairing", ["pairing_code"], unique=False)

    op.create_table(
        "session_range",
        sa.Column("id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_session_range_order")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_session_range_class_session_id_class_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session_range")),
    )
    with op.batch_alter_table("session_range", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_session_range_class_session_id"), ["class_session_id"], unique=False)

    op.create_table(
        "event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("scan_id", KEY, nullable=True),
        sa.Column("annuls_id", KEY, nullable=True),
        sa.Column("after_sign_off", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('scan', 'manual', 'absence', 'undo', 'correction', 'late_release')", name=op.f("ck_event_kind")
        ),
        sa.ForeignKeyConstraint(["annuls_id"], ["event.id"], name=op.f("fk_event_annuls_id_event")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_event_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_event_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_event_scan_id_scan")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event")),
        sa.UniqueConstraint("public_id", name=op.f("uq_event_public_id")),
    )
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index("ix_event_mark", ["class_session_id", "enrolment_id", "id"], unique=False)

    op.create_table(
        "flag",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("scan_id", KEY, nullable=False),
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("other_learner_id", KEY, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", KEY, nullable=True),
        sa.Column("decision", sa.String(length=10), nullable=False),
        sa.CheckConstraint("decision IN ('', 'fine', 'rejected')", name=op.f("ck_flag_decision")),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_flag_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["staff.id"], name=op.f("fk_flag_decided_by_staff")),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_flag_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_flag_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["other_learner_id"], ["learner.id"], name=op.f("fk_flag_other_learner_id_learner")),
        sa.ForeignKeyConstraint(["scan_id"], ["scan.id"], name=op.f("fk_flag_scan_id_scan")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("class_session_id", "kind", "scan_id", name=op.f("uq_flag_class_session_id_kind_scan_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_flag_public_id")),
    )
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_flag_class_session_id"), ["class_session_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("status", sa.String(length=14), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("by_hand", sa.Boolean(), nullable=False),
        sa.Column("after_sign_off", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("event_id", KEY, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('present', 'late', 'left_early', 'excused', 'absent', 'unmarked')", name=op.f("ck_mark_status")
        ),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_mark_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_mark_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_mark_event_id_event")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_mark_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("class_session_id", "enrolment_id", name=op.f("uq_mark_class_session_id_enrolment_id")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index("ix_mark_enrolment", ["enrolment_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index("ix_mark_enrolment")

    op.drop_table("mark")
    with op.batch_alter_table("flag", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_flag_class_session_id"))

    op.drop_table("flag")
    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.drop_index("ix_event_mark")

    op.drop_table("event")
    with op.batch_alter_table("session_range", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_session_range_class_session_id"))

    op.drop_table("session_range")
    with op.batch_alter_table("screen", schema=None) as batch_op:
        batch_op.drop_index("ix_screen_pairing")
        batch_op.drop_index(batch_op.f("ix_screen_class_session_id"))

    op.drop_table("screen")
    with op.batch_alter_table("scan", schema=None) as batch_op:
        batch_op.drop_index("ix_scan_session")
        batch_op.drop_index(batch_op.f("ix_scan_learner_id"))

    op.drop_table("scan")
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_organisation_id"))

    op.drop_table("register")
    with op.batch_alter_table("enrolment_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_change_enrolment_id"))

    op.drop_table("enrolment_change")
    with op.batch_alter_table("checkin_request", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_checkin_request_number",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.drop_table("checkin_request")
    with op.batch_alter_table("booking", schema=None) as batch_op:
        batch_op.drop_index("ix_booking_trainer")
        batch_op.drop_index("ix_booking_room")
        batch_op.drop_index(batch_op.f("ix_booking_class_session_id"))

    op.drop_table("booking")
    with op.batch_alter_table("roster_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_roster_import_organisation_id"))

    op.drop_table("roster_import")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enrolment_one_class_per_course",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_enrolment_organisation_id"))
        batch_op.drop_index("ix_enrolment_learner")

    op.drop_table("enrolment")
    with op.batch_alter_table("class_trainer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_class_trainer_staff_id"))

    op.drop_table("class_trainer")
    with op.batch_alter_table("class_session", schema=None) as batch_op:
        batch_op.drop_index("ix_class_session_when")
        batch_op.drop_index(batch_op.f("ix_class_session_trainer_id"))
        batch_op.drop_index(batch_op.f("ix_class_session_substitute_id"))

    op.drop_table("class_session")
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_training_class_organisation_id"))

    op.drop_table("training_class")
    with op.batch_alter_table("staff_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_session_staff_id"))

    op.drop_table("staff_session")
    op.drop_table("staff_role")
    with op.batch_alter_table("staff_link", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_staff_link_open",
            sqlite_where=sa.text("used_at IS NULL AND annulled_at IS NULL"),
            postgresql_where=sa.text("used_at IS NULL AND annulled_at IS NULL"),
        )

    op.drop_table("staff_link")
    with op.batch_alter_table("room", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_room_organisation_id"))

    op.drop_table("room")
    with op.batch_alter_table("course", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_course_organisation_id"))

    op.drop_table("course")
    with op.batch_alter_table("binding", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_binding_learner_id"))

    op.drop_table("binding")
    op.drop_table("venue")
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_organisation_id"))

    op.drop_table("staff")
    op.drop_table("programme")
    with op.batch_alter_table("learner", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_learner_id_number",
            sqlite_where=sa.text("id_number <> '' AND annulled_at IS NULL"),
            postgresql_where=sa.text("id_number <> '' AND annulled_at IS NULL"),
        )
        batch_op.drop_index("ix_learner_sort")
        batch_op.drop_index("ix_learner_phone")
        batch_op.drop_index(batch_op.f("ix_learner_organisation_id"))

    op.drop_table("learner")
    with op.batch_alter_table("inbox_item", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_item_open")

    op.drop_table("inbox_item")
    op.drop_table("audit_seal")
    op.drop_table("audit_payload")
    with op.batch_alter_table("throttle", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_throttle_window_start"))

    op.drop_table("throttle")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_organisation_id"))

    op.drop_table("stored_file")
    op.drop_table("setup_link")
    op.drop_table("periodic_task")
    op.drop_table("organisation")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")

    op.drop_table("audit_entry")
