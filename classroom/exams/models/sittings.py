"""Sittings and attempts: one paper opened in one class session, and every learner's go at it."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.core.points import Points
from classroom.exams.models.papers import Paper, PrintedForm
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession

_RUNNING = text("state = 'running'")
_OPEN = text("decided_at IS NULL")


class Sitting(Base):
    """One paper in one class session, opened by the trainer in the room.

    `terms` (rules.terms.Terms) and `pool` (rules.drawing: parts with the keys of pinned versions) are copies made at
    the opening. `version` grows with every change that the board shows.
    """

    __tablename__ = "sitting"
    __table_args__ = (Index("ix_sitting_session", "class_session_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"))
    paper_id: Mapped[int] = mapped_column(ForeignKey("paper.id"), index=True)
    terms: Mapped[dict[str, Any]] = mapped_column(JSON)
    pool: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=1)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: Running attempts stand still since then.
    paused_at: Mapped[datetime | None]
    #: For who failed or missed the paper before: nobody else may begin.
    retake: Mapped[bool] = mapped_column(default=False)
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: Opened by mistake: nothing in it counts.
    annulled_at: Mapped[datetime | None]
    annul_reason: Mapped[str] = mapped_column(String(300), default="")
    #: Four digits by which a trainer leaves the test on a device of the room.
    kiosk_pin: Mapped[str] = mapped_column(String(4))

    paper: Mapped[Paper] = relationship()
    class_session: Mapped[ClassSession] = relationship()


class GatePass(Base):
    """A trainer's yes for one learner in one sitting, past the rules; with more minutes for who needs them."""

    __tablename__ = "gate_pass"
    __table_args__ = (UniqueConstraint("sitting_id", "learner_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Attempt(Base):
    """One learner's go. `items` is the paper as drawn for it: in shown order, each
    `{"q": question key, "v": version key, "p": points as text, "o": [ids of options in shown order], "part": index}`.

    `deadline_at` counts while the sitting is not paused. `marks` are the points of each item, in the same order, as
    text; `mark` is their sum with the adjustments, of `out_of`.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("sitting_id", "learner_id", "number"),
        Index(
            "uq_attempt_one_running",
            "sitting_id",
            "learner_id",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
        Index("ix_attempt_due", "deadline_at", sqlite_where=_RUNNING, postgresql_where=_RUNNING),
        CheckConstraint("state IN ('running', 'finished', 'annulled')", name="state"),
        CheckConstraint("source IN ('phone', 'kiosk', 'paper')", name="source"),
        CheckConstraint("finished_how IN ('', 'submitted', 'time', 'ended', 'paper')", name="finished_how"),
        CheckConstraint("outcome IN ('', 'pass', 'fail')", name="outcome"),
        CheckConstraint("(state = 'running') = (finished_at IS NULL)", name="finished"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(6))
    state: Mapped[str] = mapped_column(String(8), default="running")
    seed: Mapped[bytes] = mapped_column(LargeBinary)
    items: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    form_id: Mapped[int | None] = mapped_column(ForeignKey("printed_form.id"))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    finished_how: Mapped[str] = mapped_column(String(9), default="")
    #: The device that may write (hash of its cookie); None for paper. A hand-over changes it and counts up.
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    device_number: Mapped[int] = mapped_column(default=1)
    last_seen_at: Mapped[datetime | None]
    last_saved_at: Mapped[datetime | None]
    #: How many items hold an answer; for the board.
    answered: Mapped[int] = mapped_column(default=0)
    marks: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    mark: Mapped[Decimal | None] = mapped_column(Points)
    out_of: Mapped[Decimal | None] = mapped_column(Points)
    outcome: Mapped[str] = mapped_column(String(4), default="")
    #: The version of rules.marking that made the marks.
    marker: Mapped[int | None]
    marked_at: Mapped[datetime | None]
    annul_reason: Mapped[str] = mapped_column(String(300), default="")

    sitting: Mapped[Sitting] = relationship()
    learner: Mapped[Learner] = relationship()
    form: Mapped[PrintedForm | None] = relationship()


class AttemptDevice(Base):
    """A device that held an attempt, holds it, or asks to take it over."""

    __tablename__ = "attempt_device"
    __table_args__ = (UniqueConstraint("attempt_id", "device_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    device_hash: Mapped[bytes] = mapped_column(LargeBinary, index=True)
    asked_at: Mapped[datetime]
    #: Set when it may write: at the start, or by the trainer's tap.
    granted_at: Mapped[datetime | None]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    refused_at: Mapped[datetime | None]


class Response(Base):
    """The current answer to one item of an attempt; a lower sequence number never replaces a higher one."""

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    #: As in rules.answers; None where the learner took the answer back.
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sequence: Mapped[int]
    saved_at: Mapped[datetime]


class StrayAnswer(Base):
    """An answer that came too late or from a device that had lost the attempt: kept as evidence, append-only.

    It is scored only if a trainer says so; then `taken_at` is set and the answer becomes the response.
    """

    __tablename__ = "stray_answer"
    __table_args__ = (
        CheckConstraint("kind IN ('late', 'other_device')", name="kind"),
        Index("ix_stray_answer_attempt", "attempt_id", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"))
    position: Mapped[int]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    sequence: Mapped[int]
    kind: Mapped[str] = mapped_column(String(12))
    received_at: Mapped[datetime]
    device_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    taken_at: Mapped[datetime | None]
    taken_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Adjustment(Base):
    """Points that a coordinator added or took, with the reason; shown on every result sheet."""

    __tablename__ = "adjustment"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempt.id"), index=True)
    points: Mapped[Decimal] = mapped_column(Points)
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    annulled_at: Mapped[datetime | None]
    annulled_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Kiosk(Base):
    """A device of the room that shows one attempt and then forgets it; known by a cookie, paired by six digits."""

    __tablename__ = "kiosk"
    __table_args__ = (Index("ix_kiosk_pairing", "pairing_code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    pairing_code: Mapped[str] = mapped_column(String(6))
    pairing_until: Mapped[datetime]
    created_at: Mapped[datetime]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    sitting_id: Mapped[int | None] = mapped_column(ForeignKey("sitting.id"), index=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"), index=True)
    paired_at: Mapped[datetime | None]
    paired_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: The device forgot everything: by the PIN, by the trainer's tap, or when the attempt had ended.
    left_at: Mapped[datetime | None]


class PaperEntry(Base):
    """The letters of one paper answered by pen, keyed in once; two entries that agree become an attempt."""

    __tablename__ = "paper_entry"
    __table_args__ = (
        CheckConstraint("round IN (1, 2)", name="round"),
        Index(
            "uq_paper_entry_open",
            "sitting_id",
            "learner_id",
            "round",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    sitting_id: Mapped[int] = mapped_column(ForeignKey("sitting.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    form_id: Mapped[int] = mapped_column(ForeignKey("printed_form.id"))
    round: Mapped[int]
    #: One text for each item, in printed order, as it was typed; empty where nothing is ticked.
    answers: Mapped[list[str]] = mapped_column(JSON)
    entered_at: Mapped[datetime]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: When both entries became an attempt, or were thrown away.
    decided_at: Mapped[datetime | None]
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempt.id"))
