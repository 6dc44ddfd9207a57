"""Intakes and the accounts that go out to the online platform."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.learners.models import Learner
from classroom.sessions.models import Course


class Intake(Base):
    """An online group (đợt) of one course; each of its accounts has so many days from its own issue."""

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("course_id", "name"),
        CheckConstraint("days BETWEEN 1 AND 365", name="days"),
        CheckConstraint("keeps IN ('best', 'latest')", name="keeps"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    name: Mapped[str] = mapped_column(String(100))
    #: When its accounts are meant to go out.
    starts_on: Mapped[date | None]
    #: Days after the day of issue (day 0) through whose last second a completion counts.
    days: Mapped[int] = mapped_column(default=10)
    #: What account numbers of this intake begin with, such as "nghean01".
    account_prefix: Mapped[str] = mapped_column(String(40), default="")
    #: Which result of an account counts when a newer export says less: its best, or the latest.
    keeps: Mapped[str] = mapped_column(String(6), default="best")
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()


class AccountBatch(Base):
    """A file that asked the platform to create accounts."""

    __tablename__ = "account_batch"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"), index=True)
    format: Mapped[str] = mapped_column(String(12))
    count: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))


class Account(Base):
    """An account number that we gave to a learner for one intake. `key` is the number casefolded.

    `issued_on` is the local day on which the platform issued it: set by hand for good, or by exports, and then it
    follows what the record says.
    """

    __tablename__ = "online_account"
    __table_args__ = (
        UniqueConstraint("intake_id", "key"),
        Index("ix_online_account_key", "organisation_id", "key"),
        CheckConstraint("issued_how IN ('', 'import', 'hand')", name="issued_how"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    key: Mapped[str] = mapped_column(String(120))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("account_batch.id"), index=True)
    issued_on: Mapped[date | None]
    issued_how: Mapped[str] = mapped_column(String(6), default="")
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    annulled_at: Mapped[datetime | None]
    annul_reason: Mapped[str] = mapped_column(String(300), default="")

    intake: Mapped[Intake] = relationship()
    learner: Mapped[Learner] = relationship()


class Source(Base):
    """A platform that sends results, and how its columns are read: corrected once, remembered.

    `mapping` is what rules.mapping.Mapping keeps: fields by folded heading, the score's maximum, the order of dates.
    """

    __tablename__ = "online_source"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        CheckConstraint("kind IN ('template', 'open_edx', 'moodle', 'columns')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(12))
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
