"""Who sits in which class, how that changed, and the files that people came in by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.accounts.models import Staff
from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.core.models import StoredFile
from classroom.learners.models import Learner
from classroom.sessions.models.programmes import Course
from classroom.sessions.models.schedule import TrainingClass

_ACTIVE = text("ended_at IS NULL")


class Enrolment(Base):
    """A learner's place in a class. `effective_from` decides which sessions count as "not yet in the class";
    a withdrawn learner has `ended_at`; rejoining clears it on the same row.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("class_id", "learner_id"),
        Index(
            "uq_enrolment_one_class_per_course",
            "course_id",
            "learner_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_enrolment_learner", "learner_id"),
        CheckConstraint("walk_in IN ('', 'pending', 'accepted', 'removed')", name="walk_in"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("training_class.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"))
    enrolled_at: Mapped[datetime]
    effective_from: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(300), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    #: Taken in at the door: "pending" until a coordinator decides; empty for everybody who was on the list.
    walk_in: Mapped[str] = mapped_column(String(8), default="")

    learner: Mapped[Learner] = relationship()
    training_class: Mapped[TrainingClass] = relationship()


class EnrolmentChange(Base):
    """How an enrolment came about and changed; append-only."""

    __tablename__ = "enrolment_change"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('enrolled', 'withdrawn', 'rejoined', 'moved_out', 'moved_in', 'undone',"
            " 'walked_in', 'accepted', 'removed', 'merged', 'split')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    roster_import_id: Mapped[int | None] = mapped_column(ForeignKey("roster_import.id"))


class RosterImport(Base):
    """A file with people, from upload to confirmation or undoing; nothing else is written until confirmed."""

    __tablename__ = "roster_import"
    __table_args__ = (CheckConstraint("state IN ('uploaded', 'confirmed', 'undone', 'dropped')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    #: None when the file's "Lớp" column says which class each row belongs to.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("training_class.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    #: The sheet chosen, the columns as recognised or corrected by hand, rows skipped, proposals accepted.
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Counts for the history once confirmed.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: What the confirmation wrote, so that it can be undone: ids added, and values before each change.
    journal: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    course: Mapped[Course] = relationship()
    training_class: Mapped[TrainingClass | None] = relationship()
    file: Mapped[StoredFile] = relationship()
    uploader: Mapped[Staff | None] = relationship(foreign_keys=[uploaded_by])
    confirmer: Mapped[Staff | None] = relationship(foreign_keys=[confirmed_by])
    undoer: Mapped[Staff | None] = relationship(foreign_keys=[undone_by])
