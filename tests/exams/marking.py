"""A room that has sat a test: a paper, a sitting, learners, attempts with answers."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from classroom.accounts.models import Organisation
from classroom.core.db import db, transaction
from classroom.exams.models import Attempt, Paper, Question, QuestionVersion, Response, Sitting
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.services.marking import mark_attempts
from classroom.learners.models import Learner
from tests.exams.making import BODIES, make_paper, make_question, make_sitting, version_of
from tests.factories import CourseFactory, LearnerFactory, make_actor, make_class, vietnam

OPENED = vietnam(10, 30)
Answers = Sequence[Mapping[str, Any] | None]


class Sat:
    """A sitting of a paper of single choice questions (a is right), and whoever may mark it."""

    def __init__(self, questions: int = 4, **facts: Any) -> None:
        self.course = CourseFactory()
        self.questions = [make_question(self.course, text=f"Câu hỏi {number}?") for number in range(1, questions + 1)]
        self.paper = make_paper(self.course, self.questions, **facts)
        self.sitting = self.open()
        organisation = db.session.get_one(Organisation, self.course.organisation_id)
        self.actor = make_actor("coordinator", organisation=organisation)
        self.trainer = make_actor("trainer", organisation=organisation)

    def open(self, paper: Paper | None = None) -> Sitting:
        """One more sitting, in a class of its own."""
        made = make_class(course=self.course, days=1)
        return make_sitting(paper or self.paper, made.sessions[0], OPENED)

    def letters(self, letters: str, **facts: Any) -> Attempt:
        """A finished and marked attempt with these letters; a dash is left open."""
        return self.answered([None if each == "-" else {"choice": each} for each in letters], **facts)

    def answered(
        self,
        answers: Answers,
        *,
        learner: Learner | None = None,
        sitting: Sitting | None = None,
        number: int = 1,
        mark: bool = True,
        **facts: Any,
    ) -> Attempt:
        """A finished attempt with these answers, marked."""
        learner = learner or LearnerFactory(organisation_id=self.course.organisation_id)
        attempt = make_attempt(sitting or self.sitting, learner, answers, number=number, **facts)
        if mark:
            with transaction() as session:
                mark_attempts(session, [session.get_one(Attempt, attempt.id)])
        return attempt

    def rekeyed(self, place: int, right: str = "b") -> QuestionVersion:
        """A new version of this question, with another key."""
        options = [{**each, "right": each["id"] == right} for each in BODIES[Kind.SINGLE]["options"]]
        return add_version(self.questions[place], {"options": options})


def add_version(question: Question, body: dict[str, Any], created_at: datetime = OPENED) -> QuestionVersion:
    """The next version of a question, written while the paper was sat unless stated."""
    last = question.versions[-1]
    made = version_of(Content(Kind(last.kind), last.text, body), last.number + 1)
    made.created_at = created_at
    question.versions.append(made)
    question.number = made.number
    db.session.commit()
    return made


def make_attempt(sitting: Sitting, learner: Learner, answers: Answers, *, number: int = 1, **facts: Any) -> Attempt:
    """An attempt of the sitting's whole pool in order, finished after 20 minutes, not marked."""
    items = [
        {"q": question, "v": version, "p": part["points"], "o": [], "part": place}
        for place, part in enumerate(sitting.pool)
        for question, version in part["versions"]
    ]
    started_at = sitting.opened_at + timedelta(minutes=number)
    settings = {
        "state": "finished",
        "source": "phone",
        "finished_at": started_at + timedelta(minutes=20),
        "finished_how": "submitted",
        "seed": b"0" * 16,
        "items": items,
        "started_at": started_at,
        "deadline_at": started_at + timedelta(minutes=45),
        **facts,
    }
    attempt = Attempt(
        organisation_id=sitting.organisation_id,
        sitting_id=sitting.id,
        learner_id=learner.id,
        number=number,
        **settings,
    )
    db.session.add(attempt)
    db.session.flush()
    db.session.add_all(responses(attempt, answers))
    db.session.commit()
    return attempt


def responses(attempt: Attempt, answers: Iterable[Mapping[str, Any] | None]) -> list[Response]:
    """One response for each answer that is there."""
    return [
        Response(attempt_id=attempt.id, position=place, answer=dict(answer), sequence=1, saved_at=attempt.started_at)
        for place, answer in enumerate(answers)
        if answer is not None
    ]


def again(attempt: Attempt) -> Attempt:
    """The row as the database has it now."""
    attempt_id = attempt.id
    db.session.rollback()
    return db.session.get_one(Attempt, attempt_id)


def figures(attempt: Attempt) -> tuple[Decimal | None, Decimal | None, str]:
    """Mark, out of, outcome."""
    row = again(attempt)
    return row.mark, row.out_of, row.outcome
