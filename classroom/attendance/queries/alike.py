"""Who in a course looks like somebody at the door; the machine only shows them."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import and_, or_, select

from classroom.attendance.models import Event, Mark
from classroom.attendance.queries.session_facts import SessionFacts
from classroom.core.db import db
from classroom.core.names import fold
from classroom.learners.models import Learner
from classroom.learners.rules import LearnerFacts
from classroom.sessions.models import Enrolment, TrainingClass

_MOST = 5


class Alike(NamedTuple):
    """A living place in the course, and what its mark in this session says (public id of the deciding event)."""

    enrolment: str
    name: str
    unit: str
    phone_end: str
    class_code: str
    event: str


def people_like(facts: SessionFacts, person: LearnerFacts) -> Sequence[Alike]:
    """Places of the course whose learner has this phone, or this name and no other year of birth.

    Whoever has the same ID number is that very person, and is found without being asked.
    """
    same_year = or_(Learner.birth_year.is_(None), Learner.birth_year == person.birth.year) if person.birth else None
    named = and_(Learner.name_fold == fold(person.name), *([same_year] if same_year is not None else []))
    ways = [named] + ([Learner.phone == person.phone] if person.phone else [])
    other_number = or_(Learner.id_number == "", Learner.id_number != person.id_number) if person.id_number else None
    rows = db.session.execute(
        select(Enrolment.public_id, Learner.name, Learner.unit, Learner.phone, TrainingClass.code, Event.public_id)
        .join(Learner, Learner.id == Enrolment.learner_id)
        .join(TrainingClass, TrainingClass.id == Enrolment.class_id)
        .outerjoin(Mark, and_(Mark.enrolment_id == Enrolment.id, Mark.class_session_id == facts.id))
        .outerjoin(Event, Event.id == Mark.event_id)
        .where(
            Enrolment.organisation_id == facts.organisation_id,
            Enrolment.course_id == facts.course_id,
            Enrolment.ended_at.is_(None),
            or_(*ways),
            *([other_number] if other_number is not None else []),
        )
        .order_by(Enrolment.class_id != facts.class_id, Learner.sort_key, Enrolment.id)
        .limit(_MOST)
    )
    return [Alike(row[0], row[1], row[2], row[3][-3:], row[4], row[5] or "") for row in rows]
