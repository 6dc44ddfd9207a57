"""What an actor may see: the organisation's things, and of those a trainer only the classes taught."""

from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select, union

from classroom.core.actor import Actor
from classroom.sessions.models import ClassSession, ClassTrainer, TrainingClass


def taught_by(staff_id: int | None) -> Select[tuple[int]]:
    """Ids of the classes somebody teaches: as one of its trainers, or as trainer or substitute of a session held."""
    named = select(ClassTrainer.class_id).where(ClassTrainer.staff_id == staff_id)
    standing = select(ClassSession.class_id).where(
        or_(ClassSession.trainer_id == staff_id, ClassSession.substitute_id == staff_id),
        ClassSession.cancelled_at.is_(None),
    )
    return select(union(named, standing).subquery().c[0])


def visible_classes(actor: Actor) -> list[ColumnElement[Any]]:
    """The conditions under which a class exists for the actor."""
    conditions: list[ColumnElement[Any]] = [TrainingClass.organisation_id == actor.organisation_id]
    if actor.classes_taught_only:
        conditions.append(TrainingClass.id.in_(taught_by(actor.staff_id)))
    return conditions
