"""Answers, hand-ins, closings, hand-overs, pauses and extensions that hit the same attempt, on both databases."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt
from classroom.exams.services.answering import Saved, Sent, close_due, save, submit
from classroom.exams.services.opening import end, extend, pause, resume
from classroom.exams.services.starting import hand_over
from classroom.learners.services import merge_learners
from tests.exams.hall import DEADLINE, GRACE, LIMIT, MINUTE, OPENED, SECOND, Hall, device
from tests.exams.test_races_starting import race, shared, while_waiting
from tests.factories import at

RIGHT = {"choice": "a"}
WRONG = {"choice": "b"}


@pytest.fixture
def hall(any_app: Flask) -> Hall:
    return Hall()


def write(attempt: str, answer: Any, sequence: int, by: bytes | None = None) -> Callable[[], Saved]:
    return lambda: save(attempt, by or device(), [Sent(0, sequence, answer)])


def test_two_hand_ins_at_once_give_one_result(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, RIGHT)
    final = [Sent(2, 1, {"value": True})]
    told = race(any_app, *[lambda: submit(attempt, device(), final=final)] * 4, when=OPENED + 5 * MINUTE)
    assert {(one.state, tuple(one.saved), tuple(one.refused)) for one in told} == {("finished", ((2, 1),), ())}
    row = hall.row(attempt)
    assert (row.finished_at, row.finished_how, row.answered) == (OPENED + 5 * MINUTE, "submitted", 2)
    assert hall.answers(attempt) == {0: RIGHT, 2: {"value": True}}
    assert hall.strays(attempt) == []


def test_autosaves_of_one_item_at_once_leave_the_highest(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    choices = ["a", "b", "c", "a", "b", "c"]
    saves = [write(attempt, {"choice": choice}, n) for n, choice in enumerate(choices, 1)]
    told = race(any_app, *saves, when=OPENED + MINUTE)
    assert hall.answers(attempt) == {0: {"choice": "c"}}
    assert all(one.saved[0][1] >= n for n, one in enumerate(told, 1))
    assert hall.row(attempt).answered == 1


def test_an_answer_in_time_survives_the_closing_that_races_it(any_app: Flask, hall: Hall) -> None:
    """The answer was received within the grace; whichever of the two comes to the row first, it stands."""
    attempts = [hall.start(place) for place in range(3)]
    saves = [write(attempt, RIGHT, 1, device(place)) for place, attempt in enumerate(attempts)]
    later = DEADLINE + GRACE + SECOND
    told = race(any_app, lambda: close_due(later), *saves, when=DEADLINE + GRACE)
    assert told[0] == 3
    for place, attempt in enumerate(attempts):
        assert told[place + 1].saved == [(0, 1)]
        assert hall.answers(attempt) == {0: RIGHT}
        row = hall.row(attempt)
        assert (row.state, row.finished_at, row.finished_how, row.answered) == ("finished", DEADLINE, "time", 1)
        assert hall.strays(attempt) == []


def test_an_answer_received_in_time_stands_although_the_job_was_quicker_to_the_row(hall: Hall) -> None:
    attempt = hall.start()
    close_due(DEADLINE + GRACE + SECOND)
    told = hall.answer(attempt, 0, RIGHT, when=DEADLINE + GRACE)
    assert (told.saved, told.state) == ([(0, 1)], "finished")
    row = hall.row(attempt)
    assert (row.finished_at, row.finished_how, row.answered, row.mark) == (DEADLINE, "time", 1, 1)


def test_an_answer_that_comes_late_is_never_kept_whoever_is_quicker(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    told = race(any_app, close_due, write(attempt, RIGHT, 1), when=DEADLINE + GRACE + SECOND)
    assert told[1].refused == [(0, "answer.too_late")]
    assert hall.answers(attempt) == {}
    assert hall.strays(attempt) == [("late", 0, RIGHT)]
    assert hall.row(attempt).finished_at == DEADLINE


def test_a_hand_in_that_races_the_closing_gives_one_result(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    race(any_app, close_due, lambda: submit(attempt, device(), final=[Sent(0, 1, RIGHT)]), when=DEADLINE + MINUTE)
    row = hall.row(attempt)
    assert (row.finished_at, row.finished_how) == (DEADLINE, "time")
    assert hall.answers(attempt) == {}
    assert hall.strays(attempt) == [("late", 0, RIGHT)]


def test_two_closings_at_once_close_each_attempt_once(any_app: Flask, hall: Hall) -> None:
    for place in range(3):
        hall.start(place)
    assert sum(race(any_app, *[close_due] * 4, when=DEADLINE + MINUTE)) == 3


def test_an_answer_that_races_a_hand_over_stands_or_is_evidence_and_is_never_lost(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    with pytest.raises(Refusal):
        hall.start(by=device("new"), when=OPENED + MINUTE)
    (asking,) = hall.asking()
    told = race(
        any_app,
        lambda: hand_over(hall.sitting, asking, actor=hall.actor),
        write(attempt, RIGHT, 1),
        when=OPENED + 2 * MINUTE,
    )
    assert hall.row(attempt).device_hash == device("new")
    if told[1] == "attempt.other_device":
        assert (hall.answers(attempt), hall.strays(attempt)) == ({}, [("other_device", 0, RIGHT)])
    else:
        assert (hall.answers(attempt), hall.strays(attempt)) == ({0: RIGHT}, [])


def test_an_answer_waits_for_a_hand_over_that_is_being_written(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    with pytest.raises(Refusal):
        hall.start(by=device("new"), when=OPENED + MINUTE)
    (asking,) = hall.asking()
    give = lambda: hand_over(hall.sitting, asking, actor=hall.actor)  # noqa: E731
    told = while_waiting(any_app, give, write(attempt, RIGHT, 1), OPENED + 2 * MINUTE)
    assert told == "attempt.other_device"
    assert (hall.answers(attempt), hall.strays(attempt)) == ({}, [("other_device", 0, RIGHT)])


def test_resuming_that_races_autosaves_moves_each_deadline_once(any_app: Flask, hall: Hall) -> None:
    attempts = [hall.start(place) for place in range(3)]
    with at(OPENED + 10 * MINUTE):
        pause(hall.sitting, actor=hall.actor)
    saves = [write(attempt, RIGHT, 1, device(place)) for place, attempt in enumerate(attempts)]
    again = [lambda: resume(hall.sitting, actor=hall.actor)] * 2
    told = race(any_app, *again, *saves, when=OPENED + 30 * MINUTE)
    for place, attempt in enumerate(attempts):
        assert hall.row(attempt).deadline_at == DEADLINE + 20 * MINUTE
        assert hall.answers(attempt) == {0: RIGHT}
        assert told[2 + place].deadline == DEADLINE + 20 * MINUTE


def test_more_time_that_races_the_closing_lets_the_attempt_go_on(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    race(
        any_app,
        close_due,
        lambda: extend(hall.sitting, 10, learner=hall.learners[0], reason="", actor=hall.actor),
        when=DEADLINE + MINUTE,
    )
    row = hall.row(attempt)
    assert (row.state, row.deadline_at) == ("running", DEADLINE + 11 * MINUTE)


def test_two_extensions_at_once_both_count(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    coordinator = hall.somebody("coordinator")
    race(
        any_app,
        lambda: extend(hall.sitting, 10, learner=None, reason="", actor=hall.actor),
        lambda: extend(hall.sitting, 5, learner=hall.learners[0], reason="", actor=coordinator),
        when=OPENED + MINUTE,
    )
    assert hall.row(attempt).deadline_at == DEADLINE + 15 * MINUTE


def test_two_ends_at_once_end_once(any_app: Flask, hall: Hall) -> None:
    hall.start()
    race(any_app, *[lambda: end(hall.sitting, actor=hall.actor)] * 3, when=OPENED + MINUTE)
    entries = select(func.count(AuditEntry.id)).where(AuditEntry.action == "sitting.ended")
    assert db.session.scalar(entries) == 1


def test_a_merge_that_races_answers_loses_none(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start(1)
    coordinator = hall.somebody("coordinator")
    told = race(
        any_app,
        lambda: merge_learners(hall.learners[0], hall.learners[1], "one person", actor=coordinator).public_id,
        *[write(attempt, RIGHT, n, device(1)) for n in range(1, 4)],
        lambda: end(hall.sitting, actor=hall.actor),
        when=OPENED + MINUTE,
    )
    assert all(isinstance(one, Saved) for one in told[1:4])
    assert hall.answers(attempt) == {0: RIGHT}
    assert hall.row(attempt).learner.public_id == hall.learners[0]


def test_autosaves_of_a_whole_room_at_once_are_all_kept(app: Flask) -> None:
    room = Hall(40)
    attempts = [room.start(place) for place in range(40)]
    saves = [write(attempt, RIGHT, 1, device(place)) for place, attempt in enumerate(attempts)]
    told = list(chain.from_iterable(race(app, *shared(saves), when=OPENED + MINUTE)))
    assert [one.saved for one in told] == [[(0, 1)]] * 40
    assert db.session.scalar(select(func.sum(Attempt.answered))) == 40
    assert {row.deadline_at for row in db.session.scalars(select(Attempt))} == {OPENED + LIMIT}
