"""Drafts and numbers for tens of thousands: beside the request, from any point again."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from classroom.certification.services.drafting import PREPARE, fill_batch
from classroom.certification.services.issuing import ISSUE, issue_lines
from classroom.core.work import RunningJob, task


@task(PREPARE, title=_l("Prepare a batch of certificates"))
def prepare(batch_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Write the lines of a draft."""
    return fill_batch(batch_id, job.progress)


@task(ISSUE, title=_l("Issue certificates"))
def issue(batch_id: int, job: RunningJob) -> Mapping[str, Any]:
    """Give numbers to the lines of an approved batch."""
    return issue_lines(batch_id, job.progress, actor=job.actor)
