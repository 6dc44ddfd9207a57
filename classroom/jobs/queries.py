"""Read jobs, always within an organisation."""

from collections.abc import Sequence

from sqlalchemy import select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.ids import is_public_id
from classroom.jobs.models import Job
from classroom.jobs.rules import LIVING

RECENT = 50


def find_job(actor: Actor, public_id: str) -> Job | None:
    """The job of the actor's organisation."""
    if not is_public_id(public_id):
        return None
    return db.session.scalar(
        select(Job).where(Job.organisation_id == actor.organisation_id, Job.public_id == public_id)
    )


def get_job(actor: Actor, public_id: str) -> Job:
    """The same; raises NotFound."""
    found = find_job(actor, public_id)
    if found is None:
        raise NotFound
    return found


def latest_job(organisation_id: int, task: str, subject_id: int, *, lock: bool = False) -> Job | None:
    """The job that was asked for last for this thing."""
    query = (
        select(Job)
        .where(Job.organisation_id == organisation_id, Job.task == task, Job.subject_id == subject_id)
        .order_by(Job.id.desc())
        .limit(1)
    )
    return db.session.scalar(query.with_for_update() if lock else query)


def living_jobs(organisation_id: int) -> Sequence[Job]:
    """What waits or runs, the oldest first."""
    return db.session.scalars(
        select(Job).where(Job.organisation_id == organisation_id, Job.state.in_(LIVING)).order_by(Job.id)
    ).all()


def recent_jobs(organisation_id: int) -> Sequence[Job]:
    """What was asked for last, the newest first."""
    return db.session.scalars(
        select(Job).where(Job.organisation_id == organisation_id).order_by(Job.id.desc()).limit(RECENT)
    ).all()
