"""What the room of tests does by the clock."""

from datetime import timedelta

from classroom.core.periodic import periodic
from classroom.exams.services.closing import close_due


@periodic("exams.close_due", every=timedelta(seconds=15))
def close_attempts() -> int:
    """Close the attempts whose time is up, also when no browser is open."""
    return close_due()
