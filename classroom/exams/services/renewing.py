"""Mark a paper of many attempts anew, as a job: what a decision leaves to be done after it is written."""

from typing import Any

from sqlalchemy.orm import Session

from classroom.core.actor import system
from classroom.core.db import db
from classroom.core.work import RunningJob
from classroom.exams.models import Paper, Ruling
from classroom.exams.queries.renewing import (
    AT_ONCE,
    REGRADE,
    finished_of,
    last_renewal,
    open_renewal,
    paper_of_ruling,
)
from classroom.exams.services.remarking import remark_step
from classroom.jobs.rules import State
from classroom.jobs.services import enqueue


def is_for_a_job(session: Session, paper_id: int) -> bool:
    """Whether there is too much to mark anew while somebody waits, or a job has not come to its end."""
    return finished_of(session, paper_id) > AT_ONCE or open_renewal([paper_id]) is not None


def ask_to_renew(paper: Paper, ruling: Ruling | None) -> bool:
    """Ask for the job inside the transaction that holds the paper and decides; whether marks are to change later.

    Each decision has a job of its own, which waits behind those of before it: one that runs may be past half of the
    attempts. Who decided may be gone by then, the decision holds all the same: the job is the machine's.
    """
    last = last_renewal([paper.id])
    if ruling is None:
        return last is not None and last.state != State.DONE
    if last is not None and last.state == State.DONE and last.subject_id >= ruling.id:
        return False
    enqueue(REGRADE, ruling.id, actor=system(paper.organisation_id, "ruling"), key=f"{paper.id}.{ruling.id}")
    return True


def renew(ruling_id: int, job: RunningJob) -> dict[str, Any]:
    """Mark every finished attempt of the ruling's paper by what is decided now; after a break from the first again."""
    paper_id = paper_of_ruling(db.session(), ruling_id)
    total, attempts = finished_of(db.session(), paper_id), 0
    db.session.rollback()
    after: int | None = 0
    while after is not None:
        job.progress(attempts, max(total, attempts + 1))
        step = remark_step(paper_id, after)
        attempts, after = attempts + step.attempts, step.after
    job.progress(attempts, attempts)
    return {"attempts": attempts}
