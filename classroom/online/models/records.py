"""What the newest valid import says of each account, whose it is, and the questions about that."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base, SortKey
from classroom.core.ids import public_id
from classroom.core.points import Points
from classroom.learners.models import Learner
from classroom.online.models.intakes import Intake


class OnlineRecord(Base):
    """The result of one account in one intake. `score` and `progress` are per cent, 0 to 100.

    `learner_id` is the living link (one record to one learner; a learner may have several records); `link` says how
    it came about. Personal columns say what the platform says, not what the learner is called here.
    """

    __tablename__ = "online_record"
    __table_args__ = (
        UniqueConstraint("intake_id", "account_key"),
        Index("ix_online_record_account", "organisation_id", "account_key"),
        Index("ix_online_record_link", "organisation_id", "link"),
        Index("ix_online_record_id_number", "organisation_id", "id_number"),
        Index("ix_online_record_phone", "organisation_id", "phone"),
        CheckConstraint("link IN ('new', 'matched', 'own', 'queued')", name="link"),
        CheckConstraint("(link IN ('matched', 'own')) = (learner_id IS NOT NULL)", name="linked"),
        CheckConstraint("said IN ('', 'passed', 'failed')", name="said"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    account: Mapped[str] = mapped_column(String(120))
    account_key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200), default="")
    name_fold: Mapped[str] = mapped_column(String(200), default="")
    sort_key: Mapped[str] = mapped_column(SortKey, default="")
    born_on: Mapped[date | None]
    birth_year: Mapped[int | None]
    id_number: Mapped[str] = mapped_column(String(12), default="")
    phone: Mapped[str] = mapped_column(String(16), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    unit_fold: Mapped[str] = mapped_column(String(200), default="")
    #: The local day of issue as the platform says it; an account's own `issued_on` set by hand goes before it.
    issued_on: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    progress: Mapped[Decimal | None] = mapped_column(Points)
    score: Mapped[Decimal | None] = mapped_column(Points)
    #: The platform's own verdict.
    said: Mapped[str] = mapped_column(String(6), default="")
    retracted_at: Mapped[datetime | None]
    retract_reason: Mapped[str] = mapped_column(String(300), default="")
    #: The row that says so, and the instant at which that snapshot was taken.
    row_id: Mapped[int | None]
    taken_at: Mapped[datetime]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    link: Mapped[str] = mapped_column(String(7), default="new")
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"), index=True)
    #: "account" | "id_number" | "phone" | "email" | "own" | "hand"; empty while there is none.
    linked_how: Mapped[str] = mapped_column(String(10), default="")
    linked_at: Mapped[datetime | None]
    linked_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: What was found to agree, as rules.evidence puts it.
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)

    intake: Mapped[Intake] = relationship()
    learner: Mapped[Learner | None] = relationship()


class MatchCase(Base):
    """A question for a coordinator: is this record one of these learners? One case for a record, asked anew if need be.

    `candidates` are at most ten, best first: `{"learner": key, "score": 0..100, "evidence": [...], "against": [...]}`.
    """

    __tablename__ = "match_case"
    __table_args__ = (
        Index("ix_match_case_queue", "organisation_id", "state", "rank"),
        CheckConstraint("state IN ('open', 'later', 'same', 'different', 'gone')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("online_record.id"), unique=True)
    #: Why the machine did not link by itself, as rules.matching.Doubt names it.
    reason: Mapped[str] = mapped_column(String(30))
    candidates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    #: Cases that are quick to decide come first; lower is earlier.
    rank: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(9), default="open")
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"))
    #: What the decision did, so that it can be taken back.
    done: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    record: Mapped[OnlineRecord] = relationship()


class MatchDenial(Base):
    """Somebody said that a record and a learner are different people: nobody asks again, nothing links them again.

    It outlives the record that an undone import takes along, as a denial of the account, and is the next record's then.
    """

    __tablename__ = "match_denial"
    __table_args__ = (
        UniqueConstraint("record_id", "learner_id"),
        Index("ix_match_denial_account", "intake_id", "account_key"),
        CheckConstraint("(record_id IS NULL) = (account_key <> '')", name="account"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    record_id: Mapped[int | None] = mapped_column(ForeignKey("online_record.id"))
    #: Of whom it speaks while there is no record.
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    account_key: Mapped[str] = mapped_column(String(120), default="")
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    annulled_at: Mapped[datetime | None]


class MatchEvent(Base):
    """How a record came to its learner and away from it; append-only."""

    __tablename__ = "match_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('linked', 'own', 'queued', 'same', 'different', 'unlinked', 'undone', 'merged', 'split')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    record_id: Mapped[int] = mapped_column(ForeignKey("online_record.id"), index=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"), index=True)
    kind: Mapped[str] = mapped_column(String(9))
    how: Mapped[str] = mapped_column(String(10), default="")
    evidence: Mapped[list[str]] = mapped_column(JSON, default=list)
    #: The learner_merge through which it happened, where two learners became one.
    merge_id: Mapped[int | None] = mapped_column(ForeignKey("learner_merge.id"))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
