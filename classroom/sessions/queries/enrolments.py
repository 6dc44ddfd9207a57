"""Read enrolments and rosters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.learners.models import Learner
from classroom.sessions.models import Course, Enrolment, EnrolmentChange, TrainingClass
from classroom.sessions.queries.scope import visible_classes


def roster(class_id: int, at: datetime | None = None) -> Sequence[Enrolment]:
    """Who is in the class now, or was at an instant, in Vietnamese order; namesakes by birth, then as they came."""
    query = (
        select(Enrolment)
        .join(Enrolment.learner)
        .options(contains_eager(Enrolment.learner))
        .where(Enrolment.class_id == class_id)
    )
    if at is None:
        query = query.where(Enrolment.ended_at.is_(None))
    else:
        query = query.where(Enrolment.enrolled_at <= at, or_(Enrolment.ended_at.is_(None), Enrolment.ended_at > at))
    return db.session.scalars(query.order_by(*_in_order())).all()


def history_of(class_id: int) -> Sequence[Enrolment]:
    """Those who were in the class and left it, in Vietnamese order."""
    return db.session.scalars(
        select(Enrolment)
        .join(Enrolment.learner)
        .options(contains_eager(Enrolment.learner))
        .where(Enrolment.class_id == class_id, Enrolment.ended_at.is_not(None))
        .order_by(*_in_order())
    ).all()


def get_enrolment(actor: Actor, public_id: str) -> Enrolment:
    """An enrolment with learner, class and course; raises NotFound as `get_class` does."""
    found = db.session.scalar(
        select(Enrolment)
        .join(Enrolment.training_class)
        .options(
            contains_eager(Enrolment.training_class).joinedload(TrainingClass.course).joinedload(Course.programme),
            joinedload(Enrolment.learner),
        )
        .where(Enrolment.public_id == public_id, *visible_classes(actor))
    )
    if found is None:
        raise NotFound
    return found


def find_enrolment(class_id: int, learner_id: int) -> Enrolment | None:
    """The learner's place in this class, living or ended."""
    return db.session.scalar(
        select(Enrolment).where(Enrolment.class_id == class_id, Enrolment.learner_id == learner_id)
    )


def find_active_enrolment(course_id: int, learner_id: int) -> Enrolment | None:
    """The learner's one living place in the course, with its class."""
    return db.session.scalar(
        select(Enrolment)
        .options(joinedload(Enrolment.training_class))
        .where(Enrolment.course_id == course_id, Enrolment.learner_id == learner_id, Enrolment.ended_at.is_(None))
    )


def places_in_course(course_id: int, learner_ids: Sequence[int]) -> dict[int, Enrolment]:
    """The living places in a course of several learners, by learner, with their classes."""
    rows = db.session.scalars(
        select(Enrolment)
        .options(joinedload(Enrolment.training_class))
        .where(Enrolment.course_id == course_id, Enrolment.learner_id.in_(learner_ids), Enrolment.ended_at.is_(None))
    )
    return {found.learner_id: found for found in rows}


def enrolments_of_learner(organisation_id: int, learner_id: int) -> Sequence[Enrolment]:
    """All places a learner has or had, with class, course and programme, the latest first."""
    return db.session.scalars(
        select(Enrolment)
        .options(joinedload(Enrolment.training_class).joinedload(TrainingClass.course).joinedload(Course.programme))
        .where(Enrolment.organisation_id == organisation_id, Enrolment.learner_id == learner_id)
        .order_by(Enrolment.enrolled_at.desc(), Enrolment.id.desc())
    ).all()


def changes_of(enrolment_ids: Sequence[int]) -> Sequence[EnrolmentChange]:
    """How these enrolments came about and changed, in order."""
    return db.session.scalars(
        select(EnrolmentChange)
        .where(EnrolmentChange.enrolment_id.in_(enrolment_ids))
        .order_by(EnrolmentChange.at, EnrolmentChange.id)
    ).all()


def _in_order() -> tuple[Any, ...]:
    births = Learner.birth_year.nulls_last(), Learner.born_on.nulls_last()
    return Learner.sort_key, *births, Enrolment.id
