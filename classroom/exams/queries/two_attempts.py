"""What a coordinator must know to decide between two attempts of one learner."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select

from classroom.core.db import db
from classroom.exams.models import Attempt, Sitting
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, TrainingClass


@dataclass(frozen=True, slots=True)
class AskedAttempt:
    """One of them, with whose it is and where it was written."""

    name: str
    unit: str
    class_code: str
    sitting: str
    title: str
    scale: int
    mark: Decimal | None
    out_of: Decimal | None


def asked_attempts(public_ids: Collection[str]) -> dict[str, AskedAttempt]:
    """By public id; one statement."""
    rows = db.session.execute(
        select(
            Attempt.public_id,
            Learner.name,
            Learner.unit,
            TrainingClass.code,
            Sitting.public_id,
            Sitting.terms,
            Attempt.mark,
            Attempt.out_of,
        )
        .join(Learner, Learner.id == Attempt.learner_id)
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(Attempt.public_id.in_(public_ids))
    )
    return {
        key: AskedAttempt(name, unit, code, sitting, terms["title"], terms["scale"], mark, out_of)
        for key, name, unit, code, sitting, terms, mark, out_of in rows
    }
