"""Read class sessions."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from classroom.audit import queries as audit
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.sessions.models import ClassSession, Course, Programme, Room, TrainingClass
from classroom.sessions.queries.scope import visible_classes


def get_session(actor: Actor, public_id: str) -> ClassSession:
    """A class session with class, course, room, trainers and times; raises NotFound as `get_class` does."""
    return _found(find_session(actor, public_id))


def find_session(actor: Actor, public_id: str) -> ClassSession | None:
    """The same, or None."""
    return db.session.scalar(_visible(actor).where(ClassSession.public_id == public_id))


def sessions_of(training_class: TrainingClass) -> Sequence[ClassSession]:
    """All sessions of a class in the order of time, cancelled ones among them."""
    return db.session.scalars(
        select(ClassSession)
        .options(*_with_people())
        .where(ClassSession.class_id == training_class.id)
        .order_by(ClassSession.starts_at, ClassSession.number)
    ).all()


def cancelled_along(training_class: TrainingClass) -> set[int]:
    """Keys of the sessions that a cancelled class took along, without those cancelled on their own before."""
    if training_class.cancelled_at is None:
        return set()
    subject = ("training_class", training_class.id)
    told = audit.entries(training_class.organisation_id, subject=subject, action_prefix="class.cancelled", limit=1)
    return {key for line in told for key in line.entry.facts.get("sessions", ())}


def sessions_to_copy(training_class: TrainingClass) -> Sequence[ClassSession]:
    """What a copy holds again: all but what was cancelled on its own, and everything where nothing would be left."""
    present = sessions_of(training_class)
    along = cancelled_along(training_class)
    return [one for one in present if one.cancelled_at is None or one.id in along] or present


def sessions_between(
    actor: Actor, first: date, last: date, *, programme: Programme | None = None, taught_by: int | None = None
) -> Sequence[ClassSession]:
    """Sessions held on the days from `first` to `last`, in order of time and class code.

    `taught_by` keeps those that this member of staff stands in front of, as trainer or as substitute.
    """
    query = _visible(actor).where(ClassSession.held_on >= first, ClassSession.held_on <= last)
    if programme:
        query = query.where(Course.programme_id == programme.id)
    if taught_by:
        stands = func.coalesce(ClassSession.substitute_id, ClassSession.trainer_id) == taught_by
        query = query.where(or_(stands, ClassSession.trainer_id == taught_by))
    return db.session.scalars(query.order_by(ClassSession.starts_at, TrainingClass.code)).all()


def sessions_after(organisation_id: int, at: datetime) -> Sequence[ClassSession]:
    """All sessions of the organisation that are not over at this instant, with their times, cancelled ones too."""
    return db.session.scalars(
        select(ClassSession)
        .options(selectinload(ClassSession.ranges))
        .where(ClassSession.organisation_id == organisation_id, ClassSession.ends_at > at)
        .order_by(ClassSession.starts_at, ClassSession.id)
    ).all()


def teaching_after(staff_id: int, at: datetime) -> tuple[int, list[str]]:
    """How many sessions not yet over somebody stands in front of, and the codes of their classes."""
    stands = func.coalesce(ClassSession.substitute_id, ClassSession.trainer_id) == staff_id
    codes = db.session.scalars(
        select(TrainingClass.code)
        .join(ClassSession, ClassSession.class_id == TrainingClass.id)
        .where(stands, ClassSession.ends_at > at, ClassSession.cancelled_at.is_(None))
        .order_by(TrainingClass.code)
    ).all()
    return len(codes), list(dict.fromkeys(codes))


def week_with_sessions(actor: Actor, programme: Programme, today: date) -> date:
    """A day of the week worth opening first: today's or the next one with sessions, else the last one."""
    days = (
        select(func.min(ClassSession.held_on))
        .join(ClassSession.training_class)
        .join(TrainingClass.course)
        .where(Course.programme_id == programme.id, ClassSession.cancelled_at.is_(None), *visible_classes(actor))
    )
    monday = date.fromisocalendar(today.isocalendar().year, today.isocalendar().week, 1)
    coming = db.session.scalar(days.where(ClassSession.held_on >= monday))
    return coming or db.session.scalar(days.with_only_columns(func.max(ClassSession.held_on))) or today


def _visible(actor: Actor) -> Select[tuple[ClassSession]]:
    return (
        select(ClassSession)
        .join(ClassSession.training_class)
        .join(TrainingClass.course)
        .options(
            contains_eager(ClassSession.training_class)
            .contains_eager(TrainingClass.course)
            .joinedload(Course.programme),
            *_with_people(),
        )
        .where(*visible_classes(actor))
    )


def _with_people() -> list[LoaderOption]:
    return [
        joinedload(ClassSession.room).joinedload(Room.venue),
        joinedload(ClassSession.trainer),
        joinedload(ClassSession.substitute),
        selectinload(ClassSession.ranges),
    ]


def _found(found: ClassSession | None) -> ClassSession:
    if found is None:
        raise NotFound
    return found
