"""What attendance knows of browsers: bindings, screens, requests of people not found, flags."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base
from classroom.core.ids import public_id

_OPEN = text("decided_at IS NULL")


class Binding(Base):
    """A browser that a learner identified in. A browser may be bound to several learners (spouses sharing a
    phone), a learner to several browsers; only the hash of the cookie is kept.
    """

    __tablename__ = "binding"
    __table_args__ = (UniqueConstraint("browser_hash", "learner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime]
    #: "Not me" on this browser, or unbound by staff.
    annulled_at: Mapped[datetime | None]


class Screen(Base):
    """A browser paired as the projector screen of one register until that closes; nobody signs in on it."""

    __tablename__ = "screen"
    __table_args__ = (Index("ix_screen_pairing", "pairing_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    #: Six digits, shown until paired or `pairing_until`; empty afterwards.
    pairing_code: Mapped[str] = mapped_column(String(6))
    pairing_until: Mapped[datetime]
    created_at: Mapped[datetime]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"), index=True)
    paired_at: Mapped[datetime | None]
    paired_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    revoked_at: Mapped[datetime | None]


class CheckinRequest(Base):
    """Somebody in the room whom the phone could not identify: typed a name, waits for the trainer's tap."""

    __tablename__ = "checkin_request"
    __table_args__ = (
        Index(
            "uq_checkin_request_number",
            "class_session_id",
            "number",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        UniqueConstraint("class_session_id", "grant_nonce"),
        CheckConstraint("decision IN ('', 'matched', 'dismissed')", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"))
    #: Three digits, shown on the phone and on the board.
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    grant_nonce: Mapped[str] = mapped_column(String(64))
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary)
    source: Mapped[str] = mapped_column(String(12))
    scanned_at: Mapped[datetime]
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decision: Mapped[str] = mapped_column(String(10), default="")
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))


class Flag(Base):
    """Something odd that a trainer should look at; it never blocks anybody."""

    __tablename__ = "flag"
    __table_args__ = (
        UniqueConstraint("class_session_id", "kind", "scan_id"),
        CheckConstraint("decision IN ('', 'fine', 'rejected')", name="decision"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), index=True)
    #: second_learner: this phone had already checked somebody else in.
    kind: Mapped[str] = mapped_column(String(20))
    scan_id: Mapped[int] = mapped_column(ForeignKey("scan.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    #: The learner whom the phone had checked in before.
    other_learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decision: Mapped[str] = mapped_column(String(10), default="")
