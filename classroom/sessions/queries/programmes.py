"""Read programmes and courses."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.sessions.models import Course, Enrolment, Programme, TrainingClass
from classroom.sessions.queries.scope import visible_classes


class ProgrammeLine(NamedTuple):
    """A programme in a list, with what it holds: cancelled classes and ended enrolments do not count."""

    programme: Programme
    courses: int
    classes: int
    learners: int
    starts_on: date | None


def programmes(actor: Actor) -> list[ProgrammeLine]:
    """The organisation's programmes, the newest first; for a trainer those with a class taught."""
    courses = select(func.count(Course.id)).where(Course.programme_id == Programme.id).scalar_subquery()
    living = (
        select(TrainingClass.id)
        .join(Course)
        .where(Course.programme_id == Programme.id, TrainingClass.cancelled_at.is_(None), *visible_classes(actor))
    )
    classes = living.with_only_columns(func.count(TrainingClass.id)).scalar_subquery()
    starts_on = living.with_only_columns(func.min(TrainingClass.starts_on)).scalar_subquery()
    learners = (
        living.join(Enrolment, Enrolment.class_id == TrainingClass.id)
        .where(Enrolment.ended_at.is_(None))
        .with_only_columns(func.count(Enrolment.id))
        .scalar_subquery()
    )
    query = select(Programme, courses, classes, learners, starts_on).where(
        Programme.organisation_id == actor.organisation_id
    )
    if actor.classes_taught_only:
        query = query.where(living.exists())
    ordered = query.order_by(Programme.closed_at.is_not(None), Programme.created_at.desc(), Programme.id.desc())
    return [ProgrammeLine(*row) for row in db.session.execute(ordered)]


def get_programme(actor: Actor, public_id: str) -> Programme:
    """A programme with its courses; raises NotFound, for a trainer also where no class is taught."""
    query = (
        select(Programme)
        .options(selectinload(Programme.courses))
        .where(Programme.organisation_id == actor.organisation_id, Programme.public_id == public_id)
    )
    if actor.classes_taught_only:
        taught = select(Course.programme_id).join(TrainingClass).where(*visible_classes(actor))
        query = query.where(Programme.id.in_(taught))
    found = db.session.scalar(query)
    if found is None:
        raise NotFound
    return found


def get_course(actor: Actor, public_id: str) -> Course:
    """A course with its programme; raises NotFound."""
    found = db.session.scalar(
        select(Course)
        .options(joinedload(Course.programme))
        .where(Course.organisation_id == actor.organisation_id, Course.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def sibling_classes(training_class: TrainingClass) -> Sequence[TrainingClass]:
    """The other classes of the same course that are not cancelled, by code."""
    return db.session.scalars(
        select(TrainingClass)
        .where(
            TrainingClass.course_id == training_class.course_id,
            TrainingClass.id != training_class.id,
            TrainingClass.cancelled_at.is_(None),
        )
        .order_by(TrainingClass.code)
    ).all()


def open_programmes(actor: Actor, limit: int = 20) -> list[tuple[str, str]]:
    """Name and public id of the programmes that are not closed, the newest first, for the switcher."""
    rows = db.session.execute(
        select(Programme.name, Programme.public_id)
        .where(Programme.organisation_id == actor.organisation_id, Programme.closed_at.is_(None))
        .order_by(Programme.created_at.desc(), Programme.id.desc())
        .limit(limit)
    )
    return [(name, public_id) for name, public_id in rows]
