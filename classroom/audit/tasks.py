"""What the audit room does by the clock."""

from datetime import timedelta

from classroom.audit import services
from classroom.core.periodic import periodic


@periodic("audit.seal", timedelta(minutes=1))
def seal() -> None:
    """Chain what was committed since the last time."""
    services.seal_pending()
