"""The attendance of a whole course at once is what `standings_of` says of each."""

import random
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event

from classroom.attendance.models import Mark
from classroom.attendance.queries.credits import course_attendance
from classroom.attendance.queries.standing import standings_of
from classroom.core.db import db
from classroom.sessions.models import ClassSession, Course, Enrolment
from tests.factories import LONG_AGO, CourseFactory, EnrolmentFactory, LearnerFactory, make_class, vietnam

STATUSES = ("present", "late", "left_early", "excused", "absent", "unmarked")
NOW = vietnam(12) + timedelta(days=1)


def mark(place: Enrolment, session: ClassSession, status: str) -> None:
    db.session.add(
        Mark(
            organisation_id=place.organisation_id,
            class_session_id=session.id,
            enrolment_id=place.id,
            status=status,
            updated_at=LONG_AGO,
        )
    )


def played(seed: int) -> Course:
    """Three classes, and learners who move, leave, come as guests, and miss what was cancelled."""
    chance = random.Random(seed)
    course = CourseFactory(sessions_required=5)
    classes = [make_class(course=course, days=days) for days in (3, 3, 2)]
    sessions = [each for one in classes for each in one.sessions]
    for each in chance.sample(sessions, 3):
        each.cancelled_at = LONG_AGO
    for _ in range(12):
        learner = LearnerFactory(organisation_id=course.organisation_id)
        for order, one in enumerate(chance.sample(classes, chance.randint(1, 2))):
            ended = LONG_AGO if order or chance.random() < 0.2 else None
            place = EnrolmentFactory(training_class=one, learner=learner, ended_at=ended)
            for each in chance.sample(sessions, chance.randint(0, 9)):
                mark(place, each, chance.choice(STATUSES))
    db.session.commit()
    return course


def test_everybody_is_credited_as_one_by_one(app: Flask) -> None:
    for seed in range(4):
        course = played(seed)
        found = course_attendance(course.organisation_id, course.id, NOW)
        assert len(found) == 12
        for learner_id, sat in found.items():
            (standing,) = standings_of(learner_id, course.organisation_id, NOW)
            assert sat.credit(course.sessions_required) == standing.credit
            assert (sat.class_code, sat.ended) == (standing.class_code, standing.ended_at is not None)
            assert [each.held for each in sat.half_days] == [each.held for each in standing.half_days]


def test_few_learners_are_read_as_among_all(app: Flask) -> None:
    course = played(7)
    everybody = course_attendance(course.organisation_id, course.id, NOW)
    some = sorted(everybody)[:3]
    assert course_attendance(course.organisation_id, course.id, NOW, some) == {key: everybody[key] for key in some}


def test_the_number_of_statements_does_not_grow_with_the_course(app: Flask) -> None:
    course = played(1)
    statements: list[Any] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    organisation_id, course_id = course.organisation_id, course.id
    statements.clear()
    course_attendance(organisation_id, course_id, NOW)
    assert len(statements) == 3


def test_another_organisations_course_has_nobody(app: Flask) -> None:
    course = played(2)
    assert course_attendance(course.organisation_id + 1, course.id, NOW) == {}
