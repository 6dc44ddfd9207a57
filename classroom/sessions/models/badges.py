"""Badges: a code that a tablet reads, on paper or on the learner's own phone."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from classroom.core.db import Base
from classroom.core.ids import public_id
from classroom.learners.models import Learner

_LIVING = text("replaced_at IS NULL AND learner_id IS NOT NULL")


class Badge(Base):
    """A badge of a learner, or a blank one of a class that is tied to whoever gets it at the door.

    A learner has one living badge; reissuing replaces it, and the old code then says so.
    """

    __tablename__ = "badge"
    __table_args__ = (
        Index("uq_badge_living", "learner_id", unique=True, sqlite_where=_LIVING, postgresql_where=_LIVING),
        Index("ix_badge_learner", "learner_id"),
        Index("ix_badge_class", "class_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    #: 16 characters of Crockford base 32: what the QR says after the address.
    code: Mapped[str] = mapped_column(String(16), unique=True)
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("learner.id"))
    #: The class for whose walk-ins a blank badge was printed.
    class_id: Mapped[int | None] = mapped_column(ForeignKey("training_class.id"))
    #: The number printed on a blank badge, from 1 in each class.
    blank_number: Mapped[int | None]
    issued_at: Mapped[datetime]
    issued_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    tied_at: Mapped[datetime | None]
    tied_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    replaced_at: Mapped[datetime | None]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    replace_reason: Mapped[str] = mapped_column(String(300), default="")

    learner: Mapped[Learner | None] = relationship()
