"""`classroom worker` with one more task: it says that it has begun, and ends when it is let go."""

import time
from pathlib import Path
from typing import Any

from classroom.cli.serving import worker
from classroom.core.work import RunningJob, task

NAME = "test.held"


def held(subject_id: int, job: RunningJob) -> dict[str, Any]:
    """Until the file that the arguments name is there."""
    job.progress(1, 2)
    while not Path(job.arguments["gate"]).exists():
        time.sleep(0.02)
        job.progress(1, 2)
    return {"subject": subject_id}


def offer() -> None:
    task(NAME, title="Việc thử")(held)


if __name__ == "__main__":
    offer()
    worker()
