"""Classes and their half-days."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.accounts.models import Staff
from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.sessions.models.places import Room
from classroom.sessions.models.programmes import Course


class TrainingClass(Base):
    """A class: a roster, a room, trainers and a row of class sessions; with the settings of its check-in."""

    __tablename__ = "training_class"
    __table_args__ = (
        UniqueConstraint("course_id", "code"),
        CheckConstraint("capacity > 0", name="capacity"),
        CheckConstraint("code_period BETWEEN 5 AND 60", name="code_period"),
        CheckConstraint("late_after >= 0", name="late_after"),
        CheckConstraint("opens_before >= 0", name="opens_before"),
        CheckConstraint("left_early_before >= 0", name="left_early_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    code: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(200), default="")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    capacity: Mapped[int] = mapped_column(default=100)
    starts_on: Mapped[date]
    #: Seconds a rotating code lives; minutes before the start at which check-in opens; minutes until "late".
    code_period: Mapped[int] = mapped_column(default=10)
    opens_before: Mapped[int] = mapped_column(default=30)
    late_after: Mapped[int] = mapped_column(default=15)
    typed_code: Mapped[bool] = mapped_column(default=True)
    fixed_code: Mapped[bool] = mapped_column(default=False)
    #: Whether learners check out too; who leaves more than so many minutes before the end has left early.
    check_out: Mapped[bool] = mapped_column(default=False)
    left_early_before: Mapped[int] = mapped_column(default=15)
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")

    course: Mapped[Course] = relationship()
    room: Mapped[Room | None] = relationship()
    trainers: Mapped[list["ClassTrainer"]] = relationship(
        back_populates="training_class", order_by="ClassTrainer.position"
    )
    sessions: Mapped[list["ClassSession"]] = relationship(
        back_populates="training_class", order_by="ClassSession.starts_at"
    )


class ClassTrainer(Base):
    """Who teaches a class; `position` 0 is the trainer in charge."""

    __tablename__ = "class_trainer"
    __table_args__ = (UniqueConstraint("class_id", "staff_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    position: Mapped[int] = mapped_column(default=0)

    training_class: Mapped[TrainingClass] = relationship(back_populates="trainers")
    staff: Mapped[Staff] = relationship()


class ClassSession(Base):
    """A half-day (buổi) of one class. `number` says which planned session of the course it is (1 = day 1
    morning), whatever day it was moved to.
    """

    __tablename__ = "class_session"
    __table_args__ = (
        UniqueConstraint("class_id", "number"),
        CheckConstraint("part IN ('morning', 'afternoon', 'evening')", name="part"),
        CheckConstraint("starts_at < ends_at", name="order"),
        Index("ix_class_session_when", "organisation_id", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    number: Mapped[int]
    day_number: Mapped[int]
    part: Mapped[str] = mapped_column(String(10))
    #: The local calendar day, and the first start and last end of its ranges as UTC instants.
    held_on: Mapped[date]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    topic: Mapped[str] = mapped_column(String(300), default="")
    room_id: Mapped[int | None] = mapped_column(ForeignKey("room.id"))
    trainer_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"), index=True)
    moved_at: Mapped[datetime | None]
    move_reason: Mapped[str] = mapped_column(String(300), default="")
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")

    training_class: Mapped[TrainingClass] = relationship(back_populates="sessions")
    ranges: Mapped[list["SessionRange"]] = relationship(order_by="SessionRange.starts_at")
    room: Mapped[Room | None] = relationship()
    trainer: Mapped[Staff | None] = relationship(foreign_keys=[trainer_id])
    substitute: Mapped[Staff | None] = relationship(foreign_keys=[substitute_id])


class SessionRange(Base):
    """One stretch of time of a class session (07:30–09:15, then 09:30–11:30)."""

    __tablename__ = "session_range"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
