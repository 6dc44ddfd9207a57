"""What an import is going to make of records, written beside them until one statement takes it over."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base, SortKey
from classroom.core.points import Points


class StagedRecord(Base):
    """The columns of an OnlineRecord as they shall be: a new one where `record_id` is None. Nobody reads it but the
    import that wrote it, and it is gone once that import counts.
    """

    __tablename__ = "online_staged"
    __table_args__ = (Index("ix_online_staged_import", "import_id", "record_id"),)

    #: The row that says so.
    row_id: Mapped[int] = mapped_column(ForeignKey("online_import_row.id"), primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("online_import.id"))
    record_id: Mapped[int | None] = mapped_column(ForeignKey("online_record.id"), index=True)
    public_id: Mapped[str] = mapped_column(String(12))
    account: Mapped[str] = mapped_column(String(120))
    account_key: Mapped[str] = mapped_column(String(120))
    name: Mapped[str] = mapped_column(String(200))
    name_fold: Mapped[str] = mapped_column(String(200))
    sort_key: Mapped[str] = mapped_column(SortKey)
    born_on: Mapped[date | None]
    birth_year: Mapped[int | None]
    id_number: Mapped[str] = mapped_column(String(12))
    phone: Mapped[str] = mapped_column(String(16))
    email: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    unit_fold: Mapped[str] = mapped_column(String(200))
    issued_on: Mapped[date | None]
    completed_at: Mapped[datetime | None]
    progress: Mapped[Decimal | None] = mapped_column(Points)
    score: Mapped[Decimal | None] = mapped_column(Points)
    said: Mapped[str] = mapped_column(String(6))
    #: Which row and which instant the record shall name: another's where that one's result stays.
    says_row_id: Mapped[int | None]
    taken_at: Mapped[datetime]
