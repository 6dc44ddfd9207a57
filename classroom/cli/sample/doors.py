"""Ways in for somebody who tries the sample with a phone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from classroom.attendance.models import Mark, Register
from classroom.attendance.rules import fixed_code
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass


@dataclass(frozen=True, slots=True)
class Door:
    """A running session's fixed link, and codes of learners who are still missing."""

    path: str
    class_code: str
    learner_codes: list[str]


def open_doors(at: datetime, codes: int = 3) -> list[Door]:
    """Sessions that go on now and have a fixed code."""
    rows = db.session.execute(
        select(ClassSession, TrainingClass.code, Register.secret)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .join(Register, Register.class_session_id == ClassSession.id)
        .where(TrainingClass.fixed_code, ClassSession.starts_at <= at, ClassSession.ends_at > at)
    )
    return [
        Door(f"/F/{fixed_code(secret, one.public_id)}", class_code, _missing(one, codes))
        for one, class_code, secret in rows
    ]


def _missing(class_session: ClassSession, count: int) -> list[str]:
    marked = select(Mark.enrolment_id).where(Mark.class_session_id == class_session.id)
    found = db.session.scalars(
        select(Learner.code)
        .join(Enrolment, Enrolment.learner_id == Learner.id)
        .where(
            Enrolment.class_id == class_session.class_id,
            Enrolment.ended_at.is_(None),
            Enrolment.id.not_in(marked),
        )
        .order_by(Learner.sort_key)
        .limit(count)
    )
    return list(found)
