"""Drill 9 in a test: what a phone is told, and what is kept, at each edge of its time."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from classroom.core.db import db
from classroom.core.signing import token_hash
from classroom.exams.models import StrayAnswer
from classroom.exams.queries.attempts import find_attempt
from classroom.exams.services.running import end, pause, resume
from classroom.exams.views.devices import Held
from classroom.exams.views.joining import seal_seat
from tests.drills.test_09_time_edges import Table, wrong
from tests.exams.hall import DEADLINE, GRACE, MINUTE, OPENED, SECOND, Hall
from tests.factories import at

JUST = timedelta(microseconds=1)
WINDOW = timedelta(minutes=15)
COUNTS, LATE = "saved", "answer.too_late"


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(entry_window=15)


class Pen:
    """A phone with an attempt of its own that began at nine."""

    def __init__(self, hall: Hall, app: Flask, place: int = 0, begins: datetime = OPENED) -> None:
        self.token = f"phone {place}"
        self.client = app.test_client()
        self.client.set_cookie("phone", self.token)
        with at(begins):
            seat = seal_seat(hall.sitting, hall.learners[place], token_hash(self.token))
            answer = self.client.post("/t/begin", data={"seat": seat})
        self.status, self.address = answer.status_code, answer.location or ""
        self.sequence = 0

    @property
    def attempt(self) -> str:
        return self.address.removeprefix("/t/")

    def writes(self, moment: datetime) -> str:
        """Whether an answer that is sent at this moment was saved, or why not."""
        db.session.rollback()
        facts = find_attempt(self.attempt, token_hash(self.token))
        assert facts is not None
        proof = Held(facts, token_hash(self.token), kiosk=False).proof
        self.sequence += 1
        sent = {"answers": [{"i": 0, "s": self.sequence, "a": {"choice": "12"[self.sequence % 2]}}]}
        with at(moment):
            told = self.client.post(f"{self.address}/save", json=sent, headers={"X-Proof": proof}).get_json()
        return COUNTS if told["saved"] else str(told["refused"][0][1])


def written(hall: Hall, app: Flask, deadline: datetime) -> Table:
    pen = Pen(hall, app)
    lines = [
        ("a second before the deadline", deadline - SECOND, COUNTS),
        ("the deadline", deadline, COUNTS),
        ("a second after it, on its way", deadline + SECOND, COUNTS),
        ("a second before the grace is over", deadline + GRACE - SECOND, COUNTS),
        ("the last instant of the grace", deadline + GRACE, COUNTS),
        ("just after it", deadline + GRACE + JUST, LATE),
        ("a second after it", deadline + GRACE + SECOND, LATE),
    ]
    return [(line, pen.writes(moment), due) for line, moment, due in lines]


def test_an_answer_counts_until_the_grace_after_the_deadline(hall: Hall, app: Flask) -> None:
    assert wrong(written(hall, app, DEADLINE)) == []


def test_what_came_too_late_is_kept_as_evidence_and_changes_nothing(hall: Hall, app: Flask) -> None:
    written(hall, app, DEADLINE)
    kept = db.session.query(StrayAnswer.sequence).order_by(StrayAnswer.id).all()
    assert [each.sequence for each in kept] == [6, 7]


def test_control_a_deadline_that_is_a_second_off_is_caught(hall: Hall, app: Flask) -> None:
    early, late = written(hall, app, DEADLINE - SECOND), None
    assert wrong(early) != []
    late = written(Hall(entry_window=15), app, DEADLINE + SECOND)
    assert wrong(late) != []


def test_who_begins_later_has_the_whole_time(hall: Hall, app: Flask) -> None:
    begins = OPENED + WINDOW - SECOND
    pen = Pen(hall, app, begins=begins)
    own = begins + (DEADLINE - OPENED)
    assert pen.writes(own + GRACE) == COUNTS
    assert pen.writes(own + GRACE + JUST) == LATE


def test_the_door_is_open_until_the_window_is_over_and_shut_from_then_on(hall: Hall, app: Flask) -> None:
    table: Table = [
        ("the last second", Pen(hall, app, 0, OPENED + WINDOW - SECOND).status, 303),
        ("the last instant", Pen(hall, app, 1, OPENED + WINDOW - JUST).status, 303),
        ("the end of the window", Pen(hall, app, 2, OPENED + WINDOW).status, 409),
    ]
    assert wrong(table) == []


def test_a_pause_of_a_minute_moves_every_edge_by_a_minute(hall: Hall, app: Flask) -> None:
    pen = Pen(hall, app)
    with at(DEADLINE - SECOND):
        pause(hall.sitting, actor=hall.actor)
    assert pen.writes(DEADLINE + 30 * SECOND) == COUNTS
    with at(DEADLINE - SECOND + MINUTE):
        resume(hall.sitting, actor=hall.actor)
    assert pen.writes(DEADLINE + MINUTE + GRACE) == COUNTS
    assert pen.writes(DEADLINE + MINUTE + GRACE + JUST) == LATE


def test_the_trainers_end_leaves_the_grace_and_no_more(hall: Hall, app: Flask) -> None:
    pen = Pen(hall, app)
    ended = OPENED + 20 * MINUTE
    with at(ended):
        end(hall.sitting, actor=hall.actor)
    assert pen.writes(ended + GRACE) == COUNTS
    assert pen.writes(ended + GRACE + JUST) == LATE
