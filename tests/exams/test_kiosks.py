"""Devices of the room: paired for one learner by six digits, left by the PIN, and forgetful."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.attendance.rules import Status
from classroom.core.db import db
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.signing import token_hash
from classroom.exams.models import Attempt, Kiosk
from classroom.exams.queries.attempts import find_attempt
from classroom.exams.queries.kiosks import KIOSK_LINGERS, KioskFacts, find_kiosk, kiosks_of
from classroom.exams.services.answering import close_due, submit
from classroom.exams.services.kiosks import ask_pairing, forget_kiosk, leave_kiosk, pair_kiosk, release_kiosk
from classroom.exams.services.starting import Barred, hand_over
from tests.exams.hall import DEADLINE, MINUTE, OPENED, SECOND, Hall, device
from tests.factories import at, vietnam

RIGHT = {"choice": "a"}


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


class Machine:
    """A computer of the room, with its cookie."""

    def __init__(self, when: object = OPENED) -> None:
        with at(when):  # type: ignore[arg-type]
            token, kiosk = ask_pairing()
        self.token, self.digits, self.public_id = token_hash(token), kiosk.pairing_code, kiosk.public_id

    def facts(self, when: object = OPENED + MINUTE) -> KioskFacts:
        with at(when):  # type: ignore[arg-type]
            found = find_kiosk(self.token)
        assert found is not None
        return found

    def pair(self, hall: Hall, place: int = 0, when: object = OPENED) -> str:
        with at(when):  # type: ignore[arg-type]
            return pair_kiosk(hall.sitting, self.digits, hall.learners[place], actor=hall.actor).attempt_public_id


def test_a_learner_without_a_phone_writes_on_a_device_of_the_room(hall: Hall) -> None:
    machine = Machine()
    assert (machine.facts().state, len(machine.digits)) == ("waiting", 6)
    attempt = machine.pair(hall)
    row = hall.row(attempt)
    assert (row.source, row.device_hash) == ("kiosk", machine.token)
    facts = machine.facts()
    assert (facts.state, facts.attempt, facts.sitting) == ("running", attempt, hall.sitting)
    assert hall.answer(attempt, 0, RIGHT, by=machine.token).saved == [(0, 1)]
    assert [one.public_id for one in kiosks_of(hall.facts())] == [machine.public_id]


def test_digits_are_typed_with_spaces_and_are_good_for_one_learner(hall: Hall) -> None:
    machine = Machine()
    with at(OPENED):
        pair_kiosk(hall.sitting, f" {machine.digits[:3]} {machine.digits[3:]} ", hall.learners[0], actor=hall.actor)
        with pytest.raises(Invalid) as no:
            pair_kiosk(hall.sitting, machine.digits, hall.learners[1], actor=hall.actor)
    assert no.value.code == "kiosk.unknown_digits"


def test_digits_die_after_ten_minutes(hall: Hall) -> None:
    machine = Machine()
    with pytest.raises(Invalid):
        machine.pair(hall, when=OPENED + 10 * MINUTE)


def test_wrong_digits_are_limited(hall: Hall) -> None:
    machine = Machine()
    with at(OPENED):
        for _ in range(10):
            with pytest.raises(Invalid):
                pair_kiosk(hall.sitting, "", hall.learners[0], actor=hall.actor)
        with pytest.raises(Refusal) as no:
            pair_kiosk(hall.sitting, machine.digits, hall.learners[0], actor=hall.actor)
    assert no.value.code == "kiosk.too_many_tries"


def test_digits_are_given_out_so_often_to_one_address(hall: Hall) -> None:
    with at(OPENED):
        for _ in range(120):
            ask_pairing("192.0.2.7")
        with pytest.raises(Refusal) as no:
            ask_pairing("192.0.2.7")
        assert no.value.code == "kiosk.too_many"
        ask_pairing("192.0.2.8")


def test_the_rules_hold_for_a_device_of_the_room_too_and_it_stays_free(hall: Hall) -> None:
    with at(vietnam(8)):
        hall.mark(0, status=Status.ABSENT)
    machine = Machine()
    with pytest.raises(Barred):
        machine.pair(hall)
    assert machine.facts().state == "waiting"
    assert machine.pair(hall, 1)


def test_an_attempt_goes_over_from_a_dead_phone_to_a_device_of_the_room(hall: Hall) -> None:
    attempt = hall.start()
    hall.answer(attempt, 0, RIGHT)
    machine = Machine()
    assert machine.pair(hall, when=OPENED + 5 * MINUTE) == attempt
    row = hall.row(attempt)
    assert (row.source, row.device_hash, row.device_number) == ("kiosk", machine.token, 2)
    with pytest.raises(Refusal):
        hall.answer(attempt, 0, RIGHT, 2)
    assert hall.asking() == []


def test_the_pin_leaves_the_device_and_the_attempt_runs_on(hall: Hall) -> None:
    machine = Machine()
    attempt = machine.pair(hall)
    with at(OPENED + MINUTE):
        leave_kiosk(machine.token, f" {hall.facts().kiosk_pin} ")
    facts = machine.facts()
    assert (facts.state, facts.attempt, facts.name, facts.pairing_code) == ("left", "", "", "")
    assert find_attempt(attempt, machine.token) is None
    with pytest.raises(Refusal) as no:
        hall.answer(attempt, 0, RIGHT, by=machine.token)
    assert no.value.code == "attempt.other_device"
    assert hall.strays(attempt) == [("other_device", 0, RIGHT)]
    assert hall.row(attempt).state == "running"
    with pytest.raises(Refusal):
        hall.start(by=device("found again"), when=OPENED + 2 * MINUTE)
    (asking,) = hall.asking()
    with at(OPENED + 3 * MINUTE):
        hand_over(hall.sitting, asking, actor=hall.actor)
    assert hall.answer(attempt, 0, RIGHT, by=device("found again"), when=OPENED + 4 * MINUTE).saved == [(0, 1)]
    assert hall.row(attempt).source == "phone"
    with at(OPENED + 4 * MINUTE), pytest.raises(NotFound):
        leave_kiosk(machine.token, hall.facts().kiosk_pin)


def test_five_wrong_pins_and_even_the_right_one_has_to_wait(hall: Hall) -> None:
    machine = Machine()
    machine.pair(hall)
    right = hall.facts().kiosk_pin
    wrong = "0000" if right != "0000" else "1111"
    with at(OPENED + MINUTE):
        for _ in range(5):
            with pytest.raises(Invalid) as no:
                leave_kiosk(machine.token, wrong)
            assert no.value.code == "kiosk.wrong_pin"
        with pytest.raises(Refusal) as no:
            leave_kiosk(machine.token, right)
        assert no.value.code == "kiosk.too_many_tries"
    assert machine.facts().state == "running"
    with at(OPENED + 15 * MINUTE):
        leave_kiosk(machine.token, right)


def test_the_trainer_takes_a_device_back_from_the_board(hall: Hall) -> None:
    machine, other = Machine(), Hall()
    machine.pair(hall)
    for sitting, actor, error in (
        (other.sitting, other.actor, NotFound),
        (hall.sitting, other.actor, NotFound),
        (hall.sitting, hall.somebody("viewer"), Forbidden),
    ):
        with at(OPENED + MINUTE), pytest.raises(error):
            release_kiosk(sitting, machine.public_id, actor=actor)
    with at(OPENED + MINUTE):
        release_kiosk(hall.sitting, machine.public_id, actor=hall.actor)
        release_kiosk(hall.sitting, machine.public_id, actor=hall.actor)
    assert machine.facts().state == "left"
    assert list(kiosks_of(hall.facts())) == []


def test_the_device_forgets_when_the_attempt_has_ended(hall: Hall) -> None:
    machine = Machine()
    attempt = machine.pair(hall)
    with at(OPENED + MINUTE):
        assert not forget_kiosk(machine.token)
        submit(attempt, machine.token)
    assert machine.facts().state == "finished"
    assert find_attempt(attempt, machine.token) is not None
    with at(OPENED + MINUTE):
        assert forget_kiosk(machine.token)
    assert machine.facts().state == "left"
    assert find_attempt(attempt, machine.token) is None


def test_a_device_left_alone_after_the_end_forgets_by_the_clock(hall: Hall) -> None:
    machine = Machine()
    attempt = machine.pair(hall)
    with at(DEADLINE + MINUTE):
        close_due()
    assert hall.row(attempt).finished_at == DEADLINE
    close_due(DEADLINE + KIOSK_LINGERS)
    assert db.session.scalar(select(Kiosk.left_at)) is None
    assert machine.facts(DEADLINE + KIOSK_LINGERS).state == "finished"
    assert machine.facts(DEADLINE + KIOSK_LINGERS + SECOND).state == "left"
    close_due(DEADLINE + KIOSK_LINGERS + SECOND)
    db.session.rollback()
    assert db.session.scalar(select(Kiosk.left_at)) == DEADLINE + KIOSK_LINGERS + SECOND


def test_a_second_device_of_the_room_takes_over_and_the_first_forgets(hall: Hall) -> None:
    first, second = Machine(), Machine()
    attempt = first.pair(hall)
    assert second.pair(hall, when=OPENED + MINUTE) == attempt
    assert (first.facts().state, second.facts().state) == ("left", "running")
    assert find_attempt(attempt, first.token) is None


def test_digits_that_nobody_used_are_swept_away(hall: Hall) -> None:
    Machine()
    Machine(OPENED + 21 * MINUTE)
    assert db.session.scalar(select(func.count(Kiosk.id))) == 1


def test_a_device_of_the_room_is_paired_only_by_who_runs_the_test(hall: Hall) -> None:
    machine = Machine()
    for actor, error in ((Hall().actor, NotFound), (hall.somebody("viewer"), Forbidden)):
        with at(OPENED), pytest.raises(error):
            pair_kiosk(hall.sitting, machine.digits, hall.learners[0], actor=actor)
    assert db.session.scalar(select(func.count(Attempt.id))) == 0
