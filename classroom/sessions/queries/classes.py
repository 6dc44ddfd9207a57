"""Read classes."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.sessions.models import ClassSession, ClassTrainer, Course, Enrolment, Programme, Room, TrainingClass
from classroom.sessions.queries.scope import visible_classes


class ClassLine(NamedTuple):
    """A class in a list: seats taken, sessions planned and already over, first and last day."""

    training_class: TrainingClass
    enrolled: int
    sessions: int
    held: int
    first_on: date | None
    last_on: date | None


def with_surroundings() -> list[LoaderOption]:
    """Load a class with its course, programme, room, venue and trainers."""
    return [
        joinedload(TrainingClass.course).joinedload(Course.programme),
        joinedload(TrainingClass.room).joinedload(Room.venue),
        selectinload(TrainingClass.trainers).joinedload(ClassTrainer.staff),
    ]


def get_class(actor: Actor, public_id: str) -> TrainingClass:
    """A class with course, room and trainers; raises NotFound for foreign ones and, for a trainer, untaught ones."""
    return _get(actor, TrainingClass.public_id == public_id)


def hold_class(actor: Actor, public_id: str) -> TrainingClass:
    """The same, held until the transaction ends: whatever changes a class or its sessions comes one after the other."""
    _hold(select(TrainingClass.id).where(TrainingClass.public_id == public_id, *visible_classes(actor)))
    return get_class(actor, public_id)


def hold_class_of(actor: Actor, class_session_id: str) -> None:
    """Hold the class of a session in the same way."""
    of_session = ClassSession.public_id == class_session_id
    _hold(select(TrainingClass.id).join(ClassSession).where(of_session, *visible_classes(actor)))


def get_class_by_id(actor: Actor, class_id: int) -> TrainingClass:
    """The same, by the inner key."""
    return _get(actor, TrainingClass.id == class_id)


def find_class_by_code(course_id: int, code: str) -> TrainingClass | None:
    """The course's class with this code, however its letters were typed."""
    wanted = code.strip().casefold()
    known = db.session.scalars(select(TrainingClass).where(TrainingClass.course_id == course_id))
    # Databases know the small letters of ASCII at best, and "Đ" is none of it.
    return next((one for one in known if one.code.casefold() == wanted), None)


def classes_of(actor: Actor, programme: Programme, at: datetime) -> list[ClassLine]:
    """The programme's classes that the actor may see, by first day and code, cancelled ones last."""
    living = select(ClassSession).where(ClassSession.class_id == TrainingClass.id, ClassSession.cancelled_at.is_(None))

    def over_sessions(*columns: Any) -> Any:
        return living.with_only_columns(*columns).correlate(TrainingClass).scalar_subquery()

    held = (
        living.where(ClassSession.ends_at <= at)
        .with_only_columns(func.count(ClassSession.id))
        .correlate(TrainingClass)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(
            TrainingClass,
            _seats_taken().scalar_subquery(),
            over_sessions(func.count(ClassSession.id)),
            held,
            over_sessions(func.min(ClassSession.held_on)),
            over_sessions(func.max(ClassSession.held_on)),
        )
        .join(Course, Course.id == TrainingClass.course_id)
        .options(*with_surroundings())
        .where(Course.programme_id == programme.id, *visible_classes(actor))
        .order_by(TrainingClass.cancelled_at.is_not(None), TrainingClass.starts_on, TrainingClass.code)
    )
    return [ClassLine(*row) for row in rows]


def seats_taken(class_id: int) -> int:
    """How many learners are in the class now."""
    query = select(func.count(Enrolment.id)).where(Enrolment.class_id == class_id, Enrolment.ended_at.is_(None))
    return db.session.scalar(query) or 0


def seats_of(class_ids: Collection[int]) -> dict[int, int]:
    """How many learners are in each of the classes; those without any are left out."""
    rows = db.session.execute(
        select(Enrolment.class_id, func.count(Enrolment.id))
        .where(Enrolment.class_id.in_(class_ids), Enrolment.ended_at.is_(None))
        .group_by(Enrolment.class_id)
    )
    return {row[0]: row[1] for row in rows}


def first_start(class_id: int) -> datetime | None:
    """When the class begins, cancelled sessions apart."""
    return db.session.scalar(
        select(func.min(ClassSession.starts_at)).where(
            ClassSession.class_id == class_id, ClassSession.cancelled_at.is_(None)
        )
    )


def _hold(query: Any) -> None:
    db.session.execute(query.with_for_update(of=TrainingClass, key_share=True)).all()


def _seats_taken() -> Any:
    return (
        select(func.count(Enrolment.id))
        .where(Enrolment.class_id == TrainingClass.id, Enrolment.ended_at.is_(None))
        .correlate(TrainingClass)
    )


def _get(actor: Actor, condition: Any) -> TrainingClass:
    found = db.session.scalar(
        select(TrainingClass).options(*with_surroundings()).where(condition, *visible_classes(actor))
    )
    if found is None:
        raise NotFound
    return found
