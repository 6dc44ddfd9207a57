"""A class of the world that writes a test now: everybody present, phones known, seats sealed, attempts begun."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select

from classroom.attendance.models import Mark
from classroom.core.actor import learner
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.signing import random_token, token_hash
from classroom.exams.queries.attempts import find_attempt
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.starting import start_attempt
from classroom.exams.views.devices import Held
from classroom.exams.views.joining import seal_seat
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession, Enrolment
from tests.exams.making import make_paper, make_question, make_sitting
from tests.support.world import Room


@dataclass(frozen=True, slots=True)
class Seat:
    """A phone before the door of a sitting: what its cookie and its page hold."""

    learner: str
    token: str
    sealed: str


@dataclass(frozen=True, slots=True)
class Sitter:
    """A phone with a running attempt."""

    attempt: str
    token: str
    proof: str

    @property
    def headers(self) -> dict[str, str]:
        """What the script of the page sends along."""
        return {"Cookie": f"phone={self.token}", "X-Proof": self.proof, "Accept": "application/json"}


def open_test(room: Room, kinds: Sequence[Kind], **terms: Any) -> str:
    """Open a test with one question for each of these kinds, everybody of the class present; its public id."""
    class_session = _session(room)
    course = class_session.training_class.course
    paper = make_paper(course, [make_question(course, kind, text=f"Câu {n}") for n, kind in enumerate(kinds, 1)])
    opened = make_sitting(paper, class_session, now(), **{"entry_window": None, "time_limit": 120, **terms}).public_id
    _mark_present(class_session)
    return opened


def take_seats(room: Room, sitting: str) -> list[Seat]:
    """A phone for each learner of the class, let in by the room's code already."""
    people = db.session.scalars(
        select(Learner.public_id).where(Learner.code.in_(room.learner_codes)).order_by(Learner.id)
    ).all()
    tokens = [random_token() for _ in people]
    return [
        Seat(who, token, seal_seat(sitting, who, token_hash(token))) for who, token in zip(people, tokens, strict=True)
    ]


def begin_all(room: Room, sitting: str) -> list[Sitter]:
    """Let everybody of the class begin."""
    actor = learner(_session(room).organisation_id)
    found = []
    for seat in take_seats(room, sitting):
        device = token_hash(seat.token)
        attempt = start_attempt(sitting, seat.learner, device, actor=actor).attempt_public_id
        facts = find_attempt(attempt, device)
        assert facts is not None
        found.append(Sitter(attempt, seat.token, Held(facts, device, kiosk=False).proof))
    return found


def _session(room: Room) -> ClassSession:
    return db.session.scalars(select(ClassSession).where(ClassSession.public_id == room.session_id)).one()


def _mark_present(class_session: ClassSession) -> None:
    of_session = {
        "organisation_id": class_session.organisation_id,
        "class_session_id": class_session.id,
        "status": "present",
        "arrived_at": now(),
        "source": "room_code",
        "updated_at": now(),
    }
    places = db.session.scalars(select(Enrolment.id).where(Enrolment.class_id == class_session.class_id)).all()
    with transaction() as session:
        session.execute(insert(Mark), [{**of_session, "enrolment_id": place} for place in places])
