"""What the schedule says to changes in lower rooms: how much of it hangs on a clock or a person."""

from typing import Any

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.sessions import queries
from classroom.sessions.services.clocks import keep_times_of_day, planned_by_clock


@signals.time_zone_changing.connect
def count_planned(organisation_id: int) -> dict[str, int]:
    """How many sessions are planned by the organisation's clock."""
    return {"sessions": sum(one.cancelled_at is None for one in planned_by_clock(organisation_id))}


@signals.time_zone_changed.connect
def follow_clock(organisation_id: int, before: str, after: str, actor: Actor) -> None:
    """The plan keeps its times of day."""
    keep_times_of_day(organisation_id, before, after, actor=actor)


@signals.staff_leaving.connect
def count_taught(staff_id: int) -> dict[str, Any]:
    """How many coming sessions somebody stands in front of, and in which classes."""
    sessions, classes = queries.teaching_after(staff_id, now())
    return {"sessions": sessions, "classes": classes}
