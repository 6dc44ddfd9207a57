"""Openings, beginnings, endings and merges that hit the same instant, on both databases."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.exams.models import Attempt, AttemptDevice, Sitting
from classroom.exams.services.answering import close_due
from classroom.exams.services.kiosks import ask_pairing, pair_kiosk
from classroom.exams.services.opening import end, pause
from classroom.exams.services.starting import Started, hand_over, start_attempt
from classroom.learners.models import Learner
from classroom.learners.services import merge_learners
from tests.exams.hall import DEADLINE, MINUTE, OPENED, Hall, device
from tests.factories import at
from tests.support.racing import LONGEST, together


def told(step: Callable[[], Any]) -> Callable[[], Any]:
    """The step, its refusal answered as a code."""

    def run() -> Any:
        try:
            return step()
        except Refusal as no:
            return no.code

    return run


def race(app: Flask, *steps: Callable[[], Any], when: Any = OPENED) -> list[Any]:
    db.session.rollback()
    with at(when):
        answers = together(app, [told(step) for step in steps])
    db.session.rollback()
    return answers


def shared(steps: Sequence[Callable[[], Any]], threads: int = 8) -> list[Callable[[], list[Any]]]:
    """The steps shared out to as many threads as a server has."""
    return [lambda own=steps[n::threads]: [step() for step in own] for n in range(threads)]  # type: ignore[misc]


def while_waiting(app: Flask, first: Callable[[], Any], second: Callable[[], Any], when: Any) -> Any:
    """What `second` is told when it comes after `first` was done and before that was committed.

    It has to wait; the first one goes on when the other was wrongly let through, or else has waited long enough.
    """
    done, through, answers = threading.Event(), threading.Event(), []

    def act() -> None:
        with app.app_context():
            with transaction():
                first()
                done.set()
                through.wait(1)
            db.session.remove()

    def follow() -> None:
        done.wait(LONGEST)
        with app.app_context():
            answers.append(told(second)())
            db.session.remove()
        through.set()

    db.session.rollback()
    with at(when):
        threads = [threading.Thread(target=work, daemon=True) for work in (act, follow)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(LONGEST)
    db.session.rollback()
    return answers[0]


@pytest.fixture
def hall(any_app: Flask) -> Hall:
    return Hall(6)


def begin(hall: Hall, place: int = 0, by: bytes | None = None) -> Callable[[], Started]:
    return lambda: start_attempt(hall.sitting, hall.learners[place], by or device(place), actor=hall.phone)


def test_two_trainers_who_open_the_same_test_open_one(any_app: Flask) -> None:
    hall = Hall(opened=False)
    opened = race(any_app, *[hall.open] * 4)
    assert len(set(opened)) == 1
    assert db.session.scalar(select(func.count(Sitting.id))) == 1


def test_two_taps_at_once_begin_one_attempt(any_app: Flask, hall: Hall) -> None:
    answers = race(any_app, *[begin(hall)] * 5)
    assert len({answer.attempt_public_id for answer in answers}) == 1
    assert Counter(answer.fresh for answer in answers) == {True: 1, False: 4}
    assert db.session.scalar(select(func.count(Attempt.id))) == 1
    assert db.session.scalar(select(func.count(AttemptDevice.id))) == 1


def test_of_two_devices_at_once_one_begins_and_the_other_asks(any_app: Flask, hall: Hall) -> None:
    answers = race(any_app, begin(hall, by=device("one")), begin(hall, by=device("two")))
    assert Counter(str(answer) if isinstance(answer, str) else "begun" for answer in answers) == {
        "begun": 1,
        "attempt.other_device": 1,
    }
    assert len(hall.asking()) == 1


def test_a_beginning_that_races_the_end_is_ended_too_or_refused(any_app: Flask, hall: Hall) -> None:
    starts = [begin(hall, place) for place in range(6)]
    race(any_app, lambda: end(hall.sitting, actor=hall.actor), *starts, when=OPENED + MINUTE)
    assert db.session.scalar(select(func.count(Attempt.id)).where(Attempt.deadline_at > OPENED + MINUTE)) == 0
    close_due(OPENED + 2 * MINUTE)
    db.session.rollback()
    assert db.session.scalar(select(func.count(Attempt.id)).where(Attempt.state == "running")) == 0


def test_a_pause_that_races_beginnings_leaves_nobody_in_between(any_app: Flask, hall: Hall) -> None:
    starts = [begin(hall, place) for place in range(6)]
    answers = race(any_app, lambda: pause(hall.sitting, actor=hall.actor), *starts, when=OPENED + MINUTE)
    assert {answer for answer in answers[1:] if isinstance(answer, str)} <= {"sitting.paused"}
    assert db.session.scalar(select(func.count(Attempt.id))) == len(
        [one for one in answers[1:] if isinstance(one, Started)]
    )


def test_a_beginning_that_races_a_merge_is_the_kept_learners(any_app: Flask, hall: Hall) -> None:
    coordinator = hall.somebody("coordinator")
    answers = race(
        any_app,
        lambda: merge_learners(hall.learners[0], hall.learners[1], "one person", actor=coordinator).public_id,
        begin(hall, 1),
        begin(hall, 2),
    )
    assert all(isinstance(answer, Started) for answer in answers[1:])
    names = select(Learner.public_id).join(Attempt, Attempt.learner_id == Learner.id).order_by(Learner.id)
    assert db.session.scalars(names).all() == [hall.learners[0], hall.learners[2]]


def test_two_beginnings_of_two_who_are_being_made_one_never_both_run(any_app: Flask, hall: Hall) -> None:
    coordinator = hall.somebody("coordinator")
    answers = race(
        any_app,
        begin(hall, 0),
        begin(hall, 1),
        lambda: merge_learners(hall.learners[0], hall.learners[1], "one person", actor=coordinator).public_id,
    )
    by_learner = Counter(db.session.scalars(select(Attempt.learner_id).where(Attempt.state == "running")))
    assert max(by_learner.values()) == 1
    if answers[2] == "merge.both_write":
        assert len(by_learner) == 2
    else:
        assert "attempt.other_device" in answers or len(by_learner) == 1


def test_a_beginning_waits_for_an_end_that_is_being_written(any_app: Flask, hall: Hall) -> None:
    step = begin(hall)
    assert while_waiting(any_app, lambda: end(hall.sitting, actor=hall.actor), step, OPENED + MINUTE) == "sitting.ended"
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_a_beginning_waits_for_a_merge_that_is_being_written(any_app: Flask, hall: Hall) -> None:
    coordinator = hall.somebody("coordinator")

    def merge() -> None:
        merge_learners(hall.learners[0], hall.learners[1], "one person", actor=coordinator)

    started = while_waiting(any_app, merge, begin(hall, 1), OPENED + MINUTE)
    assert hall.row(started.attempt_public_id).learner.public_id == hall.learners[0]


def test_two_kiosks_paired_at_once_for_one_learner_share_no_attempt(any_app: Flask, hall: Hall) -> None:
    with at(OPENED):
        digits = [ask_pairing()[1].pairing_code for _ in range(2)]
    coordinator = hall.somebody("coordinator")
    steps = [
        lambda: pair_kiosk(hall.sitting, digits[0], hall.learners[0], actor=hall.actor),
        lambda: pair_kiosk(hall.sitting, digits[1], hall.learners[0], actor=coordinator),
    ]
    answers = race(any_app, *steps)
    assert len({answer.attempt_public_id for answer in answers}) == 1
    assert Counter(answer.fresh for answer in answers) == {True: 1, False: 1}
    granted = select(func.count(AttemptDevice.id)).where(AttemptDevice.granted_at.is_not(None))
    assert db.session.scalar(granted) == 2
    (attempt,) = db.session.scalars(select(Attempt)).all()
    assert attempt.device_number == 2


def test_two_taps_on_two_devices_that_ask_leave_one_holder(any_app: Flask, hall: Hall) -> None:
    attempt = hall.start()
    for name in ("one", "two"):
        with pytest.raises(Refusal):
            hall.start(by=device(name), when=OPENED + MINUTE)
    first, second = hall.asking()
    coordinator = hall.somebody("coordinator")
    race(
        any_app,
        lambda: hand_over(hall.sitting, first, actor=hall.actor),
        lambda: hand_over(hall.sitting, second, actor=coordinator),
        when=OPENED + 2 * MINUTE,
    )
    row = hall.row(attempt)
    assert row.device_hash in {device("one"), device("two")}
    assert row.device_number == 3


def test_a_hundred_learners_begin_in_the_same_second(app: Flask) -> None:
    hall = Hall(100, shuffle_questions=True)
    answers = list(chain.from_iterable(race(app, *shared([begin(hall, place) for place in range(100)]))))
    assert len({answer.attempt_public_id for answer in answers}) == 100
    assert all(answer.fresh for answer in answers)
    rows = db.session.execute(select(Attempt.learner_id, Attempt.deadline_at, Attempt.seed)).all()
    assert len({row.learner_id for row in rows}) == len({row.seed for row in rows}) == 100
    assert {row.deadline_at for row in rows} == {DEADLINE}
