"""Set up venues and rooms, and take them out of use."""

from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.sessions import queries
from classroom.sessions.models import Room, Venue
from classroom.sessions.services.refusing import constraint

MOST_SEATS = 10_000


def create_venue(name: str, address: str = "", *, actor: Actor) -> Venue:
    """A new venue without rooms; raises `venue.name_taken`."""
    with transaction() as session:
        made = Venue(organisation_id=actor.organisation_id)
        _fill_venue(session, made, name, address)
        record("venue.created", "venue", made.id, actor=actor, facts={"name": made.name})
        return made


def update_venue(venue_id: str, name: str, address: str = "", *, actor: Actor) -> Venue:
    """Change name and address."""
    with transaction() as session:
        found = queries.get_venue(actor, venue_id)
        _fill_venue(session, found, name, address)
        record("venue.changed", "venue", found.id, actor=actor, facts={"name": found.name})
        return found


def archive_venue(venue_id: str, *, archived: bool = True, actor: Actor) -> Venue:
    """Offer the venue for no new class, or again; what is planned there stays."""
    with transaction():
        found = queries.get_venue(actor, venue_id)
        found.archived_at = (found.archived_at or now()) if archived else None
        record(
            "venue.archived" if archived else "venue.restored",
            "venue",
            found.id,
            actor=actor,
            facts={"name": found.name},
        )
        return found


def add_room(venue_id: str, name: str, seats: int | None = None, *, actor: Actor) -> Room:
    """A new room of the venue; raises `room.name_taken`."""
    with transaction() as session:
        venue = queries.get_venue(actor, venue_id)
        made = Room(organisation_id=actor.organisation_id, venue_id=venue.id)
        _fill_room(session, made, name, seats)
        record("room.created", "room", made.id, actor=actor, facts={"name": made.name, "seats": seats})
        return made


def update_room(room_id: str, name: str, seats: int | None = None, *, actor: Actor) -> Room:
    """Change name and seats."""
    with transaction() as session:
        found = queries.get_room(actor, room_id)
        _fill_room(session, found, name, seats)
        record("room.changed", "room", found.id, actor=actor, facts={"name": found.name, "seats": seats})
        return found


def archive_room(room_id: str, *, archived: bool = True, actor: Actor) -> Room:
    """Offer the room for no new class, or again; what is planned there stays."""
    with transaction():
        found = queries.get_room(actor, room_id)
        found.archived_at = (found.archived_at or now()) if archived else None
        record(
            "room.archived" if archived else "room.restored", "room", found.id, actor=actor, facts={"name": found.name}
        )
        return found


def _fill_venue(session: Session, venue: Venue, name: str, address: str) -> None:
    marks = ("venue.organisation_id, venue.name", "uq_venue_organisation_id_name")
    with constraint(session, *marks, refusal=Refusal("venue.name_taken")):
        venue.name = clean_name(name)
        venue.address = clean_name(address)
        session.add(venue)


def _fill_room(session: Session, room: Room, name: str, seats: int | None) -> None:
    if seats is not None and not 1 <= seats <= MOST_SEATS:
        raise Invalid("room.seats", most=MOST_SEATS)
    with constraint(session, "room.venue_id, room.name", "uq_room_venue_id_name", refusal=Refusal("room.name_taken")):
        room.name = clean_name(name)
        room.seats = seats
        session.add(room)
