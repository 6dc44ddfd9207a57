"""One attempt, one device: a phone that dies, the trainer's tap, and what the former device still sends."""

import pytest
from flask import Flask

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.exams.queries.attempts import find_attempt, items_of, responses_of
from classroom.exams.services.answering import Sent, close_due, heartbeat, save, submit
from classroom.exams.services.devices import MOST_DEVICES
from classroom.exams.services.starting import hand_over, refuse_device
from tests.exams.hall import DEADLINE, MINUTE, OPENED, SECOND, Hall, device
from tests.factories import at

OLD, NEW = device(), device("borrowed")
RIGHT = {"choice": "a"}
WRONG = {"choice": "b"}


@pytest.fixture
def hall(any_app: Flask) -> Hall:
    return Hall()


def ask(hall: Hall, by: bytes = NEW, minute: int = 5) -> None:
    with pytest.raises(Refusal) as no:
        hall.start(by=by, when=OPENED + minute * MINUTE)
    assert no.value.code == "attempt.other_device"


def give(hall: Hall, minute: int = 6) -> None:
    (asking,) = hall.asking()
    with at(OPENED + minute * MINUTE):
        hand_over(hall.sitting, asking, actor=hall.actor)


def test_a_second_device_asks_and_sees_nothing_before_the_trainers_tap(hall: Hall) -> None:
    attempt = hall.start()
    ask(hall)
    ask(hall, minute=6)
    assert len(hall.asking()) == 1
    found = find_attempt(attempt, NEW)
    assert found is not None
    assert (found.holder, found.former, found.asking) == (False, False, True)
    for step in (lambda: save(attempt, NEW, [Sent(0, 1, RIGHT)]), lambda: submit(attempt, NEW)):
        with at(OPENED + 7 * MINUTE), pytest.raises(Refusal) as no:
            step()
        assert (no.value.code, no.value.status) == ("attempt.other_device", 409)
    assert hall.answers(attempt) == {}
    assert hall.strays(attempt) == []


def test_a_phone_dies_and_the_test_goes_on_where_it_was_on_another(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, RIGHT, 1)
    ask(hall)
    give(hall)
    found = find_attempt(attempt, NEW)
    assert found is not None
    assert (found.holder, found.deadline(OPENED + 7 * MINUTE)) == (True, DEADLINE)
    assert responses_of(found)[0].answer == RIGHT
    assert len(items_of(found)) == 7
    assert hall.asking() == []
    assert hall.start(by=NEW, when=OPENED + 20 * MINUTE) == attempt
    assert hall.answer(attempt, 2, {"value": True}, 1, by=NEW, when=OPENED + 8 * MINUTE).saved == [(2, 1)]
    assert hall.row(attempt).device_number == 2


def test_the_late_write_of_the_former_device_is_refused_with_409_and_kept_as_evidence(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, RIGHT, 1)
    ask(hall)
    give(hall)
    for _ in range(2):
        with pytest.raises(Refusal) as no:
            hall.answer(attempt, 0, WRONG, 9, by=OLD, when=OPENED + 8 * MINUTE)
        assert (no.value.code, no.value.status) == ("attempt.other_device", 409)
    assert hall.answers(attempt) == {0: RIGHT}
    assert hall.strays(attempt) == [("other_device", 0, WRONG)]
    found = find_attempt(attempt, OLD)
    assert found is not None
    assert (found.holder, found.former, found.asking) == (False, True, False)
    with at(OPENED + 8 * MINUTE), pytest.raises(Refusal):
        heartbeat(attempt, OLD)
    with at(OPENED + 8 * MINUTE), pytest.raises(Refusal):
        submit(attempt, OLD)
    assert hall.row(attempt).state == "running"
    assert hall.row(attempt).last_seen_at == OPENED + 6 * MINUTE


def test_the_former_device_may_ask_to_have_it_back(hall: Hall) -> None:
    attempt = hall.start()
    ask(hall)
    give(hall)
    ask(hall, OLD, 8)
    give(hall, 9)
    assert hall.answer(attempt, 0, RIGHT, 1, by=OLD, when=OPENED + 10 * MINUTE).saved == [(0, 1)]
    with pytest.raises(Refusal):
        hall.answer(attempt, 0, WRONG, 2, by=NEW, when=OPENED + 10 * MINUTE)
    assert hall.devices(attempt) == 2


def test_a_device_that_was_refused_asks_again_only_by_asking(hall: Hall) -> None:
    attempt = hall.start()
    ask(hall)
    (asking,) = hall.asking()
    with at(OPENED + 6 * MINUTE):
        refuse_device(hall.sitting, asking, actor=hall.actor)
    assert hall.asking() == []
    assert hall.answer(attempt, 0, RIGHT, when=OPENED + 7 * MINUTE).saved == [(0, 1)]
    ask(hall, minute=8)
    assert hall.asking() == [asking]


def test_the_device_that_holds_the_attempt_is_not_refused(hall: Hall) -> None:
    hall.start()
    ask(hall)
    (asking,) = hall.asking()
    give(hall)
    with at(OPENED + 7 * MINUTE), pytest.raises(Refusal) as no:
        refuse_device(hall.sitting, asking, actor=hall.actor)
    assert no.value.code == "attempt.has_device"


def test_an_attempt_that_has_ended_is_handed_to_nobody(hall: Hall) -> None:
    attempt = hall.start()
    ask(hall)
    (asking,) = hall.asking()
    close_due(DEADLINE + MINUTE)
    with at(DEADLINE + MINUTE), pytest.raises(Refusal) as no:
        hand_over(hall.sitting, asking, actor=hall.actor)
    assert no.value.code == "attempt.finished"
    assert hall.row(attempt).device_hash == OLD
    assert hall.asking() == []


def test_a_device_of_another_sitting_or_a_stranger_to_the_class_hands_nothing_over(hall: Hall) -> None:
    hall.start()
    ask(hall)
    (asking,) = hall.asking()
    other = Hall()
    for sitting, actor, error in (
        (other.sitting, other.actor, NotFound),
        (hall.sitting, other.actor, NotFound),
        (hall.sitting, hall.somebody("viewer"), Forbidden),
    ):
        for step in (hand_over, refuse_device):
            with at(OPENED + 6 * MINUTE), pytest.raises(error):
                step(sitting, asking, actor=actor)


def test_a_bounded_number_of_devices_may_ask_for_one_attempt(hall: Hall) -> None:
    attempt = hall.start()
    for n in range(MOST_DEVICES - 1):
        ask(hall, device(f"number {n}"))
    with pytest.raises(Refusal) as no:
        hall.start(by=device("one more"), when=OPENED + 5 * MINUTE)
    assert no.value.code == "attempt.too_many_devices"
    ask(hall, device("number 0"), 7)
    assert hall.devices(attempt) == MOST_DEVICES


def test_the_board_tells_who_is_not_heard_of_any_more(hall: Hall) -> None:
    hall.start()
    assert hall.on_board(when=OPENED + 30 * SECOND).state == "running"
    assert hall.on_board(when=OPENED + 31 * SECOND).state == "disconnected"
    ask(hall)
    assert [ask.asked_at for ask in hall.on_board().asks] == [OPENED + 5 * MINUTE]
