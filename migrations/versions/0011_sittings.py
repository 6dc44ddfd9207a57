"""Sittings, attempts and their answers; and screens that ask for the test."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sitting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("paper_id", KEY, nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("pool", sa.JSON(), nullable=False),
        sa.Column("version", KEY, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", KEY, nullable=True),
        sa.Column("paused_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retake", sa.Boolean(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", KEY, nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annul_reason", sa.String(length=300), nullable=False),
        sa.Column("kiosk_pin", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_sitting_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["ended_by"], ["staff.id"], name=op.f("fk_sitting_ended_by_staff")),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_sitting_opened_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_sitting_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_sitting_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sitting")),
        sa.UniqueConstraint("public_id", name=op.f("uq_sitting_public_id")),
    )
    with op.batch_alter_table("sitting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sitting_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sitting_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index("ix_sitting_session", ["class_session_id"], unique=False)
    op.create_table(
        "gate_pass",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("sitting_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("extra_minutes", KEY, nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_gate_pass_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_gate_pass_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_gate_pass_sitting_id_sitting")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_gate_pass_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_pass")),
        sa.UniqueConstraint("sitting_id", "learner_id", name=op.f("uq_gate_pass_sitting_id_learner_id")),
    )
    with op.batch_alter_table("gate_pass", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_pass_learner_id"), ["learner_id"], unique=False)
    op.create_table(
        "attempt",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("sitting_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("source", sa.String(length=6), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("seed", sa.LargeBinary(), nullable=False),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("form_id", KEY, nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_how", sa.String(length=9), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=True),
        sa.Column("device_number", KEY, nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_saved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered", KEY, nullable=False),
        sa.Column("marks", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("mark", sa.BigInteger(), nullable=True),
        sa.Column("out_of", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=4), nullable=False),
        sa.Column("marker", KEY, nullable=True),
        sa.Column("marked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annul_reason", sa.String(length=300), nullable=False),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_attempt_finished")),
        sa.CheckConstraint(
            "finished_how IN ('', 'submitted', 'time', 'ended', 'paper')", name=op.f("ck_attempt_finished_how")
        ),
        sa.CheckConstraint("outcome IN ('', 'pass', 'fail')", name=op.f("ck_attempt_outcome")),
        sa.CheckConstraint("source IN ('phone', 'kiosk', 'paper')", name=op.f("ck_attempt_source")),
        sa.CheckConstraint("state IN ('running', 'finished', 'annulled')", name=op.f("ck_attempt_state")),
        sa.ForeignKeyConstraint(["form_id"], ["printed_form.id"], name=op.f("fk_attempt_form_id_printed_form")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_attempt_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_attempt_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_attempt_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_public_id")),
        sa.UniqueConstraint("sitting_id", "learner_id", "number", name=op.f("uq_attempt_sitting_id_learner_id_number")),
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(
            "ix_attempt_due",
            ["deadline_at"],
            unique=False,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.create_index(batch_op.f("ix_attempt_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_attempt_one_running",
            ["sitting_id", "learner_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
    op.create_table(
        "attempt_device",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by", KEY, nullable=True),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_attempt_device_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["granted_by"], ["staff.id"], name=op.f("fk_attempt_device_granted_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt_device")),
        sa.UniqueConstraint("attempt_id", "device_hash", name=op.f("uq_attempt_device_attempt_id_device_hash")),
        sa.UniqueConstraint("public_id", name=op.f("uq_attempt_device_public_id")),
    )
    with op.batch_alter_table("attempt_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_device_device_hash"), ["device_hash"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sequence", KEY, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_response_attempt_id_attempt")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("attempt_id", "position", name=op.f("uq_response_attempt_id_position")),
    )
    op.create_table(
        "stray_answer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sequence", KEY, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_hash", sa.LargeBinary(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", KEY, nullable=True),
        sa.CheckConstraint("kind IN ('late', 'other_device')", name=op.f("ck_stray_answer_kind")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_stray_answer_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["taken_by"], ["staff.id"], name=op.f("fk_stray_answer_taken_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stray_answer")),
    )
    with op.batch_alter_table("stray_answer", schema=None) as batch_op:
        batch_op.create_index("ix_stray_answer_attempt", ["attempt_id", "position"], unique=False)
    op.create_table(
        "adjustment",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("attempt_id", KEY, nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["annulled_by"], ["staff.id"], name=op.f("fk_adjustment_annulled_by_staff")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_adjustment_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_adjustment_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustment")),
        sa.UniqueConstraint("public_id", name=op.f("uq_adjustment_public_id")),
    )
    with op.batch_alter_table("adjustment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_adjustment_attempt_id"), ["attempt_id"], unique=False)
    op.create_table(
        "kiosk",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("pairing_code", sa.String(length=6), nullable=False),
        sa.Column("pairing_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("organisation_id", KEY, nullable=True),
        sa.Column("sitting_id", KEY, nullable=True),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("attempt_id", KEY, nullable=True),
        sa.Column("paired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paired_by", KEY, nullable=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_kiosk_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_kiosk_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_kiosk_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["paired_by"], ["staff.id"], name=op.f("fk_kiosk_paired_by_staff")),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_kiosk_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kiosk")),
        sa.UniqueConstraint("public_id", name=op.f("uq_kiosk_public_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_kiosk_token_hash")),
    )
    with op.batch_alter_table("kiosk", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kiosk_attempt_id"), ["attempt_id"], unique=False)
        batch_op.create_index("ix_kiosk_pairing", ["pairing_code"], unique=False)
        batch_op.create_index(batch_op.f("ix_kiosk_sitting_id"), ["sitting_id"], unique=False)
    op.create_table(
        "paper_entry",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("sitting_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("form_id", KEY, nullable=False),
        sa.Column("round", KEY, nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempt_id", KEY, nullable=True),
        sa.CheckConstraint("round IN (1, 2)", name=op.f("ck_paper_entry_round")),
        sa.ForeignKeyConstraint(["attempt_id"], ["attempt.id"], name=op.f("fk_paper_entry_attempt_id_attempt")),
        sa.ForeignKeyConstraint(["entered_by"], ["staff.id"], name=op.f("fk_paper_entry_entered_by_staff")),
        sa.ForeignKeyConstraint(["form_id"], ["printed_form.id"], name=op.f("fk_paper_entry_form_id_printed_form")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_paper_entry_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_paper_entry_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["sitting_id"], ["sitting.id"], name=op.f("fk_paper_entry_sitting_id_sitting")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
        sa.UniqueConstraint("public_id", name=op.f("uq_paper_entry_public_id")),
    )
    with op.batch_alter_table("paper_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_entry_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(
            "uq_paper_entry_open",
            ["sitting_id", "learner_id", "round"],
            unique=True,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_register_showing"), type_="check")
        batch_op.alter_column("showing", existing_type=sa.String(length=3), type_=sa.String(length=4))
        batch_op.create_check_constraint(batch_op.f("ck_register_showing"), "showing IN ('in', 'out', 'test')")


def downgrade() -> None:
    op.execute("UPDATE register SET showing = 'in' WHERE showing = 'test'")
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_register_showing"), type_="check")
        batch_op.alter_column("showing", existing_type=sa.String(length=4), type_=sa.String(length=3))
        batch_op.create_check_constraint(batch_op.f("ck_register_showing"), "showing IN ('in', 'out')")
    op.drop_table("paper_entry")
    op.drop_table("kiosk")
    op.drop_table("adjustment")
    op.drop_table("stray_answer")
    op.drop_table("response")
    op.drop_table("attempt_device")
    op.drop_table("attempt")
    op.drop_table("gate_pass")
    op.drop_table("sitting")
