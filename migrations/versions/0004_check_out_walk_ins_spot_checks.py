"""Going out as well as coming in, people taken in at the door, and spot checks."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EVENTS = "'scan', 'manual', 'absence', 'undo', 'correction', 'late_release'"
CHANGES = "'enrolled', 'withdrawn', 'rejoined', 'moved_out', 'moved_in', 'undone'"
NEW_EVENTS = ("exit", "merged")
NEW_CHANGES = ("walked_in", "accepted", "removed", "merged", "split")


def upgrade() -> None:
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_out", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("left_early_before", KEY, nullable=False, server_default="15"))
        batch_op.create_check_constraint(batch_op.f("ck_training_class_left_early_before"), "left_early_before >= 0")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("walk_in", sa.String(length=8), nullable=False, server_default=""))
        batch_op.create_check_constraint(
            batch_op.f("ck_enrolment_walk_in"), "walk_in IN ('', 'pending', 'accepted', 'removed')"
        )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.add_column(sa.Column("showing", sa.String(length=3), nullable=False, server_default="in"))
        batch_op.create_check_constraint(batch_op.f("ck_register_showing"), "showing IN ('in', 'out')")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.add_column(sa.Column("left_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("minutes", KEY, nullable=True))
        batch_op.add_column(sa.Column("minutes_estimated", sa.Boolean(), nullable=False, server_default=sa.false()))
    _allow("event", EVENTS, NEW_EVENTS)
    _allow("enrolment_change", CHANGES, NEW_CHANGES)
    _make_spot_checks()


def downgrade() -> None:
    op.drop_table("spot_answer")
    op.drop_table("spot_check")
    _forbid("enrolment_change", CHANGES, NEW_CHANGES)
    _forbid("event", EVENTS, NEW_EVENTS)
    with op.batch_alter_table("mark", schema=None) as batch_op:
        for column in ("minutes_estimated", "minutes", "left_at"):
            batch_op.drop_column(column)
    for table, column in (("register", "showing"), ("enrolment", "walk_in")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"ck_{table}_{column}"), type_="check")
            batch_op.drop_column(column)
    with op.batch_alter_table("training_class", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_training_class_left_early_before"), type_="check")
        batch_op.drop_column("left_early_before")
        batch_op.drop_column("check_out")


def _make_spot_checks() -> None:
    op.create_table(
        "spot_check",
        sa.Column("id", KEY, nullable=False),
        sa.Column("public_id", sa.String(length=12), nullable=False),
        sa.Column("organisation_id", KEY, nullable=False),
        sa.Column("class_session_id", KEY, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", KEY, nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["class_session_id"], ["class_session.id"], name=op.f("fk_spot_check_class_session_id_class_session")
        ),
        sa.ForeignKeyConstraint(["opened_by"], ["staff.id"], name=op.f("fk_spot_check_opened_by_staff")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_spot_check_organisation_id_organisation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_check")),
        sa.UniqueConstraint("public_id", name=op.f("uq_spot_check_public_id")),
    )
    with op.batch_alter_table("spot_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spot_check_class_session_id"), ["class_session_id"], unique=False)
    op.create_table(
        "spot_answer",
        sa.Column("id", KEY, nullable=False),
        sa.Column("spot_check_id", KEY, nullable=False),
        sa.Column("enrolment_id", KEY, nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", KEY, nullable=True),
        sa.ForeignKeyConstraint(["enrolment_id"], ["enrolment.id"], name=op.f("fk_spot_answer_enrolment_id_enrolment")),
        sa.ForeignKeyConstraint(
            ["spot_check_id"], ["spot_check.id"], name=op.f("fk_spot_answer_spot_check_id_spot_check")
        ),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_spot_answer_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_answer")),
        sa.UniqueConstraint("spot_check_id", "enrolment_id", name=op.f("uq_spot_answer_spot_check_id_enrolment_id")),
    )


def _allow(table: str, kinds: str, more: tuple[str, ...]) -> None:
    _set_kinds(table, f"kind IN ({kinds}, {', '.join(repr(kind) for kind in more)})")


def _forbid(table: str, kinds: str, less: tuple[str, ...]) -> None:
    """What older tables cannot say is taken out, and what leans on it with it."""
    _unguard(table)
    gone = f"SELECT id FROM {table} WHERE kind IN ({', '.join(repr(kind) for kind in less)})"
    if table == "event":
        op.execute(f"UPDATE mark SET event_id = NULL WHERE event_id IN ({gone})")
        op.execute(f"DELETE FROM event WHERE annuls_id IN ({gone})")
    op.execute(f"DELETE FROM {table} WHERE id IN ({gone})")
    _guard(table)
    _set_kinds(table, f"kind IN ({kinds})")


def _set_kinds(table: str, check: str) -> None:
    name = op.f(f"ck_{table}_kind")
    with op.batch_alter_table(table, schema=None) as batch_op:
        batch_op.drop_constraint(name, type_="check")
        batch_op.create_check_constraint(name, check)
    if op.get_bind().dialect.name == "sqlite":
        _guard(table)  # SQLite copied the table, and with the old one its triggers went


def _guard(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        return
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table}"
            f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _unguard(table: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP TRIGGER {table}_append_only ON {table}")
        return
    for verb in ("update", "delete"):
        op.execute(f"DROP TRIGGER {table}_no_{verb}")
