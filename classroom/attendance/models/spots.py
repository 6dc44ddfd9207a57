"""Spot checks: a code in the middle of a session, and who answered it."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from classroom.core.db import Base
from classroom.core.ids import public_id


class SpotCheck(Base):
    """A few minutes in which the screen asks everybody for a sign of presence."""

    __tablename__ = "spot_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    class_session_id: Mapped[int] = mapped_column(ForeignKey("class_session.id"), index=True)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    #: When it ends by itself; set earlier when the trainer ends it.
    ends_at: Mapped[datetime]


class SpotAnswer(Base):
    """That somebody answered a spot check; the first answer counts."""

    __tablename__ = "spot_answer"
    __table_args__ = (UniqueConstraint("spot_check_id", "enrolment_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    spot_check_id: Mapped[int] = mapped_column(ForeignKey("spot_check.id"))
    enrolment_id: Mapped[int] = mapped_column(ForeignKey("enrolment.id"))
    #: room_code, typed, badge, card, picked or hand (a trainer saw the learner).
    source: Mapped[str] = mapped_column(String(12))
    answered_at: Mapped[datetime]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
