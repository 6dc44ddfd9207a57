"""A class that has sat a test, and the staff who look at the results in their browsers."""

import re
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.core.names import fold, sort_key
from classroom.exams.models import Attempt, Sitting
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, ClassTrainer, TrainingClass
from tests.exams.marking import OPENED, Sat
from tests.factories import EnrolmentFactory, LearnerFactory, StaffFactory, sign_in


class Office(Sat):
    """Four questions, a pass from half of them; the sitting has ended. Learners are enrolled where it was held."""

    def __init__(self, questions: int = 4, **facts: Any) -> None:
        super().__init__(questions, **facts)
        self.made = self.class_of(self.sitting)
        self.end()

    def class_of(self, sitting: Sitting) -> TrainingClass:
        held = db.session.get_one(ClassSession, sitting.class_session_id)
        return db.session.get_one(TrainingClass, held.class_id)

    def end(self, sitting: Sitting | None = None) -> None:
        (sitting or self.sitting).ended_at = OPENED + timedelta(minutes=50)
        db.session.commit()

    def learner(self, name: str, **facts: Any) -> Learner:
        """Somebody with a place in the class."""
        names = {"name": name, "name_fold": fold(name), "sort_key": sort_key(name)}
        made: Learner = LearnerFactory(organisation_id=self.course.organisation_id, **names, **facts)
        EnrolmentFactory(training_class=self.made, learner=made)
        return made

    def sits(self, name: str, letters: str, **facts: Any) -> Attempt:
        """Somebody of the class with these answers."""
        return self.letters(letters, learner=self.learner(name), **facts)

    def colleague(self, *roles: str, teaches: bool = False) -> Staff:
        staff: Staff = StaffFactory(role_names=roles)
        staff.organisation_id = self.course.organisation_id
        if teaches:
            db.session.add(ClassTrainer(class_id=self.made.id, staff_id=staff.id, position=0))
        db.session.commit()
        return staff

    def browser(self, app: Flask, *roles: str, teaches: bool = False) -> FlaskClient:
        """A browser in which somebody with these roles is signed in."""
        return sign_in(app.test_client(), self.colleague(*roles, teaches=teaches))

    def coordinator(self, app: Flask) -> FlaskClient:
        return sign_in(app.test_client(), db.session.get_one(Staff, self.actor.staff_id))

    def path(self, end: str = "results") -> str:
        return f"/sittings/{self.sitting.public_id}/{end}"

    def ruling_path(self, place: int = 0) -> str:
        return f"/exam-papers/{self.paper.public_id}/questions/{self.questions[place].public_id}/ruling"


def rows(html: str) -> list[str]:
    """The rows of the first table of the page, their words in one line."""
    body = html.partition('<tbody role="rowgroup">')[2].partition("</tbody>")[0]
    texts = (re.sub(r"<[^>]+>", " ", row) for row in body.split("<tr")[1:])
    return [" ".join(text.partition(">")[2].split()) for text in texts]
