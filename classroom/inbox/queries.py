"""Read what waits for a decision."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select

from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.inbox.models import InboxItem
from classroom.inbox.rules import known_kinds


def open_items(organisation_id: int) -> Sequence[InboxItem]:
    """Everything that waits, the oldest first."""
    return db.session.scalars(
        select(InboxItem).where(*_waiting(organisation_id)).order_by(InboxItem.created_at, InboxItem.id)
    ).all()


def count_open(organisation_id: int) -> Select[tuple[int]]:
    """How many wait, as a statement that a page may join with its own counts."""
    return select(func.count(InboxItem.id)).where(*_waiting(organisation_id))


def get_item(organisation_id: int, public_id: str, *, lock: bool = False) -> InboxItem:
    """A question, decided or not; raises NotFound."""
    found = find_item(organisation_id, public_id, lock=lock)
    if found is None:
        raise NotFound
    return found


def find_item(organisation_id: int, public_id: str, *, lock: bool = False) -> InboxItem | None:
    """The same, or None."""
    query = select(InboxItem).where(InboxItem.organisation_id == organisation_id, InboxItem.public_id == public_id)
    return db.session.scalar(query.with_for_update() if lock else query)


def find_open(organisation_id: int, kind: str, key: str) -> InboxItem | None:
    """The question with this key while it waits, or None."""
    return db.session.scalar(
        select(InboxItem).where(
            InboxItem.organisation_id == organisation_id,
            InboxItem.kind == kind,
            InboxItem.key == key,
            InboxItem.decided_at.is_(None),
        )
    )


def _waiting(organisation_id: int) -> list[Any]:
    return [
        InboxItem.organisation_id == organisation_id,
        InboxItem.decided_at.is_(None),
        InboxItem.kind.in_(known_kinds()),
    ]
