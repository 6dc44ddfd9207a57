"""The learner's table."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base, SortKey
from classroom.core.ids import public_id

_OPEN = text("state = 'open'")
_LIVING_ID = text("id_number <> '' AND annulled_at IS NULL")


class Learner(Base):
    """One person in one organisation. Never merged on a name; `sort_key` and `name_fold` follow the name."""

    __tablename__ = "learner"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        Index(
            "uq_learner_id_number",
            "organisation_id",
            "id_number",
            unique=True,
            sqlite_where=_LIVING_ID,
            postgresql_where=_LIVING_ID,
        ),
        # The unique one cannot serve a look-up: who was merged into somebody is not living, and is asked for too.
        Index("ix_learner_id_number", "organisation_id", "id_number"),
        Index("ix_learner_phone", "organisation_id", "phone"),
        Index("ix_learner_sort", "organisation_id", "sort_key"),
        CheckConstraint("audience IN ('official', 'citizen', 'business', '')", name="audience"),
        CheckConstraint("sex IN ('male', 'female', '')", name="sex"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    #: Eight characters, the last one a check; printed on badge and roster.
    code: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey)
    born_on: Mapped[date | None]
    #: Kept when only the year is known; equals the year of `born_on` otherwise.
    birth_year: Mapped[int | None]
    sex: Mapped[str] = mapped_column(String(6), default="")
    #: Twelve digits (citizen number) or nine (the old card's); empty when unknown.
    id_number: Mapped[str] = mapped_column(String(12), default="")
    #: +84… or empty.
    phone: Mapped[str] = mapped_column(String(16), default="")
    email: Mapped[str] = mapped_column(String(200), default="")
    audience: Mapped[str] = mapped_column(String(10), default="")
    position: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    unit_fold: Mapped[str] = mapped_column(String(200), default="")
    commune: Mapped[str] = mapped_column(String(120), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    annulled_at: Mapped[datetime | None]
    #: Set together with `annulled_at` when this turned out to be the same person as another learner.
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"), index=True)
    #: Set together with `annulled_at` when the person was erased on request: the row stays for the numbers alone.
    erased_at: Mapped[datetime | None]


class LearnerMerge(Base):
    """That two learners are one person, and perhaps later that they are not; its lines make a split restore exactly."""

    __tablename__ = "learner_merge"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    gone_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    reason: Mapped[str] = mapped_column(String(300))
    merged_at: Mapped[datetime]
    merged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    split_at: Mapped[datetime | None]
    split_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    split_reason: Mapped[str] = mapped_column(String(300), default="")


class MergeLine(Base):
    """One column of one row that a merge changed: what it said before and after."""

    __tablename__ = "merge_line"

    id: Mapped[int] = mapped_column(primary_key=True)
    merge_id: Mapped[int] = mapped_column(ForeignKey("learner_merge.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[int]
    column_name: Mapped[str] = mapped_column(String(40))
    old_value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)
    new_value: Mapped[Any] = mapped_column(JSON(none_as_null=True), nullable=True)


class ErasureRequest(Base):
    """That somebody asked for a learner to be erased, and what was decided; texts about the person go with them."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        Index("uq_erasure_request_open", "learner_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_erasure_request_due", "organisation_id", "state", "due_on"),
        CheckConstraint("state IN ('open', 'erased', 'refused')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    #: Who asked, and how it was made sure that this was the person.
    asked_by: Mapped[str] = mapped_column(String(200))
    identity: Mapped[str] = mapped_column(String(300))
    reason: Mapped[str] = mapped_column(String(300), default="")
    #: Local days: when the request came in, and by when it must be answered.
    received_on: Mapped[date]
    due_on: Mapped[date]
    state: Mapped[str] = mapped_column(String(7), default="open")
    noted_at: Mapped[datetime]
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    decision_reason: Mapped[str] = mapped_column(String(300), default="")
    #: How much was erased, as it was shown before.
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    learner: Mapped[Learner] = relationship()
