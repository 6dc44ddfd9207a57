"""Tables that belong to no room: rate limits and stored files."""

from datetime import datetime

from sqlalchemy import LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base
from classroom.core.ids import public_id


class Throttle(Base):
    """How often something was tried within one window of time; old windows may be deleted at any time."""

    __tablename__ = "throttle"
    __table_args__ = (UniqueConstraint("scope", "key", "window_start"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(120))
    window_start: Mapped[datetime] = mapped_column(index=True)
    count: Mapped[int]


class StoredFile(Base):
    """A file kept in the database, so that there is one thing to back up and nothing kept in a node."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(String(40))
    filename: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    #: Its content was dropped because it spoke of somebody who was erased; name, size and hash stay.
    erased_at: Mapped[datetime | None]
