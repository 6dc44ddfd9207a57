"""What the attendance room does by the clock."""

from datetime import timedelta

from classroom.attendance import services
from classroom.core.periodic import periodic


@periodic("attendance.auto_close", every=timedelta(minutes=5))
def auto_close() -> int:
    """Close the registers that nobody closed on their day."""
    return services.close_due()
