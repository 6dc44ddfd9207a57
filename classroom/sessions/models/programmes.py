"""Programmes and their courses."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id


class Programme(Base):
    """What an organisation runs for a year or a campaign: one or more courses."""

    __tablename__ = "programme"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]

    courses: Mapped[list["Course"]] = relationship(back_populates="programme", order_by="Course.id")


class Course(Base):
    """What is taught, and how much of it must be attended: `sessions_required` of `sessions_planned`."""

    __tablename__ = "course"
    __table_args__ = (UniqueConstraint("programme_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id"))
    name: Mapped[str] = mapped_column(String(200))
    #: How many half-days a class of this course has (day 1 morning is number 1).
    sessions_planned: Mapped[int] = mapped_column(default=6)
    sessions_required: Mapped[int] = mapped_column(default=5)
    created_at: Mapped[datetime]

    programme: Mapped[Programme] = relationship(back_populates="courses")
