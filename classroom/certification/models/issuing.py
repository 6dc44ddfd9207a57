"""Settings of an organisation's certificates, its counters, and batches from preview to issue."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.accounts.models import Staff
from classroom.certification.models.outcomes import RuleVersion
from classroom.core.db import Base, SortKey
from classroom.core.ids import public_id
from classroom.core.models import StoredFile
from classroom.sessions.models import Course

_OF_COURSE, _OF_ALL = text("course_id IS NOT NULL"), text("course_id IS NULL")


class CertificateSettings(Base):
    """How an organisation numbers and approves, and the host that answers for its certificates."""

    __tablename__ = "certificate_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), unique=True)
    #: Takes {serial}, {year} and {org}: `rules.numbers`.
    number_pattern: Mapped[str] = mapped_column(String(80), default="{serial:5}/{year}/GCN-{org}")
    #: The office's abbreviation, such as SKHCN.
    organisation_code: Mapped[str] = mapped_column(String(30), default="")
    #: Whether somebody else than who submitted a batch must approve it.
    four_eyes: Mapped[bool] = mapped_column(default=False)
    #: Address at which certificates are verified, without a slash at its end; empty: the address of the pages.
    verify_url: Mapped[str] = mapped_column(String(200), default="")
    updated_at: Mapped[datetime]


class CertificateTemplate(Base):
    """How a certificate looks: of one course, or of all courses that have none of their own.

    `settings` is `rules.designs.Design` as JSON: wording, signer, colours, space for the seal.
    """

    __tablename__ = "certificate_template"
    __table_args__ = (
        Index(
            "uq_certificate_template_course",
            "organisation_id",
            "course_id",
            unique=True,
            sqlite_where=_OF_COURSE,
            postgresql_where=_OF_COURSE,
        ),
        Index(
            "uq_certificate_template_default",
            "organisation_id",
            unique=True,
            sqlite_where=_OF_ALL,
            postgresql_where=_OF_ALL,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("course.id"))
    settings: Mapped[dict[str, Any]] = mapped_column(JSON)
    logo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))

    logo: Mapped[StoredFile | None] = relationship()


class Counter(Base):
    """The last serial number given in one organisation and year; locked by whoever takes the next."""

    __tablename__ = "certificate_counter"
    __table_args__ = (UniqueConstraint("organisation_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    last: Mapped[int] = mapped_column(default=0)


class IssueBatch(Base):
    """People who get their certificates by one decision: prepared, submitted, approved, issued.

    `design` and `signer` facts are copied at approval, so that a later change of the template changes no certificate.
    """

    __tablename__ = "issue_batch"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'approved', 'issuing', 'issued', 'cancelled')", name="state"),
        CheckConstraint("kind IN ('first', 'reissue')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    #: From 1 within the course.
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8), default="first")
    title: Mapped[str] = mapped_column(String(200), default="")
    state: Mapped[str] = mapped_column(String(9), default="draft")
    rule_version_id: Mapped[int | None] = mapped_column(ForeignKey("rule_version.id"))
    design: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    logo_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    decision_number: Mapped[str] = mapped_column(String(60), default="")
    decision_on: Mapped[date | None]
    decision_file_id: Mapped[int | None] = mapped_column(ForeignKey("stored_file.id"))
    signer_title: Mapped[str] = mapped_column(String(200), default="")
    signer_name: Mapped[str] = mapped_column(String(120), default="")
    issued_on: Mapped[date | None]
    prepared_at: Mapped[datetime]
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    issued_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(300), default="")
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: Whom it is for and in which order they stand: rules.batches.Scope as JSON.
    scope: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: When its lines were complete; None while a job writes them.
    ready_at: Mapped[datetime | None]

    course: Mapped[Course] = relationship()
    rule_version: Mapped[RuleVersion | None] = relationship()
    decision_file: Mapped[StoredFile | None] = relationship(foreign_keys=[decision_file_id])
    logo: Mapped[StoredFile | None] = relationship(foreign_keys=[logo_file_id])
    preparer: Mapped[Staff | None] = relationship(foreign_keys=[prepared_by])
    submitter: Mapped[Staff | None] = relationship(foreign_keys=[submitted_by])
    approver: Mapped[Staff | None] = relationship(foreign_keys=[approved_by])


class IssueLine(Base):
    """One person of a batch: what would be printed; or why not (`left_out`).

    `sort_key` is that of the annex: the group first where it is grouped, then the name.
    """

    __tablename__ = "issue_line"
    __table_args__ = (
        UniqueConstraint("batch_id", "learner_id"),
        Index("ix_issue_line_order", "batch_id", "sort_key", "id"),
        CheckConstraint("left_out = '' OR certificate_id IS NULL", name="left_out"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("issue_batch.id"))
    learner_id: Mapped[int] = mapped_column(ForeignKey("learner.id"), index=True)
    #: What is printed of the person: `rules.certificates.PrintedFacts` without number and date, as JSON.
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    explanation: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    sort_key: Mapped[str] = mapped_column(SortKey)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("training_class.id"))
    intake_id: Mapped[int | None] = mapped_column(ForeignKey("intake.id"))
    #: A code; empty for who gets one. By hand: with the reason in words.
    left_out: Mapped[str] = mapped_column(String(30), default="")
    left_out_note: Mapped[str] = mapped_column(String(300), default="")
    #: Codes of what should be looked at (rules.batches.problems_of), each between blanks; empty for nothing.
    problems: Mapped[str] = mapped_column(String(100), default="")
    #: Of a reissue: the certificate that the new one replaces.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"))
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), index=True)
