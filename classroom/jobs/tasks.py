"""What the jobs room itself does by the clock."""

from datetime import timedelta

from classroom.core import throttle
from classroom.core.periodic import periodic


@periodic("throttle.sweep", timedelta(hours=6))
def sweep_throttle() -> None:
    """Forget counts of tries long past."""
    throttle.sweep()
