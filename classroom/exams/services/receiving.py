"""What tests say to changes in lower rooms: they count what hangs on them, and refuse."""

from collections.abc import Sequence

from sqlalchemy import func, select

from classroom.core import signals
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt, Sitting
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass


@signals.class_session_changing.connect
def check_session(class_session_id: int, change: str) -> dict[str, int]:
    """A session in which a test goes on is neither moved nor cancelled; one in which somebody sat stays where it was.

    The register is held by then: nobody opens a test meanwhile.
    """
    of_session = (Sitting.class_session_id == class_session_id, Sitting.annulled_at.is_(None))
    if db.session.scalar(select(Sitting.id).where(*of_session, Sitting.ended_at.is_(None)).limit(1)) is not None:
        raise Refusal("session.test_running")
    query = select(func.count(Attempt.id)).join(Sitting, Sitting.id == Attempt.sitting_id)
    attempts = db.session.scalar(query.where(*of_session, Attempt.state != "annulled")) or 0
    if change == "move" and attempts:
        raise Refusal("session.has_attempts", count=attempts)
    return {"attempts": attempts}


@signals.import_undoing.connect
def check_import(learner_ids: Sequence[int], enrolment_ids: Sequence[int]) -> None:
    """Once somebody of the list sat a test, the import stays."""
    places = select(Enrolment.learner_id, Enrolment.course_id).where(Enrolment.id.in_(enrolment_ids)).subquery()
    sat = (
        select(func.count(Attempt.id.distinct()))
        .join(Sitting, Sitting.id == Attempt.sitting_id)
        .join(ClassSession, ClassSession.id == Sitting.class_session_id)
        .join(TrainingClass, TrainingClass.id == ClassSession.class_id)
        .join(places, places.c.learner_id == Attempt.learner_id)
        .where(places.c.course_id == TrainingClass.course_id)
    )
    count = db.session.scalar(sat) or 0
    if count:
        raise Refusal("import.undo_attempts", count=count)
