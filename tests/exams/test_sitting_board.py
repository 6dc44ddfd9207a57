"""What the trainer's board of a test reads, and in how many statements."""

import pytest
from flask import Flask

from classroom.attendance import services as attendance
from classroom.attendance.rules import Status
from classroom.core.db import db
from classroom.exams.queries.sittings import board_rows, board_version
from classroom.exams.services.answering import submit
from classroom.exams.services.kiosks import ask_pairing, pair_kiosk
from classroom.exams.services.opening import extend, let_in
from classroom.learners.services import merge_learners
from tests.attendance.counting import counted
from tests.exams.hall import DEADLINE, MINUTE, OPENED, Hall, device
from tests.factories import EnrolmentFactory, at, make_class, vietnam


@pytest.fixture
def hall(any_app: Flask) -> Hall:
    return Hall(6, require_sessions=1)


def test_every_learner_of_the_class_stands_on_the_board_in_a_state(hall: Hall) -> None:
    with at(vietnam(8)):
        hall.mark(4, status=Status.ABSENT)
    hall.start(0)
    finished = hall.start(1)
    with at(OPENED + MINUTE):
        submit(finished, device(1))
        _, kiosk = ask_pairing()
        pair_kiosk(hall.sitting, kiosk.pairing_code, hall.learners[2], actor=hall.actor)
        let_in(hall.sitting, hall.learners[5], "late", 5, actor=hall.actor)
    rows = {row.learner: row for row in hall.board(OPENED + MINUTE)}
    states = [rows[learner].state for learner in hall.learners]
    assert states == ["disconnected", "finished", "running", "ready", "none", "ready"]
    assert [rows[learner].source for learner in hall.learners[:3]] == ["phone", "phone", "kiosk"]
    assert [bar.code for bar in rows[hall.learners[4]].bars] == ["gate.not_present", "gate.too_few_sessions"]
    assert rows[hall.learners[5]].let_in
    done = rows[hall.learners[1]]
    assert (done.finished_at, done.finished_how, done.of) == (OPENED + MINUTE, "submitted", 7)
    assert (done.mark, done.outcome) == (0, "fail")


def test_the_board_shows_progress_time_left_and_what_came_too_late(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, {"choice": "a"})
    row = hall.on_board()
    assert (row.answered, row.of, row.deadline, row.last_saved_at) == (1, 7, DEADLINE, OPENED + MINUTE)
    hall.answer(attempt, 0, {"choice": "b"}, 2, when=DEADLINE + MINUTE)
    assert hall.on_board().strays == 1


def test_who_lacks_half_days_is_barred_and_told_how_many(app: Flask) -> None:
    hall = Hall(2, require_sessions=2)
    row = hall.on_board()
    assert (row.state, row.bars[0].code) == ("barred", "gate.too_few_sessions")
    assert row.bars[0].details == {"attended": 1, "needed": 2}


def test_guests_in_the_room_and_whoever_moved_on_stand_below_the_roster(hall: Hall) -> None:
    other = make_class(course=hall.paper.course)
    guest = EnrolmentFactory(training_class=other)
    hall.places.append(guest.public_id)
    hall.learners.append(guest.learner.public_id)
    EnrolmentFactory(training_class=other)
    with at(vietnam(8)):
        attendance.mark_by_hand(
            hall.session,
            [attendance.Choice(guest.public_id)],
            attendance.Decision(Status.PRESENT, "guest"),
            actor=hall.actor,
        )
    rows = hall.board()
    assert len(rows) == 7
    assert (rows[-1].learner, rows[-1].on_roster, rows[-1].state) == (guest.learner.public_id, False, "ready")
    assert hall.start(6)


def test_whoever_was_merged_stands_there_once(hall: Hall) -> None:
    attempt = hall.start(1)
    with at(OPENED + MINUTE):
        merge_learners(hall.learners[0], hall.learners[1], "one person", actor=hall.somebody("coordinator"))
    rows = hall.board()
    assert len(rows) == 5
    assert next(row for row in rows if row.learner == hall.learners[0]).attempt == attempt


@pytest.mark.sqlite
def test_a_board_of_a_hundred_is_read_in_six_statements_at_most(app: Flask) -> None:
    hall = Hall(100, require_sessions=1)
    for place in range(3):
        hall.start(place)
    facts = hall.facts()
    db.session.rollback()
    with counted() as seen:
        rows = board_rows(facts, OPENED + MINUTE)
    assert len(rows) == 100
    assert len(seen) <= 6


def test_the_boards_version_changes_with_everything_it_shows_and_with_nothing_else(hall: Hall) -> None:
    key = hall.facts().id
    seen = [board_version(key)]

    def changed() -> bool:
        db.session.rollback()
        seen.append(board_version(key))
        return seen[-1] != seen[-2]

    assert not changed()
    attempt = hall.start()
    assert changed()
    hall.answer(attempt, 0, {"choice": "a"})
    assert changed()
    hall.answer(attempt, 0, {"choice": "b"}, 2, when=OPENED + 2 * MINUTE)
    assert changed()
    with at(OPENED + 3 * MINUTE):
        extend(hall.sitting, 5, learner=None, reason="", actor=hall.actor)
        assert changed()
        submit(attempt, device())
        assert changed()
    with at(OPENED + 3 * MINUTE):
        hall.mark(3, status=Status.ABSENT)
    assert changed()
    assert not changed()
