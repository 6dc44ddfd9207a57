"""Learners as a sitting knows them: anybody with a place in the course."""

from classroom.attendance.queries.phones import Person, person_in_course
from classroom.core.errors import NotFound
from classroom.exams.queries.sitting_facts import SittingFacts


def person_at(sitting: SittingFacts, learner_public_id: str) -> Person:
    """A learner who sits or sat in the sitting's course, the kept one for who was merged; raises NotFound."""
    person = person_in_course(sitting.organisation_id, sitting.session.course_id, learner_public_id)
    if person is None or not person.places:
        raise NotFound
    return person
