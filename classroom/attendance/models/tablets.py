"""What tablets brought, and for which classes they may bring something."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base


class TabletClass(Base):
    """A class whose roster was handed to a tablet, and to whom there; only for these classes it brings scans.

    One row for each person: what somebody scanned without a network may arrive after another one has fetched the list.
    When lists leave the tablet is decided there, by who is signed in, and asks nothing of these rows.
    """

    __tablename__ = "tablet_class"
    __table_args__ = (UniqueConstraint("tablet_id", "class_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"), index=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    fetched_at: Mapped[datetime]


class TabletItem(Base):
    """Something that a tablet sent and that has got its final answer; append-only. The same `uuid` with the same
    content gets that answer again, with other content it is refused.
    """

    __tablename__ = "tablet_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"), index=True)
    #: Made by the tablet, unique over all tablets.
    uuid: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(12))
    content_hash: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime]
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    #: The final answer as the tablet got it.
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)


class KeptItem(Base):
    """What a tablet brought and nobody was found for, as it came, so that a person can work on it later.

    The scan says when it was and why it counts for nothing. `texts` is personal and may be erased; the row stays.
    """

    __tablename__ = "kept_item"
    __table_args__ = (Index(None, "tablet_id", "uuid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    tablet_id: Mapped[int] = mapped_column(ForeignKey("tablet.id"))
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"), unique=True)
    #: As the tablet gave it, also where nothing else of the item could be read; empty if it could not be read either.
    uuid: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(12))
    session: Mapped[str] = mapped_column(String(12))
    texts: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class IdHash(Base):
    """An ID number as the tablets of one class know it: stretched once (PBKDF2), given to every tablet of the class."""

    __tablename__ = "id_hash"
    __table_args__ = (UniqueConstraint("class_id", "learner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    #: A mac of the number under the server's secret: tells whether the number has changed since.
    number_mac: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
