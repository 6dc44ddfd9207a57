"""When right answers may be seen."""

from datetime import datetime

from sqlalchemy import exists, func, or_, select

from classroom.core.db import db
from classroom.exams.models import Paper, Sitting
from classroom.sessions.models import ClassSession, TrainingClass


def answers_are_released(paper_id: int, at: datetime) -> bool:
    """Whether nobody sits this paper any more, in any class, nor is to: its sittings have ended, and so has the last
    planned half-day of every class of its course. The first paper and all that ask it anew count as one.
    """
    first = select(func.coalesce(Paper.retake_of_id, Paper.id)).where(Paper.id == paper_id).scalar_subquery()
    kin = select(Paper.id, Paper.course_id).where(or_(Paper.id == first, Paper.retake_of_id == first))
    family = kin.subquery()
    going_on = exists().where(
        Sitting.paper_id.in_(select(family.c.id)), Sitting.ended_at.is_(None), Sitting.annulled_at.is_(None)
    )
    to_come = exists(
        select(ClassSession.id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(
            TrainingClass.course_id.in_(select(family.c.course_id)),
            TrainingClass.cancelled_at.is_(None),
            ClassSession.cancelled_at.is_(None),
            ClassSession.ends_at > at,
        )
    )
    return not db.session.scalar(select(or_(going_on, to_come)))
