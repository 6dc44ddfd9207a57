"""A class that writes a test on its first morning, with the trainer in front of it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from classroom.core.actor import Actor, learner
from classroom.core.db import db
from classroom.core.signing import token_hash
from classroom.exams.models import Attempt, AttemptDevice, Paper, Response, Sitting, StrayAnswer
from classroom.exams.queries.sittings import BoardRow, SittingFacts, board_rows, get_sitting
from classroom.exams.services.answering import Saved, Sent, save
from classroom.exams.services.opening import open_sitting
from classroom.exams.services.starting import start_attempt
from classroom.sessions.models import Enrolment, TrainingClass
from tests.exams.making import make_paper
from tests.factories import at, vietnam
from tests.support.rooms import Room

#: The test begins at nine; whoever starts then has until a quarter to ten.
OPENED = vietnam(9)
LIMIT = timedelta(minutes=45)
DEADLINE = OPENED + LIMIT
GRACE = timedelta(seconds=10)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def device(name: str | int = 0) -> bytes:
    """What is kept of the cookie of a device."""
    return token_hash(f"device {name}")


class Hall(Room):
    """Learners who are present, a paper with one question of each kind, and a sitting opened at nine."""

    def __init__(self, learners: int = 3, *, opened: bool = True, present: bool = True, **terms: Any) -> None:
        super().__init__(learners)
        self.learners = [self._learner_of(place) for place in self.places]
        self.names = dict(zip(self.places, self.learners, strict=True))
        course = db.session.get_one(TrainingClass, self.made.id).course
        self.paper: Paper = make_paper(course, **terms)
        self.paper_id = self.paper.public_id
        self.phone: Actor = learner(self.made.organisation_id)
        if present:
            with at(vietnam(7, 40)):
                self.mark(*range(learners))
        self.sitting = ""
        if opened:
            with at(OPENED):
                self.sitting = self.open()
        db.session.rollback()

    def open(self, **how: Any) -> str:
        return open_sitting(self.session, self.paper_id, actor=self.actor, **how)

    def start(self, place: int = 0, by: bytes | None = None, when: datetime = OPENED) -> str:
        """Begin on the learner's own device."""
        with at(when):
            found = start_attempt(self.sitting, self.learners[place], by or device(place), actor=self.phone)
        return found.attempt_public_id

    def answer(
        self, attempt: str, position: int, answer: Any, sequence: int = 1, *, by: bytes | None = None,
        when: datetime = OPENED + MINUTE,
    ) -> Saved:  # fmt: skip
        with at(when):
            return save(attempt, by or device(), [Sent(position, sequence, answer)])

    def facts(self) -> SittingFacts:
        return get_sitting(self.actor, self.sitting)

    def row(self, public_id: str) -> Attempt:
        db.session.rollback()
        return db.session.scalars(select(Attempt).where(Attempt.public_id == public_id)).one()

    def sitting_row(self) -> Sitting:
        db.session.rollback()
        return db.session.scalars(select(Sitting).where(Sitting.public_id == self.sitting)).one()

    def answers(self, public_id: str) -> dict[int, Any]:
        """What stands, by position."""
        query = select(Response.position, Response.answer).join(Attempt).where(Attempt.public_id == public_id)
        return {row[0]: row[1] for row in db.session.execute(query)}

    def strays(self, public_id: str) -> list[tuple[str, int, Any]]:
        query = select(StrayAnswer.kind, StrayAnswer.position, StrayAnswer.answer).join(Attempt)
        query = query.where(Attempt.public_id == public_id).order_by(StrayAnswer.id)
        return [(row[0], row[1], row[2]) for row in db.session.execute(query)]

    def asking(self) -> list[str]:
        """Devices that wait for a tap, as the board shows them."""
        return [ask.public_id for row in self.board() for ask in row.asks]

    def board(self, when: datetime = OPENED + MINUTE) -> list[BoardRow]:
        return board_rows(self.facts(), when)

    def on_board(self, place: int = 0, when: datetime = OPENED + MINUTE) -> BoardRow:
        return next(row for row in self.board(when) if row.learner == self.learners[place])

    def devices(self, public_id: str) -> int:
        return len(
            db.session.scalars(select(AttemptDevice.id).join(Attempt).where(Attempt.public_id == public_id)).all()
        )

    def _learner_of(self, place: str) -> str:
        found = db.session.scalars(select(Enrolment).where(Enrolment.public_id == place)).one()
        return found.learner.public_id
