"""A class on its first morning, with a trainer in front of it."""

from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.attendance import queries, services
from classroom.attendance.models import Register
from classroom.attendance.rules import Phase, Status
from classroom.attendance.services import Choice, Decision
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.sessions.models import TrainingClass
from tests.factories import EnrolmentFactory, StaffFactory, actor_for, make_class, vietnam


class Room:
    """A class of five with its trainer, seen from the first morning."""

    def __init__(self, learners: int = 5) -> None:
        self.trainer = StaffFactory(role_names=("trainer",))
        self.made: TrainingClass = make_class(trainer=self.trainer)
        self.trainer.organisation_id = self.made.organisation_id
        db.session.commit()
        self.places = [EnrolmentFactory(training_class=self.made).public_id for _ in range(learners)]
        self.session = self.made.sessions[0].public_id
        self.session_id = self.made.sessions[0].id
        self.actor: Actor = actor_for(self.trainer)

    def somebody(self, *roles: str) -> Actor:
        """Another member of staff of the same organisation."""
        return actor_for(self.colleague(*roles))

    def colleague(self, *roles: str) -> Staff:
        """The same as a row."""
        staff: Staff = StaffFactory(role_names=roles)
        staff.organisation_id = self.made.organisation_id
        db.session.commit()
        return staff

    def mark(self, *places: int, status: Status = Status.PRESENT) -> None:
        seen = {line.enrolment: line.event for line in self.lines()}
        choices = [Choice(self.places[place], seen[self.places[place]]) for place in places]
        services.mark_by_hand(self.session, choices, Decision(status, "seen"), actor=self.actor)

    def lines(self) -> list[queries.RegisterLine]:
        return queries.register_lines(queries.get_session_facts(self.actor, self.session))

    def statuses(self) -> list[Status | None]:
        by_place = {line.enrolment: line.status for line in self.lines()}
        return [by_place[place] for place in self.places]

    def register(self) -> Register:
        return db.session.scalars(select(Register).where(Register.class_session_id == self.session_id)).one()

    def phase(self) -> Phase:
        return queries.get_board(self.actor, self.session, vietnam(8)).phase
