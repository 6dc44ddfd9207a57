"""Jobs in words: on pages, and as the JSON that their script reads."""

from typing import Any, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from classroom.core.work import find_task
from classroom.jobs.models import Job
from classroom.jobs.rules import LIVING, State, percent, unpack
from classroom.web.filters import number
from classroom.web.words import say

_WORDS = {
    State.QUEUED.value: _l("Waiting for its turn"),
    "broken": _l("Broken off; will be tried again"),
    State.DONE.value: _l("Done"),
    State.CANCELLED.value: _l("Cancelled"),
}


class Shown(NamedTuple):
    """A job as it is read."""

    job: Job
    title: str
    words: str
    percent: int
    living: bool
    can_retry: bool


def show(job: Job) -> Shown:
    """The job with everything that a page says of it."""
    living = job.state in LIVING
    again = job.state in {State.FAILED, State.CANCELLED}
    return Shown(job, title(job), words(job), percent(job.done, job.total), living, again)


def present(job: Job) -> dict[str, Any]:
    """What the script of the page asks for every other second."""
    return {
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "percent": percent(job.done, job.total),
        "note": job.note,
        "words": words(job),
    }


def title(job: Job) -> str:
    """What people call this work."""
    task = find_task(job.task)
    return str(task.title) if task else job.task


def words(job: Job) -> str:
    """How the job stands, in a sentence."""
    if job.state == State.RUNNING:
        return _under_way(job)
    if job.state == State.FAILED:
        return say(job.error_code, unpack(job.error_details))
    return str(_WORDS["broken" if job.state == State.QUEUED and job.error_code else job.state])


def _under_way(job: Job) -> str:
    if not job.total:
        return job.note or gettext("Under way")
    count = gettext("%(done)s of %(total)s", done=number(job.done), total=number(job.total))
    return f"{count} · {job.note}" if job.note else count
