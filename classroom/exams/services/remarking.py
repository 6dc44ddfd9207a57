"""Mark all finished attempts of a paper anew, batch by batch, each in a transaction of its own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from classroom.core.db import transaction
from classroom.exams.models import Attempt, Sitting
from classroom.exams.services.marking import BATCH, mark_attempts


@dataclass(frozen=True, slots=True)
class Step:
    """A batch marked anew: how many, how many of them otherwise, and after which key it goes on; None: that was all."""

    attempts: int
    changed: int
    after: int | None


def remark_all(paper_id: int) -> tuple[int, int]:
    """Mark every finished attempt anew; how many there are, how many have another result."""
    attempts = changed = 0
    after: int | None = 0
    while after is not None:
        step = remark_step(paper_id, after)
        attempts, changed, after = attempts + step.attempts, changed + step.changed, step.after
    return attempts, changed


def remark_step(paper_id: int, after: int) -> Step:
    """Mark the next batch of a paper's finished attempts, those with keys after this one, in one transaction.

    It is safe at any time and as often as one likes, so that a job can go on where another one stopped.
    """
    with transaction() as session:
        batch = session.scalars(_finished(paper_id, after).with_for_update()).all()
        changed = mark_attempts(session, batch)
        return Step(len(batch), changed, batch[-1].id if len(batch) == BATCH else None)


def batches(session: Session, paper_id: int) -> Iterator[Sequence[Attempt]]:
    """All finished attempts of a paper with their learners, nothing held."""
    last = 0
    while batch := session.scalars(_finished(paper_id, last).options(joinedload(Attempt.learner))).all():
        yield batch
        last = batch[-1].id


def _finished(paper_id: int, after: int) -> Select[tuple[Attempt]]:
    sittings = select(Sitting.id).where(Sitting.paper_id == paper_id, Sitting.annulled_at.is_(None))
    return (
        select(Attempt)
        .where(Attempt.sitting_id.in_(sittings), Attempt.state == "finished", Attempt.id > after)
        .order_by(Attempt.id)
        .limit(BATCH)
    )
