"""Rules, outcomes, batches, certificates and what was printed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SORT_KEY = sa.String(800).with_variant(sa.String(800, collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "certificate_counter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("year", KEY, nullable=False),
        sa.Column("last", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_counter_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_counter")),
        sa.UniqueConstraint("organisation_id", "year", name=op.f("uq_certificate_counter_organisation_id_year")),
    )
    op.create_table(
        "certificate_settings",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("number_pattern", sa.String(length=80), nullable=False),
        sa.Column("organisation_code", sa.String(length=30), nullable=False),
        sa.Column("four_eyes", sa.Boolean(), nullable=False),
        sa.Column("verify_url", sa.String(length=200), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_settings_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_settings")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_certificate_settings_organisation_id")),
    )
    op.create_table(
        "unit_alias",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("alias_fold", sa.String(length=200), nullable=False),
        sa.Column("alias", sa.String(length=200), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_unit_alias_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_alias")),
        sa.UniqueConstraint("organisation_id", "alias_fold", name=op.f("uq_unit_alias_organisation_id_alias_fold")),
        sa.UniqueConstraint("public_id", name=op.f("uq_unit_alias_public_id")),
    )
    op.create_table(
        "certificate_template",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=True),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("logo_file_id", KEY, nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_template_course_id_course")),
        sa.ForeignKeyConstraint(
            ["logo_file_id"], ["stored_file.id"], name=op.f("fk_certificate_template_logo_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_template_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["updated_by"], ["staff.id"], name=op.f("fk_certificate_template_updated_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_template")),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_template_public_id")),
    )
    with op.batch_alter_table("certificate_template", schema=None) as batch_op:
        batch_op.create_index(
            "uq_certificate_template_course",
            ["organisation_id", "course_id"],
            unique=True,
            sqlite_where=sa.text("course_id IS NOT NULL"),
            postgresql_where=sa.text("course_id IS NOT NULL"),
        )
        batch_op.create_index(
            "uq_certificate_template_default",
            ["organisation_id"],
            unique=True,
            sqlite_where=sa.text("course_id IS NULL"),
            postgresql_where=sa.text("course_id IS NULL"),
        )
    op.create_table(
        "listed_learner",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("annulled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("annulled_by", KEY, nullable=True),
        sa.CheckConstraint("kind IN ('allow', 'deny')", name=op.f("ck_listed_learner_kind")),
        sa.ForeignKeyConstraint(["annulled_by"], ["staff.id"], name=op.f("fk_listed_learner_annulled_by_staff")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_listed_learner_course_id_course")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_listed_learner_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_listed_learner_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_listed_learner_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_learner")),
        sa.UniqueConstraint("public_id", name=op.f("uq_listed_learner_public_id")),
    )
    with op.batch_alter_table("listed_learner", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listed_learner_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_listed_learner_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(
            "uq_listed_learner_living",
            ["course_id", "learner_id"],
            unique=True,
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
    op.create_table(
        "rule_version",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", KEY, nullable=True),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_rule_version_course_id_course")),
        sa.ForeignKeyConstraint(["created_by"], ["staff.id"], name=op.f("fk_rule_version_created_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_rule_version_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("course_id", "number", name=op.f("uq_rule_version_course_id_number")),
        sa.UniqueConstraint("public_id", name=op.f("uq_rule_version_public_id")),
    )
    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rule_version_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "evaluation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("rule_version_id", KEY, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", KEY, nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_by", KEY, nullable=True),
        sa.CheckConstraint("state IN ('running', 'compared', 'applied', 'dropped')", name=op.f("ck_evaluation_state")),
        sa.ForeignKeyConstraint(["applied_by"], ["staff.id"], name=op.f("fk_evaluation_applied_by_staff")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_evaluation_course_id_course")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_evaluation_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_evaluation_rule_version_id_rule_version")
        ),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_evaluation_started_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evaluation")),
        sa.UniqueConstraint("public_id", name=op.f("uq_evaluation_public_id")),
    )
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evaluation_course_id"), ["course_id"], unique=False)
    op.create_table(
        "issue_batch",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("number", KEY, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("rule_version_id", KEY, nullable=True),
        sa.Column("design", sa.JSON(), nullable=False),
        sa.Column("logo_file_id", KEY, nullable=True),
        sa.Column("decision_number", sa.String(length=60), nullable=False),
        sa.Column("decision_on", sa.Date(), nullable=True),
        sa.Column("decision_file_id", KEY, nullable=True),
        sa.Column("signer_title", sa.String(length=200), nullable=False),
        sa.Column("signer_name", sa.String(length=120), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("prepared_by", KEY, nullable=True),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("submitted_by", KEY, nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=300), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint("kind IN ('first', 'reissue')", name=op.f("ck_issue_batch_kind")),
        sa.CheckConstraint(
            "state IN ('draft', 'submitted', 'approved', 'issuing', 'issued', 'cancelled')",
            name=op.f("ck_issue_batch_state"),
        ),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_issue_batch_approved_by_staff")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_issue_batch_course_id_course")),
        sa.ForeignKeyConstraint(
            ["decision_file_id"], ["stored_file.id"], name=op.f("fk_issue_batch_decision_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["logo_file_id"], ["stored_file.id"], name=op.f("fk_issue_batch_logo_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_issue_batch_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["prepared_by"], ["staff.id"], name=op.f("fk_issue_batch_prepared_by_staff")),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_issue_batch_rule_version_id_rule_version")
        ),
        sa.ForeignKeyConstraint(["submitted_by"], ["staff.id"], name=op.f("fk_issue_batch_submitted_by_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_batch")),
        sa.UniqueConstraint("public_id", name=op.f("uq_issue_batch_public_id")),
    )
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_batch_course_id"), ["course_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issue_batch_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "certificate",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=True),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=True),
        sa.Column("intake_id", KEY, nullable=True),
        sa.Column("year", KEY, nullable=False),
        sa.Column("serial", KEY, nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=13), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("rule_version_id", KEY, nullable=True),
        sa.Column("approved_by", KEY, nullable=True),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("name_fold", sa.String(length=200), nullable=False),
        sa.Column("unit_fold", sa.String(length=200), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoke_reason", sa.String(length=300), nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaced_by_id", KEY, nullable=True),
        sa.Column("replaces_id", KEY, nullable=True),
        sa.Column("void_reason", sa.String(length=300), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_out_to", sa.String(length=200), nullable=False),
        sa.Column("handed_out_by", KEY, nullable=True),
        sa.CheckConstraint("(state = 'void') = (void_reason <> '')", name=op.f("ck_certificate_void")),
        sa.CheckConstraint("state = 'void' OR learner_id IS NOT NULL", name=op.f("ck_certificate_learner")),
        sa.CheckConstraint("state IN ('issued', 'revoked', 'replaced', 'void')", name=op.f("ck_certificate_state")),
        sa.CheckConstraint("serial > 0", name=op.f("ck_certificate_serial")),
        sa.ForeignKeyConstraint(["approved_by"], ["staff.id"], name=op.f("fk_certificate_approved_by_staff")),
        sa.ForeignKeyConstraint(["batch_id"], ["issue_batch.id"], name=op.f("fk_certificate_batch_id_issue_batch")),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_certificate_class_id_training_class")
        ),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_certificate_course_id_course")),
        sa.ForeignKeyConstraint(["handed_out_by"], ["staff.id"], name=op.f("fk_certificate_handed_out_by_staff")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_certificate_intake_id_intake")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_certificate_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["replaced_by_id"], ["certificate.id"], name=op.f("fk_certificate_replaced_by_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificate.id"], name=op.f("fk_certificate_replaces_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_certificate_rule_version_id_rule_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
        sa.UniqueConstraint("organisation_id", "number", name=op.f("uq_certificate_organisation_id_number")),
        sa.UniqueConstraint(
            "organisation_id", "year", "serial", name=op.f("uq_certificate_organisation_id_year_serial")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_certificate_public_id")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_batch", ["batch_id", "serial"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_class_id"), ["class_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_intake_id"), ["intake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_unit_fold"), ["unit_fold"], unique=False)
        batch_op.create_index(
            "uq_certificate_live",
            ["course_id", "learner_id"],
            unique=True,
            sqlite_where=sa.text("state = 'issued'"),
            postgresql_where=sa.text("state = 'issued'"),
        )
    op.create_table(
        "outcome",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("rule_version_id", KEY, nullable=False),
        sa.Column("evaluation_id", KEY, nullable=False),
        sa.Column("decision", sa.String(length=4), nullable=False),
        sa.Column("path", sa.String(length=9), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("class_id", KEY, nullable=True),
        sa.Column("intake_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision IN ('pass', 'fail', 'held')", name=op.f("ck_outcome_decision")),
        sa.CheckConstraint("path IN ('', 'in_person', 'online', 'mixed', 'listed')", name=op.f("ck_outcome_path")),
        sa.ForeignKeyConstraint(["class_id"], ["training_class.id"], name=op.f("fk_outcome_class_id_training_class")),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_outcome_course_id_course")),
        sa.ForeignKeyConstraint(["evaluation_id"], ["evaluation.id"], name=op.f("fk_outcome_evaluation_id_evaluation")),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_outcome_intake_id_intake")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_outcome_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_outcome_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(
            ["rule_version_id"], ["rule_version.id"], name=op.f("fk_outcome_rule_version_id_rule_version")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("course_id", "learner_id", name=op.f("uq_outcome_course_id_learner_id")),
    )
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_class_id"), ["class_id"], unique=False)
        batch_op.create_index("ix_outcome_decision", ["course_id", "decision"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_intake_id"), ["intake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "outcome_change",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("course_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("evaluation_id", KEY, nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["course_id"], ["course.id"], name=op.f("fk_outcome_change_course_id_course")),
        sa.ForeignKeyConstraint(
            ["evaluation_id"], ["evaluation.id"], name=op.f("fk_outcome_change_evaluation_id_evaluation")
        ),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_outcome_change_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_outcome_change_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_change")),
    )
    with op.batch_alter_table("outcome_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_change_evaluation_id"), ["evaluation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outcome_change_learner_id"), ["learner_id"], unique=False)
    op.create_table(
        "print_run",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=7), nullable=False),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("count", KEY, nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("reprint_reason", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", KEY, nullable=True),
        sa.CheckConstraint(
            "kind IN ('batch', 'class', 'intake', 'unit', 'single', 'receipt')", name=op.f("ck_print_run_kind")
        ),
        sa.CheckConstraint("state IN ('running', 'ready', 'dropped')", name=op.f("ck_print_run_state")),
        sa.ForeignKeyConstraint(["batch_id"], ["issue_batch.id"], name=op.f("fk_print_run_batch_id_issue_batch")),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_print_run_made_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_print_run_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_run")),
        sa.UniqueConstraint("public_id", name=op.f("uq_print_run_public_id")),
    )
    with op.batch_alter_table("print_run", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_print_run_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_print_run_organisation_id"), ["organisation_id"], unique=False)
    op.create_table(
        "certificate_event",
        sa.Column("id", KEY, nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("certificate_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("decision", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('issued', 'revoked', 'restored', 'replaced', 'voided', 'handed_out', 'taken_back', 'erased',"
            " 'printed', 'learner_changed')",
            name=op.f("ck_certificate_event_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_certificate_event_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_certificate_event_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_certificate_event_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate_event")),
    )
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_event_certificate_id"), ["certificate_id"], unique=False)
    op.create_table(
        "issue_line",
        sa.Column("id", KEY, nullable=False),
        sa.Column("batch_id", KEY, nullable=False),
        sa.Column("learner_id", KEY, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.Column("sort_key", SORT_KEY, nullable=False),
        sa.Column("class_id", KEY, nullable=True),
        sa.Column("intake_id", KEY, nullable=True),
        sa.Column("left_out", sa.String(length=30), nullable=False),
        sa.Column("replaces_id", KEY, nullable=True),
        sa.Column("certificate_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["batch_id"], ["issue_batch.id"], name=op.f("fk_issue_line_batch_id_issue_batch")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_issue_line_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["class_id"], ["training_class.id"], name=op.f("fk_issue_line_class_id_training_class")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_issue_line_intake_id_intake")),
        sa.ForeignKeyConstraint(["learner_id"], ["learner.id"], name=op.f("fk_issue_line_learner_id_learner")),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["certificate.id"], name=op.f("fk_issue_line_replaces_id_certificate")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_line")),
        sa.UniqueConstraint("batch_id", "learner_id", name=op.f("uq_issue_line_batch_id_learner_id")),
    )
    with op.batch_alter_table("issue_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_issue_line_certificate_id"), ["certificate_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_issue_line_learner_id"), ["learner_id"], unique=False)
        batch_op.create_index("ix_issue_line_order", ["batch_id", "sort_key", "id"], unique=False)
    op.create_table(
        "print_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("run_id", KEY, nullable=False),
        sa.Column("position", KEY, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("first_serial", KEY, nullable=True),
        sa.Column("last_serial", KEY, nullable=True),
        sa.Column("count", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_print_file_file_id_stored_file")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_print_file_organisation_id_organisation")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["print_run.id"], name=op.f("fk_print_file_run_id_print_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_print_file")),
        sa.UniqueConstraint("public_id", name=op.f("uq_print_file_public_id")),
        sa.UniqueConstraint("run_id", "position", name=op.f("uq_print_file_run_id_position")),
    )


def downgrade() -> None:
    op.drop_table("print_file")
    with op.batch_alter_table("issue_line", schema=None) as batch_op:
        batch_op.drop_index("ix_issue_line_order")
        batch_op.drop_index(batch_op.f("ix_issue_line_learner_id"))
        batch_op.drop_index(batch_op.f("ix_issue_line_certificate_id"))
    op.drop_table("issue_line")
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_event_certificate_id"))
    op.drop_table("certificate_event")
    with op.batch_alter_table("print_run", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_print_run_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_print_run_batch_id"))
    op.drop_table("print_run")
    with op.batch_alter_table("outcome_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_change_learner_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_change_evaluation_id"))
    op.drop_table("outcome_change")
    with op.batch_alter_table("outcome", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_learner_id"))
        batch_op.drop_index(batch_op.f("ix_outcome_intake_id"))
        batch_op.drop_index("ix_outcome_decision")
        batch_op.drop_index(batch_op.f("ix_outcome_class_id"))
    op.drop_table("outcome")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_live",
            sqlite_where=sa.text("state = 'issued'"),
            postgresql_where=sa.text("state = 'issued'"),
        )
        batch_op.drop_index(batch_op.f("ix_certificate_unit_fold"))
        batch_op.drop_index(batch_op.f("ix_certificate_learner_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_intake_id"))
        batch_op.drop_index(batch_op.f("ix_certificate_class_id"))
        batch_op.drop_index("ix_certificate_batch")
    op.drop_table("certificate")
    with op.batch_alter_table("issue_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_issue_batch_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_issue_batch_course_id"))
    op.drop_table("issue_batch")
    with op.batch_alter_table("evaluation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evaluation_course_id"))
    op.drop_table("evaluation")
    with op.batch_alter_table("rule_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rule_version_organisation_id"))
    op.drop_table("rule_version")
    with op.batch_alter_table("listed_learner", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_listed_learner_living",
            sqlite_where=sa.text("annulled_at IS NULL"),
            postgresql_where=sa.text("annulled_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_listed_learner_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_listed_learner_learner_id"))
    op.drop_table("listed_learner")
    with op.batch_alter_table("certificate_template", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_certificate_template_default",
            sqlite_where=sa.text("course_id IS NULL"),
            postgresql_where=sa.text("course_id IS NULL"),
        )
        batch_op.drop_index(
            "uq_certificate_template_course",
            sqlite_where=sa.text("course_id IS NOT NULL"),
            postgresql_where=sa.text("course_id IS NOT NULL"),
        )
    op.drop_table("certificate_template")
    op.drop_table("unit_alias")
    op.drop_table("certificate_settings")
    op.drop_table("certificate_counter")
