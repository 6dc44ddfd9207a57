"""Whom the board names: namesakes, the missing, the refused, and rows that changed under one's hands."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.attendance import presenters
from classroom.attendance.models import Scan
from classroom.attendance.rules import Status
from classroom.core.db import db
from tests.factories import EnrolmentFactory, at, sign_in, vietnam
from tests.support.rooms import Room


@pytest.fixture
def room(app: Flask) -> Room:
    return Room(6)


@pytest.fixture
def trainer(room: Room, client: FlaskClient) -> FlaskClient:
    with at(vietnam(7, 30)):
        return sign_in(client, room.trainer)


def test_who_was_refused_stands_by_name_beside_the_reason(room: Room, trainer: FlaskClient) -> None:
    learner = EnrolmentFactory(training_class=room.made).learner
    learner.name = "Vừ Thị Thanh Loan"
    db.session.add(
        Scan(
            organisation_id=room.made.organisation_id,
            class_session_id=room.session_id,
            learner_id=learner.id,
            source="room_code",
            uuid="1",
            content_hash="",
            scanned_at=vietnam(7, 50),
            received_at=vietnam(7, 50),
            outcome="refused",
            refusal="scan.withdrawn",
        )
    )
    db.session.commit()
    with at(vietnam(8)):
        page = trainer.get(f"/sessions/{room.session}/board").get_data(as_text=True)
    assert "<strong>1 ×</strong> Không còn trong danh sách: Vừ Thị Thanh Loan" in page
    assert "Ông/bà" not in page


def test_namesakes_stand_beside_their_units_and_last_digits(room: Room, trainer: FlaskClient) -> None:
    told_apart = (("Trạm Y tế xã Đô Lương", "+84912000111"), ("UBND xã Tân Kỳ", "+84912000222"))
    for unit, phone in told_apart:
        learner = EnrolmentFactory(training_class=room.made).learner
        learner.name, learner.unit, learner.phone = "Nguyễn Thị Lan", unit, phone
    db.session.commit()
    for page in ("board", "register"):
        with at(vietnam(8)):
            text = trainer.get(f"/sessions/{room.session}/{page}").get_data(as_text=True)
        assert text.count("Nguyễn Thị Lan") >= 2
        for unit, phone in told_apart:
            assert unit in text
            assert f"…{phone[-3:]}" in text


def test_who_is_missing_is_offered_before_who_came(room: Room) -> None:
    room.mark(0)
    came, missing = room.places[0], room.places[1:]
    ordered = [line.enrolment for line in presenters.by_likeness("nobody of them", room.lines())]
    assert ordered == [*missing, came]


def test_a_choice_that_went_stale_while_an_error_was_mended_is_still_told(room: Room, trainer: FlaskClient) -> None:
    stale, kept = f"{room.places[0]}.", f"{room.places[1]}."
    data = {"chosen": [stale, kept], "status": "late", "arrived": "25:99", "reason": "bus"}
    with at(vietnam(8)):
        room.mark(0, status=Status.EXCUSED)
        page = trainer.post(f"/sessions/{room.session}/mark", data=data).get_data(as_text=True)
        assert re.findall(r'name="chosen" value="([^"]+)"[^>]*checked', page) == [stale, kept]
        trainer.post(f"/sessions/{room.session}/mark", data=data | {"arrived": "7:50"})
        page = trainer.get(f"/sessions/{room.session}/register").get_data(as_text=True)
    assert "vừa có người thay đổi" in page
    assert room.statuses()[:2] == [Status.EXCUSED, Status.LATE]
