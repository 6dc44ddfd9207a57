"""Whoever has fetched a class's list on a tablet stays known, also when somebody else fetches it there later."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ONE, EACH = "uq_tablet_class_tablet_id_class_id", "uq_tablet_class_tablet_id_class_id_staff_id"


def upgrade() -> None:
    with op.batch_alter_table("tablet_class", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(ONE), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(EACH), ["tablet_id", "class_id", "staff_id"])


def downgrade() -> None:
    table = sa.table("tablet_class", *(sa.column(name) for name in ("id", "tablet_id", "class_id", "fetched_at")))
    later = table.alias("later")
    newer = sa.or_(
        later.c.fetched_at > table.c.fetched_at,
        sa.and_(later.c.fetched_at == table.c.fetched_at, later.c.id > table.c.id),
    )
    same = later.c.tablet_id == table.c.tablet_id, later.c.class_id == table.c.class_id
    op.execute(sa.delete(table).where(sa.exists().where(*same, newer)))
    with op.batch_alter_table("tablet_class", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(EACH), type_="unique")
        batch_op.create_unique_constraint(batch_op.f(ONE), ["tablet_id", "class_id"])
