"""A job of a province that waits for a worker."""

from classroom.core import work
from classroom.core.actor import Actor
from classroom.jobs.services import enqueue

TASK = "test.background"


def job_id(actor: Actor) -> str:
    """What names it in addresses."""
    if work.find_task(TASK) is None:
        work.task(TASK, title="Việc thử")(lambda _subject, _job: {})
    return enqueue(TASK, 1, actor=actor).public_id
