"""The table of periodic tasks."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base


class PeriodicTask(Base):
    """When a task is due next and who is at it; a lease that ran out may be taken over."""

    __tablename__ = "periodic_task"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[datetime]
    leased_until: Mapped[datetime | None]
    last_started_at: Mapped[datetime | None]
    last_finished_at: Mapped[datetime | None]
    last_error: Mapped[str] = mapped_column(String(500), default="")
