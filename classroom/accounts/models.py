"""Who may work here: organisations, staff users, their roles, sign-ins and one-time links."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base, SortKey
from classroom.core.ids import public_id


class Organisation(Base):
    """A province or any body that runs programmes; its things are invisible to every other one."""

    __tablename__ = "organisation"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    name: Mapped[str] = mapped_column(String(200))
    #: The body above it, printed over the name at the head of official papers.
    parent_name: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="Asia/Ho_Chi_Minh")
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class Staff(Base):
    """A person with an account. `username` is stored casefolded and unique over all organisations."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    username: Mapped[str] = mapped_column(String(120), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey)
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    language: Mapped[str] = mapped_column(String(5), default="vi")
    is_operator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
    roles: Mapped[list["StaffRole"]] = relationship(back_populates="staff", order_by="StaffRole.id")


class StaffRole(Base):
    """A role held by a member of staff, if need be until a last day (an inspector's)."""

    __tablename__ = "staff_role"
    __table_args__ = (
        UniqueConstraint("staff_id", "role"),
        CheckConstraint("role IN ('administrator', 'coordinator', 'trainer', 'viewer')", name="role"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str] = mapped_column(String(20))
    last_on: Mapped[date | None]

    staff: Mapped[Staff] = relationship(back_populates="roles")


class StaffSession(Base):
    """A sign-in. Only the hash of the cookie's token is kept; signing out or switching off ends it at once."""

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    idle_minutes: Mapped[int]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")


class StaffLink(Base):
    """A one-time link to set a password; making a new one ends the earlier ones."""

    __tablename__ = "staff_link"
    __table_args__ = (
        Index(
            "uq_staff_link_open",
            "staff_id",
            unique=True,
            sqlite_where=text("used_at IS NULL AND annulled_at IS NULL"),
            postgresql_where=text("used_at IS NULL AND annulled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    annulled_at: Mapped[datetime | None]


class Tablet(Base):
    """A device of the organisation's that may take scans: let in once by a code, known by a token from then on."""

    __tablename__ = "tablet"
    __table_args__ = (
        Index(
            "uq_tablet_name",
            "organisation_id",
            "name",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    #: The hash of the one-time code, until it is used, renewed or `enrol_until`; then None.
    enrol_code_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    enrol_until: Mapped[datetime | None]
    token_hash: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    enrolled_at: Mapped[datetime | None]
    user_agent: Mapped[str] = mapped_column(String(200), default="")
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    revoke_reason: Mapped[str] = mapped_column(String(300), default="")
    #: What the tablet said when it was last heard: the time, how much waits on it, how far its clock is ahead of ours.
    last_contact_at: Mapped[datetime | None]
    queue_length: Mapped[int | None]
    clock_ahead_ms: Mapped[int | None]


class SetupLink(Base):
    """The way in for the very first administrator: one row at most, its token living until it is used or renewed."""

    __tablename__ = "setup_link"
    __table_args__ = (CheckConstraint("id = 1", name="single"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
