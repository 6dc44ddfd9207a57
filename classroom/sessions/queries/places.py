"""Read venues and rooms, and who has taken a room or a trainer when."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from classroom.accounts.models import Staff
from classroom.core.actor import Actor
from classroom.core.clock import local
from classroom.core.db import db
from classroom.core.errors import NotFound, Refusal
from classroom.sessions.models import Booking, ClassSession, Room, TrainingClass, Venue
from classroom.sessions.rules.schedule import Span, local_range
from classroom.sessions.rules.times import spell_range


class Wish(NamedTuple):
    """A room or a trainer (by inner key) wanted for a span."""

    span: Span
    room_id: int | None = None
    trainer_id: int | None = None


class Clash(NamedTuple):
    """A wish that cannot be had, and who has taken it: `kind` is "room" or "trainer"."""

    wish: Wish
    kind: str
    name: str
    class_code: str
    starts_at: datetime
    ends_at: datetime

    def refusal(self, time_zone: str) -> Refusal:
        """The same as a refusal, in local times."""
        span = local_range(Span(self.starts_at, self.ends_at), time_zone)
        return Refusal(
            f"booking.{self.kind}_taken",
            name=self.name,
            class_code=self.class_code,
            day=local(self.starts_at, time_zone).date(),
            times=spell_range(span).replace("-", "–"),
        )


def venues(actor: Actor, *, archived: bool = True) -> Sequence[Venue]:
    """The organisation's venues with their rooms, archived ones last or not at all."""
    query = select(Venue).options(selectinload(Venue.rooms)).where(Venue.organisation_id == actor.organisation_id)
    if not archived:
        query = query.where(Venue.archived_at.is_(None))
    return db.session.scalars(query.order_by(Venue.archived_at.is_not(None), Venue.name)).all()


def get_venue(actor: Actor, public_id: str) -> Venue:
    """A venue with its rooms; raises NotFound."""
    found = db.session.scalar(
        select(Venue)
        .options(selectinload(Venue.rooms))
        .where(Venue.organisation_id == actor.organisation_id, Venue.public_id == public_id)
    )
    if found is None:
        raise NotFound
    return found


def find_room(actor: Actor, public_id: str) -> Room | None:
    """A room with its venue, or None."""
    return db.session.scalar(
        select(Room)
        .options(joinedload(Room.venue))
        .where(Room.organisation_id == actor.organisation_id, Room.public_id == public_id)
    )


def get_room(actor: Actor, public_id: str) -> Room:
    """A room with its venue; raises NotFound."""
    found = find_room(actor, public_id)
    if found is None:
        raise NotFound
    return found


def room_choices(actor: Actor, *, keep: Collection[int | None] = ()) -> Sequence[Room]:
    """Rooms that can be planned with, by venue and name; `keep` also lists archived ones still in use."""
    living = and_(Room.archived_at.is_(None), Venue.archived_at.is_(None))
    kept = [key for key in keep if key]
    return db.session.scalars(
        select(Room)
        .join(Room.venue)
        .options(joinedload(Room.venue))
        .where(Room.organisation_id == actor.organisation_id, or_(living, Room.id.in_(kept)))
        .order_by(Venue.name, Room.name)
    ).all()


def clashes(wishes: Collection[Wish], *, but_for: Collection[int] = ()) -> list[Clash]:
    """Which wishes are taken already; bookings of the class sessions `but_for` do not count."""
    if not wishes:
        return []
    rooms = {wish.room_id for wish in wishes if wish.room_id}
    trainers = {wish.trainer_id for wish in wishes if wish.trainer_id}
    trainer = aliased(Staff)
    rows = db.session.execute(
        select(Booking, Room.name, trainer.name, TrainingClass.code)
        .join(ClassSession, ClassSession.id == Booking.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .outerjoin(Room, Room.id == Booking.room_id)
        .outerjoin(trainer, trainer.id == Booking.trainer_id)
        .where(
            or_(Booking.room_id.in_(rooms), Booking.trainer_id.in_(trainers)),
            Booking.starts_at < max(wish.span.ends_at for wish in wishes),
            Booking.ends_at > min(wish.span.starts_at for wish in wishes),
            Booking.class_session_id.not_in(list(but_for)),
        )
        .order_by(Booking.starts_at)
    ).all()
    return [
        Clash(wish, kind, name, code, taken.starts_at, taken.ends_at)
        for wish in wishes
        for taken, room_name, trainer_name, code in rows
        for kind, name, mine, theirs in (
            ("room", room_name, wish.room_id, taken.room_id),
            ("trainer", trainer_name, wish.trainer_id, taken.trainer_id),
        )
        if mine and mine == theirs and wish.span.overlaps(Span(taken.starts_at, taken.ends_at))
    ]
