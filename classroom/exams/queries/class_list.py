"""The class of a sitting as result sheets list it: who was to sit, who sat, and who came to how many half-days."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from classroom.attendance.models import Mark
from classroom.core.db import db
from classroom.exams.models import Attempt, Paper, Sitting
from classroom.exams.queries.gates import half_days
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass


@dataclass(frozen=True, slots=True)
class Member:
    """A learner of the class, or a guest who sat; `born` is a day, or a year where only that is known."""

    learner_id: int
    public_id: str
    code: str
    name: str
    unit: str
    born: date | int | None
    on_roster: bool
    attended: int
    #: The result of a sitting before this retake is a pass: nobody waited for this learner.
    passed_before: bool = False


def class_list(sitting: SittingFacts) -> list[Member]:
    """The roster at the time of the session with everybody who has an attempt, in Vietnamese order; five statements."""
    places = _places(sitting)
    attended = _attended(sitting, places)
    passed = _passed_before(sitting)
    return [
        Member(
            place.id,
            place.public_id,
            place.code,
            place.name,
            place.unit or place.commune,
            place.born_on or place.birth_year,
            bool(place.on_roster),
            attended[place.id],
            place.id in passed,
        )
        for place in places.values()
    ]


def _places(sitting: SittingFacts) -> dict[int, Any]:
    """One row for each learner; the place in this class goes before others."""
    session = sitting.session
    here = and_(
        Enrolment.class_id == session.class_id,
        or_(Enrolment.ended_at.is_(None), Enrolment.ended_at > session.schedule.starts_at),
    )
    tried = select(Attempt.learner_id).where(Attempt.sitting_id == sitting.id)
    own = (Learner.id, Learner.public_id, Learner.code, Learner.name, Learner.unit, Learner.commune, Learner.born_on)
    rows = db.session.execute(
        select(*own, Learner.birth_year, Enrolment.class_id, here.label("on_roster"))
        .outerjoin(Enrolment, and_(Enrolment.learner_id == Learner.id, Enrolment.course_id == session.course_id))
        .where(or_(and_(here, Learner.merged_into_id.is_(None)), Learner.id.in_(tried)))
        .order_by(Learner.sort_key, Learner.birth_year.nulls_last(), Learner.born_on.nulls_last(), Learner.id)
    )
    best: dict[int, Any] = {}
    for row in rows:
        known = best.get(row.id)
        if known is None or (row.on_roster and not known.on_roster):
            best[row.id] = row
    return best


def _attended(sitting: SittingFacts, places: dict[int, Any]) -> dict[int, int]:
    """How many half-days of the course each learner attended, by attendance's own rule."""
    course = sitting.session.course_id
    planned = defaultdict(list)
    for class_id, number, cancelled_at in db.session.execute(
        select(ClassSession.class_id, ClassSession.number, ClassSession.cancelled_at)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .where(TrainingClass.course_id == course)
    ):
        planned[class_id].append((number, cancelled_at is not None))
    marks: dict[int, list[tuple[int, str | None]]] = defaultdict(list)
    for learner_id, number, status in db.session.execute(_marks(course, list(places))):
        marks[learner_id].append((number, status))
    required = sitting.terms.require_sessions
    return {key: half_days(required, planned[row.class_id], marks[key])[0] for key, row in places.items()}


def _marks(course_id: int, learners: Sequence[int]) -> Any:
    return (
        select(Enrolment.learner_id, ClassSession.number, Mark.status)
        .join(Enrolment, Enrolment.id == Mark.enrolment_id)
        .join(ClassSession, ClassSession.id == Mark.class_session_id)
        .where(Enrolment.course_id == course_id, Enrolment.learner_id.in_(learners))
    )


def _passed_before(sitting: SittingFacts) -> set[int]:
    """For a retake: who had passed the paper, or the one that it asks anew, before."""
    if not sitting.retake:
        return set()
    return set(
        db.session.scalars(
            select(Attempt.learner_id)
            .join(Sitting, Sitting.id == Attempt.sitting_id)
            .join(Paper, Paper.id == Sitting.paper_id)
            .where(
                or_(Paper.id == sitting.counts_for, Paper.retake_of_id == sitting.counts_for),
                Sitting.id != sitting.id,
                Sitting.opened_at < sitting.opened_at,
                Sitting.annulled_at.is_(None),
                Attempt.state == "finished",
                Attempt.outcome == "pass",
            )
        )
    )
