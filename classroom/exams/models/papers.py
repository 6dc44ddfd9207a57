"""Papers (đề): what is asked, under which terms; and the printed forms of one."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.core.points import Points
from classroom.exams.models.bank import Question, Topic
from classroom.sessions.models import Course


class Paper(Base):
    """A test as its author planned it. Sittings copy the terms and pin the versions, so that a later edit changes
    nothing that runs or ran.
    """

    __tablename__ = "paper"
    __table_args__ = (
        CheckConstraint("layout IN ('one', 'all')", name="layout"),
        CheckConstraint("counts IN ('best', 'last', 'first')", name="counts"),
        CheckConstraint("show_score IN ('at_once', 'after_end', 'never')", name="show_score"),
        CheckConstraint("time_limit BETWEEN 1 AND 480", name="time_limit"),
        CheckConstraint("pass_percent BETWEEN 0 AND 100", name="pass_percent"),
        CheckConstraint("attempts_allowed BETWEEN 1 AND 20", name="attempts_allowed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    title: Mapped[str] = mapped_column(String(200))
    #: Markdown subset, shown before the first question and printed on the paper.
    instructions: Mapped[str] = mapped_column(Text, default="")
    #: Minutes for one attempt; minutes after the opening in which an attempt may begin (None: until the end).
    time_limit: Mapped[int] = mapped_column(default=45)
    entry_window: Mapped[int | None] = mapped_column(default=15)
    #: Share of all points that is needed, in per cent.
    pass_percent: Mapped[int] = mapped_column(default=50)
    #: What the full mark is called on result sheets: thang điểm 10.
    scale: Mapped[int] = mapped_column(default=10)
    layout: Mapped[str] = mapped_column(String(4), default="one")
    shuffle_questions: Mapped[bool] = mapped_column(default=True)
    shuffle_options: Mapped[bool] = mapped_column(default=True)
    #: An uncounted question first.
    practice: Mapped[bool] = mapped_column(default=True)
    attempts_allowed: Mapped[int] = mapped_column(default=1)
    counts: Mapped[str] = mapped_column(String(6), default="best")
    show_score: Mapped[str] = mapped_column(String(10), default="at_once")
    #: Whether learners may see the right answers, once the last planned sitting in any class has ended.
    show_answers: Mapped[bool] = mapped_column(default=False)
    #: Who may begin: present (or late) in this session; having attended so many half-days of the course (0: any).
    require_present: Mapped[bool] = mapped_column(default=True)
    require_sessions: Mapped[int] = mapped_column(default=0)
    #: Seconds after the deadline in which an answer that was on its way still counts.
    grace: Mapped[int] = mapped_column(default=10)
    #: For another set of questions for those who sit again: results count as those of this paper.
    retake_of_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    updated_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    parts: Mapped[list["PaperPart"]] = relationship(back_populates="paper", order_by="PaperPart.position")


class PaperPart(Base):
    """One line of a paper: a fixed question, or so many drawn at random from a topic; `points` are for each."""

    __tablename__ = "paper_part"
    __table_args__ = (
        CheckConstraint("(question_id IS NULL) <> (topic_id IS NULL)", name="fixed_or_drawn"),
        CheckConstraint("draw_count BETWEEN 1 AND 200", name="draw_count"),
        CheckConstraint("points > 0", name="points"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    position: Mapped[int]
    question_id: Mapped[int | None] = mapped_column(ForeignKey("question.id"), index=True)
    topic_id: Mapped[int | None] = mapped_column(ForeignKey("question_topic.id"), index=True)
    draw_count: Mapped[int] = mapped_column(default=1)
    points: Mapped[Decimal] = mapped_column(Points)

    paper: Mapped[Paper] = relationship(back_populates="parts")
    question: Mapped[Question | None] = relationship()
    topic: Mapped[Topic | None] = relationship()


class PrintedForm(Base):
    """A paper as it was printed (mã đề): its questions drawn once and for all, in printed order.

    `items` is a list as in `Attempt.items`.
    """

    __tablename__ = "printed_form"
    __table_args__ = (UniqueConstraint("paper_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"))
    code: Mapped[str] = mapped_column(String(6))
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    annulled_at: Mapped[datetime | None]

    paper: Mapped[Paper] = relationship()


class Ruling(Base):
    """A decision about a question of a paper after it was answered: another version's key counts, everybody gets the
    points, or the question is dropped. The latest one holds; "none" takes earlier ones back.
    """

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint("action IN ('rekey', 'full', 'drop', 'none')", name="action"),
        CheckConstraint("(action = 'rekey') = (version_id IS NOT NULL)", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("question.id"), index=True)
    action: Mapped[str] = mapped_column(String(6))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_version.id"))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
