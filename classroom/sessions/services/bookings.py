"""Take rooms and trainers for class sessions; the database refuses what is taken."""

from collections.abc import Sequence

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.accounts.models import Staff
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.sessions import queries
from classroom.sessions.models import Booking, ClassSession, Room, SessionRange
from classroom.sessions.rules.schedule import Span
from classroom.sessions.services.refusing import broke

#: What the guards of both databases say.
GUARDS = ("ex_booking_room", "ex_booking_trainer")


def book(class_sessions: Sequence[ClassSession], time_zone: str) -> None:
    """Give up what the sessions had taken and take what they need now; cancelled ones take nothing.

    Raises `booking.room_taken` or `booking.trainer_taken` with the name and who has it when, in local
    times of the zone.
    """
    with transaction() as session:
        session.flush()
        ids = [one.id for one in class_sessions]
        session.execute(delete(Booking).where(Booking.class_session_id.in_(ids)))
        rows = [row for one in class_sessions if not one.cancelled_at for row in _rows(session, one)]
        if not rows:
            return
        _queue_for(session, rows)
        try:
            with session.begin_nested():
                session.execute(insert(Booking), rows)
        except IntegrityError as broken:
            if broke(broken, *GUARDS):
                raise _refusal(rows, ids, time_zone) from broken
            raise


def wishes_of(rows: Sequence[dict[str, object]]) -> list[queries.Wish]:
    """Booking rows as wishes that `queries.clashes` can look up."""
    return [
        queries.Wish(Span(row["starts_at"], row["ends_at"]), row["room_id"], row["trainer_id"])  # type: ignore[arg-type]
        for row in rows
    ]


def _rows(session: Session, one: ClassSession) -> list[dict[str, object]]:
    ranges = session.scalars(select(SessionRange).where(SessionRange.class_session_id == one.id))
    stretches = [(part.starts_at, part.ends_at) for part in ranges]
    resources = [(one.room_id, None), (None, one.substitute_id or one.trainer_id)]
    return [
        {
            "organisation_id": one.organisation_id,
            "class_session_id": one.id,
            "room_id": room_id,
            "trainer_id": trainer_id,
            "starts_at": starts_at,
            "ends_at": ends_at,
        }
        for room_id, trainer_id in resources
        if room_id or trainer_id
        for starts_at, ends_at in stretches
    ]


def _queue_for(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Lock the rooms and trainers in one order: two exclusion constraints met crosswise would be a deadlock."""
    rooms = {row["room_id"] for row in rows if row["room_id"]}
    trainers = {row["trainer_id"] for row in rows if row["trainer_id"]}
    for table, keys in ((Room, rooms), (Staff, trainers)):
        session.execute(
            select(table.id).where(table.id.in_(keys)).order_by(table.id).with_for_update(key_share=True)
        ).all()


def _refusal(rows: Sequence[dict[str, object]], but_for: Sequence[int], time_zone: str) -> Refusal:
    found = queries.clashes(wishes_of(rows), but_for=but_for)
    if not found:
        return Refusal("booking.taken")
    return found[0].refusal(time_zone)
