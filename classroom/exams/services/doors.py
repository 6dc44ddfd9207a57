"""The door of the test behind the room's code."""

from datetime import datetime

from sqlalchemy import func, select

from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt, Sitting
from classroom.sessions.models import ClassSession, Enrolment


def check_door(class_session_id: int, at: datetime) -> None:
    """Refuse, `sitting.none_open`, where no test goes on in the session."""
    going_on = select(Sitting.id).where(
        Sitting.class_session_id == class_session_id, Sitting.ended_at.is_(None), Sitting.annulled_at.is_(None)
    )
    if db.session.scalar(going_on.limit(1)) is None:
        raise Refusal("sitting.none_open")


def count_at_door(class_session_id: int) -> tuple[int, int]:
    """How many have begun the open tests of a session, of how many in the class."""
    begun = (
        select(func.count(func.distinct(Attempt.learner_id)))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .where(
            Sitting.class_session_id == class_session_id,
            Sitting.ended_at.is_(None),
            Sitting.annulled_at.is_(None),
            Attempt.state != "annulled",
        )
    )
    places = (
        select(func.count())
        .select_from(Enrolment)
        .join(ClassSession, ClassSession.class_id == Enrolment.class_id)
        .where(ClassSession.id == class_session_id, Enrolment.ended_at.is_(None))
    )
    return db.session.scalar(begun) or 0, db.session.scalar(places) or 0
