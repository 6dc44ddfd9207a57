"""What the attendance room does by the clock."""

from datetime import timedelta

from classroom.attendance import services
from classroom.attendance.services import tablets
from classroom.core.periodic import periodic


@periodic("attendance.auto_close", every=timedelta(minutes=5))
def auto_close() -> int:
    """Close the registers that nobody closed on their day."""
    return services.close_due()


@periodic("attendance.erase_texts", every=timedelta(minutes=5))
def erase_texts() -> int:
    """Erase what was scanned or typed at the door and nobody needs any more."""
    return tablets.erase_due()
