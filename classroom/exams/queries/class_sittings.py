"""The tests of a class or of one session in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select

from classroom.core.db import db
from classroom.exams.models import Attempt, Sitting
from classroom.sessions.models import ClassSession


@dataclass(frozen=True, slots=True)
class SittingLine:
    """A sitting with how many learners began, finished and passed; `state`: running, paused, ended or annulled."""

    public_id: str
    title: str
    session: str
    day_number: int
    part: str
    held_on: date
    retake: bool
    state: str
    opened_at: datetime
    ended_at: datetime | None
    began: int
    finished: int
    passed: int


def sittings_of_class(class_id: int) -> list[SittingLine]:
    """All sittings of a class, the latest opened first; one statement."""
    return _lines(ClassSession.class_id == class_id)


def sittings_of_session(class_session_id: int) -> list[SittingLine]:
    """Those of one session."""
    return _lines(ClassSession.id == class_session_id)


def _lines(*conditions: Any) -> list[SittingLine]:
    rows = db.session.execute(
        select(Sitting, ClassSession, *_NUMBERS)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .outerjoin(Attempt, (Attempt.sitting_id == Sitting.id) & (Attempt.state != "annulled"))
        .where(*conditions)
        .group_by(Sitting.id, ClassSession.id)
        .order_by(Sitting.opened_at.desc(), Sitting.id.desc())
    )
    return [_line(sitting, one, numbers) for sitting, one, *numbers in rows]


def _learners(condition: Any) -> Any:
    """Who begins twice is counted once."""
    return func.count(case((condition, Attempt.learner_id)).distinct())


_NUMBERS = (
    func.count(Attempt.learner_id.distinct()),
    _learners(Attempt.state == "finished"),
    _learners((Attempt.state == "finished") & (Attempt.outcome == "pass")),
)


def _line(sitting: Sitting, one: ClassSession, numbers: Sequence[int]) -> SittingLine:
    began, finished, passed = numbers
    return SittingLine(
        public_id=sitting.public_id,
        title=sitting.terms["title"],
        session=one.public_id,
        day_number=one.day_number,
        part=one.part,
        held_on=one.held_on,
        retake=sitting.retake,
        state=_state(sitting),
        opened_at=sitting.opened_at,
        ended_at=sitting.ended_at,
        began=began,
        finished=finished,
        passed=passed,
    )


def _state(sitting: Sitting) -> str:
    if sitting.annulled_at is not None:
        return "annulled"
    if sitting.ended_at is not None:
        return "ended"
    return "running" if sitting.paused_at is None else "paused"
