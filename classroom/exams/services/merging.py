"""Attempts follow when two learners are made one, and go back when they are parted."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from classroom.attendance.services.merging import hold_registers
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt, GatePass, Kiosk, PaperEntry, Sitting
from classroom.exams.services.locking import lock_attempts
from classroom.learners.rules.merging import Conflict
from classroom.learners.services.journal import Journal
from classroom.sessions.models import ClassSession, TrainingClass


@signals.learners_holding.connect
def hold_attempts(learner_ids: Sequence[int]) -> None:
    """Answers that are on their way are kept first, or wait; registers come before, whichever room was opened first."""
    with transaction() as session:
        hold_registers(learner_ids)
        lock_attempts(session, Attempt.learner_id.in_(learner_ids))


@signals.learners_merging.connect
def foresee_attempts(kept_id: int, gone_id: int) -> list[Conflict]:
    """Sittings in which both have attempts; refused while both write in one."""
    kept, gone = aliased(Attempt), aliased(Attempt)
    rows = db.session.execute(
        select(ClassSession, TrainingClass.code, Sitting.terms, kept.state, gone.state)
        .join(Sitting, Sitting.class_session_id == ClassSession.id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .join(kept, kept.sitting_id == Sitting.id)
        .join(gone, gone.sitting_id == Sitting.id)
        .where(kept.learner_id == kept_id, gone.learner_id == gone_id)
        .order_by(Sitting.id, kept.id, gone.id)
    ).all()
    found: dict[tuple[int, str], Conflict] = {}
    for class_session, code, terms, one, other in rows:
        if one == other == "running":
            raise Refusal("merge.both_write", class_code=code)
        details = {"session": class_session, "code": code, "title": terms["title"]}
        found.setdefault((class_session.id, terms["title"]), Conflict("both_tested", details))
    return list(found.values())


@signals.learners_merged.connect
def move_attempts(kept_id: int, gone_id: int, journal: Journal, reason: str, actor: Actor) -> None:
    """Everything goes over to the kept learner; in a sitting of both, the other's attempts are numbered after."""
    with transaction() as session:
        numbers = _highest(session, kept_id)
        for attempt in reversed(lock_attempts(session, Attempt.learner_id == gone_id)):
            number = attempt.number + numbers.get(attempt.sitting_id, 0)
            journal.change(attempt, number=number, learner_id=kept_id)
        _move_passes(session, kept_id, gone_id, journal)
        _move_entries(session, kept_id, gone_id, journal)
        for kiosk in session.scalars(select(Kiosk).where(Kiosk.learner_id == gone_id).order_by(Kiosk.id)).all():
            journal.change(kiosk, learner_id=kept_id)


def _highest(session: Session, learner_id: int) -> dict[int, int]:
    query = select(Attempt.sitting_id, func.max(Attempt.number)).where(Attempt.learner_id == learner_id)
    return {row[0]: row[1] for row in session.execute(query.group_by(Attempt.sitting_id))}


def _move_passes(session: Session, kept_id: int, gone_id: int, journal: Journal) -> None:
    """The kept one's own pass stands where both have one."""
    own = set(session.scalars(select(GatePass.sitting_id).where(GatePass.learner_id == kept_id)))
    for one in session.scalars(select(GatePass).where(GatePass.learner_id == gone_id).order_by(GatePass.id)).all():
        if one.sitting_id not in own:
            journal.change(one, learner_id=kept_id)


def _move_entries(session: Session, kept_id: int, gone_id: int, journal: Journal) -> None:
    """Letters keyed in for both wait where they are: somebody must look at the two sheets."""
    query = select(PaperEntry).order_by(PaperEntry.id)
    own = {_place(one) for one in session.scalars(query.where(PaperEntry.learner_id == kept_id)) if not one.decided_at}
    for entry in session.scalars(query.where(PaperEntry.learner_id == gone_id)).all():
        if entry.decided_at is not None or _place(entry) not in own:
            journal.change(entry, learner_id=kept_id)


def _place(entry: PaperEntry) -> tuple[Any, int]:
    return entry.sitting_id, entry.round
