"""What happens by the clock, and what was asked for."""

from classroom.jobs.services.periodic import last_sign_of_jobs, last_sign_of_life, run_due
from classroom.jobs.services.queueing import cancel, enqueue, retry
from classroom.jobs.services.running import run_queued
from classroom.jobs.services.working import work

__all__ = ["cancel", "enqueue", "last_sign_of_jobs", "last_sign_of_life", "retry", "run_due", "run_queued", "work"]
