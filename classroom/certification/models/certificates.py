"""Certificates, what happened to each, what was printed and handed out."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.certification.models.issuing import IssueBatch
from classroom.core.db import Base, SortKey
from classroom.core.ids import public_id
from classroom.core.models import StoredFile
from classroom.learners.models import Learner

_LIVE = text("state = 'issued'")


class Certificate(Base):
    """A numbered certificate. `facts` are what it says on paper (rules.certificates.PrintedFacts), frozen.

    One that is issued belongs to a learner, and there is one such per learner and course; a void number keeps its row.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        UniqueConstraint("organisation_id", "year", "serial"),
        UniqueConstraint("organisation_id", "number"),
        Index(
            "uq_certificate_live", "course_id", "learner_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE
        ),
        Index("ix_certificate_batch", "batch_id", "serial"),
        # Whole in itself, so that a search by name need not read what is printed.
        Index("ix_certificate_name", "organisation_id", "name_fold"),
        CheckConstraint("state IN ('issued', 'revoked', 'replaced', 'void')", name="state"),
        CheckConstraint("state = 'void' OR learner_id IS NOT NULL", name="learner"),
        CheckConstraint("(state = 'void') = (void_reason <> '')", name="void"),
        CheckConstraint("serial > 0", name="serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"))
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("issue_batch.id"))
    class_id: Mapped[int | None] = mapped_column(ForeignKey("training_class.id"), index=True)
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"), index=True)
    year: Mapped[int]
    serial: Mapped[int]
    number: Mapped[str] = mapped_column(String(80))
    #: 12 characters of Crockford base 32 and their check character: the last part of the address it is verified at.
    code: Mapped[str] = mapped_column(String(13), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="issued")
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    explanation: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: Of the printed name and unit, for lists.
    sort_key: Mapped[str] = mapped_column(SortKey, default="")
    name_fold: Mapped[str] = mapped_column(String(200), default="")
    unit_fold: Mapped[str] = mapped_column(String(200), default="", index=True)
    issued_on: Mapped[date]
    issued_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str] = mapped_column(String(300), default="")
    replaced_at: Mapped[datetime | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    void_reason: Mapped[str] = mapped_column(String(300), default="")
    erased_at: Mapped[datetime | None]
    handed_out_at: Mapped[datetime | None]
    handed_out_to: Mapped[str] = mapped_column(String(200), default="")
    handed_out_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    learner: Mapped[Learner | None] = relationship()
    batch: Mapped[IssueBatch] = relationship()


class CertificateEvent(Base):
    """What was done about a certificate; append-only."""

    __tablename__ = "certificate_event"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('issued', 'revoked', 'restored', 'replaced', 'voided', 'handed_out', 'taken_back', 'erased',"
            " 'printed', 'learner_changed')",
            name="kind",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    certificate_id: Mapped[int] = mapped_column(ForeignKey("certificate.id"), index=True)
    kind: Mapped[str] = mapped_column(String(15))
    at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    reason: Mapped[str] = mapped_column(String(300), default="")
    #: Number and day of the decision by which it was done, where there is one.
    decision: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class PrintRun(Base):
    """Certificates made into files for the printer: of a batch, a class, a unit, or from a number on after a jam."""

    __tablename__ = "print_run"
    __table_args__ = (
        CheckConstraint("kind IN ('batch', 'class', 'intake', 'unit', 'single', 'receipt')", name="kind"),
        CheckConstraint("state IN ('running', 'ready', 'dropped')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("issue_batch.id"), index=True)
    kind: Mapped[str] = mapped_column(String(7))
    #: What was asked for: the class, the unit, the first and last serial number.
    scope: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    count: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(String(7), default="running")
    #: Why the same certificates were printed once more; empty the first time.
    reprint_reason: Mapped[str] = mapped_column(String(300), default="")
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    batch: Mapped[IssueBatch] = relationship()
    files: Mapped[list["PrintFile"]] = relationship(order_by="PrintFile.position")


class PrintFile(Base):
    """One file of a print run; big runs are cut so that no machine holds them whole."""

    __tablename__ = "print_file"
    __table_args__ = (UniqueConstraint("run_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    run_id: Mapped[int] = mapped_column(ForeignKey("print_run.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(200), default="")
    first_serial: Mapped[int | None]
    last_serial: Mapped[int | None]
    count: Mapped[int] = mapped_column(default=0)
    file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))

    file: Mapped[StoredFile | None] = relationship()


class UnitAlias(Base):
    """Another spelling of a unit (free text): certificates of both are handed out together."""

    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("organisation_id", "alias_fold"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    alias_fold: Mapped[str] = mapped_column(String(200))
    alias: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
