"""Who may see what is right: nobody but those who mark, while a class sits any of the questions or is still to."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db
from classroom.core.errors import Forbidden
from classroom.exams.models import Paper, PaperPart, Question, Sitting
from classroom.sessions.models import ClassSession, TrainingClass

WHILE_OPEN, STILL_TO_COME = "analysis.while_open", "analysis.still_to_come"


def why_secret(actor: Actor, questions: Collection[int]) -> str:
    """Why the keys of these questions may not be seen yet, as a code; empty where they may.

    One of them is asked in a sitting that goes on, in any class and by any paper; or a class has half-days to come and
    has not sat, to the end, a paper in use that asks one of them. Coordinators, who wrote the keys, always see them.
    """
    if actor.may("exam.mark"):
        return ""
    if _asked_now(actor.organisation_id, questions):
        return WHILE_OPEN
    return STILL_TO_COME if _asked_later(actor.organisation_id, questions, now()) else ""


def check_keys(actor: Actor, questions: Collection[int]) -> None:
    """Raise Forbidden for whoever may not see them yet."""
    why = why_secret(actor, questions)
    if why:
        raise Forbidden(why)


def _asked_now(organisation_id: int, questions: Collection[int]) -> bool:
    pools = db.session.scalars(
        select(Sitting.pool).where(
            Sitting.organisation_id == organisation_id,
            Sitting.ended_at.is_(None),
            Sitting.annulled_at.is_(None),
        )
    )
    asked = {question for pool in pools for part in pool for question, _ in part["versions"]}
    return not asked.isdisjoint(questions)


def _asked_later(organisation_id: int, questions: Collection[int], at: datetime) -> bool:
    """By what the plan says: nobody writes down in which half-day a class is to be tested."""
    sat_in = aliased(ClassSession)
    done = exists(
        select(Sitting.id)
        .join(sat_in, sat_in.id == Sitting.class_session_id)
        .where(
            Sitting.paper_id == Paper.id,
            sat_in.class_id == TrainingClass.id,
            Sitting.annulled_at.is_(None),
            Sitting.ended_at.is_not(None),
        )
    )
    to_come = exists().where(
        ClassSession.class_id == TrainingClass.id, ClassSession.cancelled_at.is_(None), ClassSession.ends_at > at
    )
    waiting = (
        select(TrainingClass.id)
        .join(Paper, Paper.course_id == TrainingClass.course_id)
        .where(
            Paper.organisation_id == organisation_id,
            Paper.retired_at.is_(None),
            Paper.id.in_(_papers_asking(questions)),
            TrainingClass.cancelled_at.is_(None),
            to_come,
            ~done,
        )
    )
    return db.session.scalar(waiting.limit(1)) is not None


def _papers_asking(questions: Collection[int]) -> Select[tuple[int]]:
    """Keys of papers that ask one of them, or may draw it from its topic."""
    return (
        select(PaperPart.paper_id)
        .join(Paper, Paper.id == PaperPart.paper_id)
        .join(
            Question,
            or_(
                PaperPart.question_id == Question.id,
                and_(
                    PaperPart.topic_id == Question.topic_id,
                    Question.retired_at.is_(None),
                    or_(Question.course_id.is_(None), Question.course_id == Paper.course_id),
                ),
            ),
        )
        .where(Question.id.in_(questions))
    )
