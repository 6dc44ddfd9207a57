"""The job of an import in a process of its own, as the worker runs it: `python -m bench.import_job URL FOLDER`."""

import json
import sys
import time
from pathlib import Path

from sqlalchemy import event

from classroom.core.collecting import collect_less_often
from classroom.core.db import db
from classroom.jobs.services import run_queued
from tests.support.databases import opened


def main(url: str, folder: str) -> dict[str, float]:
    """Seconds of the job, most megabytes of the process, and the longest hold of the writer in seconds."""
    collect_less_often()
    holds: list[list[float]] = []
    with opened(url, Path(folder)):
        event.listen(db.engine, "begin", lambda _connection: holds.append([time.perf_counter(), 0.0]))
        event.listen(db.engine, "commit", lambda _connection: holds[-1].__setitem__(1, time.perf_counter()))
        begins = time.perf_counter()
        [job] = run_queued(1)
        took = time.perf_counter() - begins
        assert job.state == "done", job.error_code
    return {"job": took, "memory": _most_memory(), "hold": max(end - start for start, end in holds if end)}


def _most_memory() -> float:
    """Megabytes that this program held at most; `ru_maxrss` would also remember the one that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(sys.argv[1], sys.argv[2])) + "\n")
