"""How far a class is provided with badges."""

from typing import NamedTuple

from classroom.core.clock import local, today
from classroom.sessions.queries import badges


class BadgeCounts(NamedTuple):
    """Present learners with a badge and without, badges made today, blank ones left; `today` as in an address."""

    living: int
    missing: int
    made_today: int
    blanks: int
    today: str


def badge_counts(class_id: int, time_zone: str) -> BadgeCounts:
    """The badges of a class in numbers."""
    day = today(time_zone)
    living = badges.living_badges_of_class(class_id)
    fresh = sum(local(badge.issued_at, time_zone).date() == day for _place, badge in living)
    blanks = len(badges.blanks_of_class(class_id))
    return BadgeCounts(len(living), badges.count_without_badge(class_id), fresh, blanks, day.isoformat())
