"""The code for a test leads through the check-in pages to whatever room keeps the test, and makes no mark."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.attendance import services
from classroom.attendance.models import Binding, Mark
from classroom.attendance.rules import Purpose
from classroom.core import doors
from classroom.core.db import db
from classroom.core.doors import Door, door_for, open_door, read_pass
from classroom.core.errors import Refusal
from classroom.core.signing import BadSignature, SignatureExpired
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.phoning import Phone, code_of, phone_number, seat
from tests.factories import at, make_actor, vietnam


class Test:
    """Stands for the room behind the door."""

    __test__ = False
    shut = ""

    def check(self, class_session_id: int, at: datetime) -> None:
        if self.shut:
            raise Refusal(self.shut)


@pytest.fixture
def test_room() -> Iterator[Test]:
    kept, room = door_for(Purpose.TEST), Test()
    open_door(Purpose.TEST, Door(room.check, lambda _: (3, 90), "checkin.typed"))
    yield room
    doors._doors.pop(Purpose.TEST)
    if kept:
        open_door(Purpose.TEST, kept)


@pytest.fixture
def shown(app: Flask, made: TrainingClass, half_day: ClassSession, test_room: Test) -> ClassSession:
    boss = make_actor("coordinator", organisation=db.session.get(Organisation, made.organisation_id))
    with at(vietnam(10)):
        services.show_on_screen(half_day.public_id, "test", actor=boss)
    return half_day


def test_a_phone_goes_through_with_a_pass_of_its_own(
    app: Flask, phone: Phone, made: TrainingClass, shown: ClassSession
) -> None:
    with at(vietnam(10)):
        assert "Bài kiểm tra" in phone.open(code_of(shown, purpose=Purpose.TEST))
        phone.press("identify", who=phone_number(made))
        answer = phone.client.post("/checkin/confirm", data=phone.form("confirm"))
        ticket = parse_qs(urlsplit(answer.location).query)["ticket"][0]
        key, cookie = app.config["SECRET_KEY"], phone.client.get_cookie("phone")
        assert cookie is not None
        given = read_pass(ticket, Purpose.TEST, key, vietnam(10, 9), cookie.value)
        assert (given.session, given.learner) == (shown.public_id, seat(made).learner.public_id)
        with pytest.raises(BadSignature):
            read_pass(ticket, Purpose.TEST, key, vietnam(10, 9), "another browser")
        with pytest.raises(SignatureExpired):
            read_pass(ticket, Purpose.TEST, key, vietnam(10, 10), cookie.value)
    assert db.session.scalars(select(Mark)).all() == []
    assert len(db.session.scalars(select(Binding)).all()) == 1


def test_a_known_phone_is_asked_before_it_goes_through(phone: Phone, made: TrainingClass, shown: ClassSession) -> None:
    with at(vietnam(10)):
        phone.open(code_of(shown, purpose=Purpose.TEST))
        phone.press("identify", who=phone_number(made))
        phone.client.post("/checkin/confirm", data=phone.form("confirm"))
        page = phone.open(code_of(shown, purpose=Purpose.TEST))
        assert seat(made).learner.name in page
        assert "data-send-now" not in page
        assert phone.client.post("/checkin/mark", data=phone.form("mark")).status_code == 303


def test_a_shut_door_says_why(phone: Phone, shown: ClassSession, test_room: Test) -> None:
    test_room.shut = "screen.no_check_out"
    with at(vietnam(10)):
        assert "ra về" in phone.open(code_of(shown, purpose=Purpose.TEST))
    assert phone.status == 409


def test_an_old_code_of_a_test_is_no_good(phone: Phone, shown: ClassSession) -> None:
    with at(vietnam(10)):
        code = code_of(shown, purpose=Purpose.TEST)
    with at(vietnam(10) + timedelta(minutes=1)):
        phone.open(code)
    assert phone.status == 410
