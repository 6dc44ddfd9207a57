"""What is planned when the organisation changes its clock: the times of day stay, the instants follow."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Refusal
from classroom.sessions import queries
from classroom.sessions.models import ClassSession, TrainingClass
from classroom.sessions.rules.schedule import Span, local_range
from classroom.sessions.services.bookings import book
from classroom.sessions.services.half_days import set_times
from classroom.sessions.services.holding import hold_rosters


def planned_by_clock(organisation_id: int) -> Sequence[ClassSession]:
    """Sessions that are still only a plan: not over, and nobody has opened their check-in."""
    at = now()
    begun: set[int] = set().union(*signals.class_sessions_begun.send(organisation_id=organisation_id, at=at))
    return [one for one in queries.sessions_after(organisation_id, at) if one.id not in begun]


def keep_times_of_day(organisation_id: int, before: str, after: str, *, actor: Actor) -> None:
    """Let what was planned for 07:30 by the old clock be at 07:30 by the new one.

    Sessions that have begun or are over stay at the instants at which they were held. Refused when a planned session
    would then meet one of those in its class, its room or its trainer.
    """
    with transaction() as session:
        hold_rosters(session.scalars(select(TrainingClass.id).where(TrainingClass.organisation_id == organisation_id)))
        planned = planned_by_clock(organisation_id)
        for one in planned:
            ranges = tuple(local_range(Span(part.starts_at, part.ends_at), before) for part in one.ranges)
            set_times(session, one, one.held_on, ranges, after)
        session.flush()
        _check_classes(session, organisation_id)
        book(planned, after)
        for one in planned:
            signals.class_session_changed.send(class_session_id=one.id, change="move", actor=actor)


def _check_classes(session: Session, organisation_id: int) -> None:
    """No class is to be in two of its sessions at once."""
    other = aliased(ClassSession)
    met = session.scalars(
        select(other)
        .join(ClassSession, ClassSession.class_id == other.class_id)
        .where(
            ClassSession.organisation_id == organisation_id,
            ClassSession.ends_at > now(),
            ClassSession.id != other.id,
            ClassSession.cancelled_at.is_(None),
            other.cancelled_at.is_(None),
            other.starts_at < ClassSession.ends_at,
            other.ends_at > ClassSession.starts_at,
        )
        .order_by(other.starts_at)
        .limit(1)
    ).first()
    if met:
        raise Refusal("session.overlaps_own", number=met.number, at=met.starts_at)
