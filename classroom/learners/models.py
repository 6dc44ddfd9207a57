"""The learner's table."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base, SortKey
from classroom.core.ids import public_id

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
