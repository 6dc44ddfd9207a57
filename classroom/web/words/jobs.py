"""Words of jobs: how they stand, and why they ended."""

from typing import Any

from flask_babel import lazy_gettext as _l

JOBS: dict[str, Any] = {
    "job.broken": _l(
        "The work broke off because of a mistake in the program (%(problem)s). It is written in the server's log."
    ),
    "job.asker_gone": _l("Whoever asked for this can no longer sign in. Ask for it again."),
    "job.over": _l("This work has ended already."),
    "job.not_over": _l("This work has not failed: there is nothing to begin again."),
    "job.asked_again": _l("The same work has been asked for again meanwhile. Look at the newer one."),
}
