"""The register of a class session and what was written into it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base
from classroom.core.ids import public_id


class Register(Base):
    """The attendance side of one class session. `version` grows with every change, so that a board can ask
    cheaply whether anything is new.
    """

    __tablename__ = "register"
    __table_args__ = (
        CheckConstraint("closed_how IN ('', 'trainer', 'auto')", name="closed_how"),
        CheckConstraint("showing IN ('in', 'out', 'test')", name="showing"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), unique=True)
    #: Room codes are made with it; renewing it kills every earlier code.
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime | None]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_how: Mapped[str] = mapped_column(String(8), default="")
    head_count: Mapped[int | None]
    notes: Mapped[str] = mapped_column(String(1000), default="")
    signed_off_at: Mapped[datetime | None]
    signed_off_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: What the screen's codes are for: coming in, or going out where the class checks out.
    showing: Mapped[str] = mapped_column(String(4), default="in")
    #: Wrong typed codes so far, and when the typed code was switched off because of them.
    typed_failures: Mapped[int] = mapped_column(default=0)
    typed_off_at: Mapped[datetime | None]


class Scan(Base):
    """One attempt to check somebody in, accepted or refused; append-only. (`source`, `uuid`) makes a retry
    find its first answer; `content_hash` tells a retry from another content under the same uuid.
    """

    __tablename__ = "scan"
    __table_args__ = (
        UniqueConstraint("source", "uuid"),
        CheckConstraint("outcome IN ('accepted', 'duplicate', 'refused', 'proposed', 'quarantined')", name="outcome"),
        CheckConstraint("direction IN ('in', 'out')", name="direction"),
        Index("ix_scan_session", "class_session_id", "id"),
        Index("ix_scan_tablet", "tablet_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Absent when the code belonged to no session of ours.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int | None] = mapped_column(ForeignKey("class_session.id"))
    #: room_code, typed, fixed, request (a trainer's tap for a phone) …
    source: Mapped[str] = mapped_column(String(12))
    uuid: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    scanned_at: Mapped[datetime]
    received_at: Mapped[datetime]
    direction: Mapped[str] = mapped_column(String(3), default="in")
    tablet_id: Mapped[int | None] = mapped_column(ForeignKey("tablet.id"))
    #: Who was signed in on the tablet.
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: What the tablet's clock said; `scanned_at` is corrected by how far it was ahead at the last contact.
    device_at: Mapped[datetime | None]
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"), index=True)
    enrolment_id: Mapped[int | None] = mapped_column(ForeignKey("enrolment.id"))
    binding_id: Mapped[int | None] = mapped_column(ForeignKey("binding.id"))
    outcome: Mapped[str] = mapped_column(String(12))
    refusal: Mapped[str] = mapped_column(String(60), default="")
    #: What the first answer said (status, time), given again to a retry.
    answer: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Event(Base):
    """Something that bears on a mark; append-only. The mark is a pure function of its events."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('scan', 'exit', 'manual', 'absence', 'undo', 'correction', 'late_release', 'merged')", name="kind"
        ),
        Index("ix_event_mark", "class_session_id", "enrolment_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    kind: Mapped[str] = mapped_column(String(12))
    #: The status a person decided on (manual, correction); empty for scans.
    status: Mapped[str] = mapped_column(String(14), default="")
    #: When it holds: the time of the scan, of the arrival a person stated, of the close.
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(String(12), default="")
    reason: Mapped[str] = mapped_column(String(300), default="")
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    scan_id: Mapped[int | None] = mapped_column(ForeignKey("scan.id"))
    #: For an undo: the event it annuls.
    annuls_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    #: Made after sign-off: shown as such on every sheet.
    after_sign_off: Mapped[bool] = mapped_column(default=False)


class Mark(Base):
    """The one current answer for a learner in a class session, derived from the events in the same transaction.

    `guest` is set when the enrolment belongs to another class of the same course.
    """

    __tablename__ = "mark"
    __table_args__ = (
        UniqueConstraint("class_session_id", "enrolment_id"),
        CheckConstraint("status IN ('present', 'late', 'left_early', 'excused', 'absent', 'unmarked')", name="status"),
        Index("ix_mark_enrolment", "enrolment_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    #: 'unmarked' when every event was undone.
    status: Mapped[str] = mapped_column(String(14))
    arrived_at: Mapped[datetime | None]
    #: Where the class checks out: the last exit, and whole minutes in the room, estimated where an exit is missing.
    left_at: Mapped[datetime | None]
    minutes: Mapped[int | None]
    minutes_estimated: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(String(12), default="")
    guest: Mapped[bool] = mapped_column(default=False)
    #: Whether a fixed code proved it, a person decided it, it was changed after sign-off.
    by_hand: Mapped[bool] = mapped_column(default=False)
    after_sign_off: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(String(300), default="")
    #: The event that decides: what an undo would annul, what a stale page is compared with.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    updated_at: Mapped[datetime]
