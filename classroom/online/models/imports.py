"""Imports: the files as they came, their rows as they were read, and what each row did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.accounts.models import Staff
from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.core.models import StoredFile
from classroom.online.models.intakes import Intake, Source


class OnlineImport(Base):
    """Results of one intake as a platform exported them, from upload to confirmation or undoing.

    Rows are staged in batches; they count from the one flip of `state` to "confirmed" on.
    """

    __tablename__ = "online_import"
    __table_args__ = (
        CheckConstraint("state IN ('uploaded', 'running', 'confirmed', 'undoing', 'undone', 'dropped')", name="state"),
        Index("ix_online_import_intake", "intake_id", "state"),
        Index(
            "uq_online_import_at_work",
            "intake_id",
            unique=True,
            sqlite_where=text("state IN ('running', 'undoing')"),
            postgresql_where=text("state IN ('running', 'undoing')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    intake_id: Mapped[int] = mapped_column(ForeignKey("intake.id"))
    source_id: Mapped[int | None] = mapped_column(ForeignKey("online_source.id"))
    #: What the file was recognised as: a kind of Source.
    kind: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(10), default="uploaded")
    #: The sheet, the mapping in force, rows skipped, proposals accepted, answers given once for the file.
    choices: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Counts for the history once confirmed.
    outcome: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: When the platform wrote the results down: an older snapshot never takes back what a newer one said.
    taken_at: Mapped[datetime]
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    confirmed_at: Mapped[datetime | None]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    undo_reason: Mapped[str] = mapped_column(String(300), default="")

    intake: Mapped[Intake] = relationship()
    source: Mapped[Source | None] = relationship()
    files: Mapped[list["OnlineImportFile"]] = relationship(order_by="OnlineImportFile.id")
    uploader: Mapped[Staff | None] = relationship(foreign_keys=[uploaded_by])
    confirmer: Mapped[Staff | None] = relationship(foreign_keys=[confirmed_by])
    undoer: Mapped[Staff | None] = relationship(foreign_keys=[undone_by])


class OnlineImportFile(Base):
    """One file of an import, kept encrypted byte for byte; after the retention time only its hash stays."""

    __tablename__ = "online_import_file"
    __table_args__ = (CheckConstraint("role IN ('results', 'profiles')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("online_import.id"), index=True)
    role: Mapped[str] = mapped_column(String(8))
    filename: Mapped[str] = mapped_column(String(255))
    #: Of the file as it came, not of its encrypted form.
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    dropped_at: Mapped[datetime | None]

    file: Mapped[StoredFile | None] = relationship()


class ImportRow(Base):
    """One row of an import: `values` as read (rules.results.ReadRow as JSON), and what it did to its record.

    `before` holds the record's columns as they were, so that the import can be undone; None where it made the record.
    """

    __tablename__ = "online_import_row"
    __table_args__ = (
        Index("ix_online_import_row_account", "import_id", "account_key"),
        CheckConstraint(
            "effect IN ('staged', 'new', 'better', 'worse', 'other', 'same', 'older', 'retracted', 'skipped')",
            name="effect",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    import_id: Mapped[int] = mapped_column(ForeignKey("online_import.id"))
    #: As a person counts them in the sheet, from 1.
    number: Mapped[int]
    account_key: Mapped[str] = mapped_column(String(120))
    values: Mapped[dict[str, Any]] = mapped_column(JSON)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    effect: Mapped[str] = mapped_column(String(10), default="staged")
    record_id: Mapped[int | None] = mapped_column(ForeignKey("online_record.id"), index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
