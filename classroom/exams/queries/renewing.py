"""Papers that are being marked anew by a job, because a decision about one of their questions concerns many."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from classroom.core.db import db
from classroom.exams.models import Attempt, Ruling, Sitting
from classroom.jobs.models import Job
from classroom.jobs.rules import State

#: The job; its subject is the ruling.
REGRADE = "exams.regrade"
#: So many attempts are marked anew while who decided waits for the page; more are a job.
AT_ONCE = 500


def last_renewal(papers: Collection[int]) -> Job | None:
    """The job that was asked for last for one of these papers, by inner keys; whatever came of it."""
    return db.session.scalar(
        select(Job)
        .join(Ruling, Ruling.id == Job.subject_id)
        .where(Job.task == REGRADE, Job.organisation_id == Ruling.organisation_id, Ruling.paper_id.in_(papers))
        .order_by(Job.id.desc())
        .limit(1)
    )


def open_renewal(papers: Collection[int]) -> Job | None:
    """The same, while marks may still be those of before: it waits, runs, or was given up halfway.

    The last one asked for sees all that was decided before it, so that what became of earlier ones does not matter.
    """
    last = last_renewal(papers)
    return None if last is None or last.state == State.DONE else last


def finished_of(session: Session, paper_id: int) -> int:
    """How many finished attempts a paper has that count."""
    sittings = select(Sitting.id).where(Sitting.paper_id == paper_id, Sitting.annulled_at.is_(None))
    finished = select(func.count(Attempt.id)).where(Attempt.sitting_id.in_(sittings), Attempt.state == "finished")
    return session.scalar(finished) or 0


def paper_of_ruling(session: Session, ruling_id: int) -> int:
    """The key of the paper that a ruling is about."""
    return session.scalars(select(Ruling.paper_id).where(Ruling.id == ruling_id)).one()
