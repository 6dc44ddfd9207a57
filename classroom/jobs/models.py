"""The tables of periodic tasks and of jobs."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base
from classroom.core.ids import public_id

_LIVING = "key <> '' AND state IN ('queued', 'running')"


class PeriodicTask(Base):
    """When a task is due next and who is at it; a lease that ran out may be taken over."""

    __tablename__ = "periodic_task"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    last_started_at: Mapped[datetime | None]
    last_finished_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Job(Base):
    """Something that was asked for and takes a while; whoever runs it holds the lease."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state_known"),
        CheckConstraint(
            "(state = 'running') = (lease IS NOT NULL) AND (state = 'running') = (leased_until IS NOT NULL)",
            name="leased_while_running",
        ),
        CheckConstraint(
            "(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="finished_when_over"
        ),
        CheckConstraint("done >= 0 AND total >= 0 AND attempts >= 0", name="counts"),
        _partial("uq_job_living", "organisation_id", "task", "key", where=_LIVING, unique=True),
        _partial("uq_job_living_of_all", "task", "key", where=f"organisation_id IS NULL AND {_LIVING}", unique=True),
        _partial("ix_job_waiting", "not_before", "id", where="state = 'queued'"),
        _partial("ix_job_leased", "leased_until", where="state = 'running'"),
        Index("ix_job_recent", "organisation_id", "id"),
        Index("ix_job_subject", "organisation_id", "task", "subject_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    task: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(120), default="")
    arguments: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="queued")
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(String(200), default="")
    result: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error_code: Mapped[str] = mapped_column(String(60), default="")
    error_details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    #: How often it was begun since somebody asked for it.
    attempts: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    lease: Mapped[str | None] = mapped_column(String(43))
    created_at: Mapped[datetime]
    #: The member of staff who asked.
    created_by: Mapped[int | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
