"""Venues, rooms, and the bookings by which the database refuses two things in one place at once."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id


class Venue(Base):
    """A building people travel to."""

    __tablename__ = "venue"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    address: Mapped[str] = mapped_column(String(300), default="")
    archived_at: Mapped[datetime | None]

    rooms: Mapped[list["Room"]] = relationship(back_populates="venue", order_by="Room.name")


class Room(Base):
    """A room of a venue, with the seats it has."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("venue_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    venue_id: Mapped[int] = mapped_column(ForeignKey("venue.id"))
    name: Mapped[str] = mapped_column(String(100))
    seats: Mapped[int | None]
    archived_at: Mapped[datetime | None]

    venue: Mapped[Venue] = relationship(back_populates="rooms")


class Booking(Base):
    """A room or a trainer, taken from an instant to another by one class session.

    Written with the schedule, removed when a session is cancelled. Overlaps are refused by the database itself:
    an exclusion constraint on PostgreSQL, triggers under the single-writer lock on SQLite (migration 0001).
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("(room_id IS NULL) <> (trainer_id IS NULL)", name="one_resource"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_booking_room", "room_id", "starts_at"),
        Index("ix_booking_trainer", "trainer_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), index=True)
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    trainer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
