"""What the room of tests does by the clock, and what it leaves to jobs."""

from datetime import timedelta

from flask_babel import lazy_gettext as _l

from classroom.core.periodic import periodic
from classroom.core.work import task
from classroom.exams.queries.renewing import REGRADE
from classroom.exams.services.closing import close_due
from classroom.exams.services.renewing import renew


@periodic("exams.close_due", every=timedelta(seconds=15))
def close_attempts() -> int:
    """Close the attempts whose time is up, also when no browser is open."""
    return close_due()


task(REGRADE, title=_l("Marking a paper again after a decision"))(renew)
