"""The question bank: topics, questions, their versions, and the pictures in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.accounts.models import Staff
from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.core.models import StoredFile
from classroom.sessions.models import Course


class Topic(Base):
    """What a question is about; papers draw questions by topic. Names are unique without regard to case."""

    __tablename__ = "question_topic"
    __table_args__ = (UniqueConstraint("organisation_id", "name_fold"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(120))
    name_fold: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]


class Question(Base):
    """One question of the bank through all its versions; `number` is that of the current one.

    Without a course it belongs to every course of the organisation.
    """

    __tablename__ = "question"
    __table_args__ = (Index("ix_question_where", "organisation_id", "course_id", "topic_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("question_topic.id"), index=True)
    number: Mapped[int] = mapped_column(default=1)
    #: Title, text and options of the current version, folded (core.names.fold): what a search looks in.
    search_text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    updated_at: Mapped[datetime]
    #: No longer drawn or offered; what was answered stays.
    retired_at: Mapped[datetime | None]

    course: Mapped[Course | None] = relationship()
    topic: Mapped[Topic | None] = relationship()
    versions: Mapped[list["QuestionVersion"]] = relationship(
        back_populates="question", order_by="QuestionVersion.number"
    )


class QuestionVersion(Base):
    """What was asked and what is right, as one author left it; a row is never changed (see `body` in rules/kinds)."""

    __tablename__ = "question_version"
    __table_args__ = (
        UniqueConstraint("question_id", "number"),
        CheckConstraint(
            "kind IN ('single', 'multiple', 'true_false', 'numerical', 'short_answer', 'matching', 'ordering')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    title: Mapped[str] = mapped_column(String(200), default="")
    #: Markdown subset; pictures as `![words](picture:PUBLICID)`.
    text: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any]] = mapped_column(JSON)
    feedback: Mapped[str] = mapped_column(Text, default="")
    #: SHA-256 of kind, title, text, body and feedback: saving without a change makes no version.
    content_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: What the author wrote about this version ("key corrected").
    note: Mapped[str] = mapped_column(String(300), default="")

    question: Mapped[Question] = relationship(back_populates="versions")
    author: Mapped[Staff | None] = relationship()


class QuestionPicture(Base):
    """A picture as Pillow wrote it anew; what was uploaded is not kept."""

    __tablename__ = "question_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    file: Mapped[StoredFile] = relationship()


class QuestionImport(Base):
    """A file with questions from upload to confirmation; no question is written before that."""

    __tablename__ = "question_import"
    __table_args__ = (
        CheckConstraint("state IN ('uploaded', 'confirmed', 'dropped')", name="state"),
        CheckConstraint("format IN ('gift', 'aiken', 'sheet')", name="format"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"))
    format: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    file: Mapped[StoredFile] = relationship()
