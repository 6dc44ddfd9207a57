"""The inbox's table."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base
from classroom.core.ids import public_id


class InboxItem(Base):
    """A question to a person: `kind` names who can answer it, (`kind`, `key`) makes it unique while open."""

    __tablename__ = "inbox_item"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "key"),
        Index("ix_inbox_item_open", "organisation_id", "decided_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80))
    class_id: Mapped[int | None]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None]
    decision: Mapped[str | None] = mapped_column(String(40))
