"""Drill 7: the reply is cut after the commit; the phone tries again and gets the same answer, and one row stays."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPException

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.attendance.models import Event, Mark, Scan
from classroom.attendance.services.scanning import Attempt
from classroom.attendance.views import checkin_steps
from classroom.core.clock import now
from classroom.core.db import db, release
from classroom.core.signing import random_token
from tests.drills.hall import GREEN
from tests.factories import at
from tests.support.phone import Page, Phone
from tests.support.proxy import Cut, CuttingProxy
from tests.support.serving import LiveServer
from tests.support.world import Room, make_world

CONFIRM = "/checkin/confirm"
#: What differs between two showings of one answer: the page's nonce for scripts.
NONCE = re.compile(r'nonce="[^"]*"')


@pytest.fixture
def room(any_app: Flask) -> Room:
    return make_world(classes=1, learners=3).rooms[0]


@pytest.fixture
def bad_network(any_app: Flask, room: Room) -> Iterator[CuttingProxy]:
    server = LiveServer(any_app).start()
    with CuttingProxy(server.port) as proxy:
        yield proxy
    server.stop()


@pytest.fixture
def phone(bad_network: CuttingProxy) -> Iterator[Phone]:
    phone = Phone(bad_network.port)
    yield phone
    phone.hang_up()


def asked_who(phone: Phone, room: Room) -> Page:
    """The page on which the learner confirms."""
    page = phone.get(room.code_path(now()))
    return phone.submit(page, page.form("/checkin/identify"), who=room.learner_codes[0])


def rows() -> dict[str, int]:
    release()
    return {table.__name__: db.session.scalar(select(func.count(table.id))) or 0 for table in (Scan, Event, Mark)}


ONCE = {"Scan": 1, "Event": 1, "Mark": 1}
NOTHING = {"Scan": 0, "Event": 0, "Mark": 0}


def confirm_with(cut: Cut, phone: Phone, page: Page, network: CuttingProxy) -> None:
    network.cuts[CONFIRM] = cut
    with pytest.raises((OSError, HTTPException)):
        phone.submit(page, page.form(CONFIRM))


@pytest.mark.parametrize("cut", [Cut.REPLY, Cut.MIDDLE])
def test_a_retry_after_a_cut_reply_gets_the_same_answer_and_one_row_stays(
    room: Room, phone: Phone, bad_network: CuttingProxy, cut: Cut
) -> None:
    page = asked_who(phone, room)
    confirm_with(cut, phone, page, bad_network)
    assert rows() == ONCE, "the server had committed when the line broke"

    later = now() + timedelta(minutes=5)
    with at(later):
        again = [phone.submit(page, page.form(CONFIRM)) for _ in range(3)]

    assert GREEN in again[0].text
    assert {NONCE.sub("", each.text) for each in again} == {NONCE.sub("", bad_network.swallowed[0])}
    assert rows() == ONCE


def test_a_request_that_never_arrived_is_simply_made_again(room: Room, phone: Phone, bad_network: CuttingProxy) -> None:
    page = asked_who(phone, room)
    confirm_with(Cut.REQUEST, phone, page, bad_network)
    assert rows() == NOTHING

    assert GREEN in phone.submit(page, page.form(CONFIRM)).text
    assert rows() == ONCE


def test_a_cut_retry_changes_nothing_either(room: Room, phone: Phone, bad_network: CuttingProxy) -> None:
    page = asked_who(phone, room)
    for cut in (Cut.REPLY, Cut.MIDDLE, Cut.REPLY):
        confirm_with(cut, phone, page, bad_network)

    assert len({NONCE.sub("", text) for text in bad_network.swallowed}) == 1
    assert rows() == ONCE


def test_control_without_one_key_for_one_try_a_retry_leaves_two_rows(
    room: Room, phone: Phone, bad_network: CuttingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful_attempt(**facts: object) -> Attempt:
        return Attempt(**{**facts, "uuid": random_token()})  # type: ignore[arg-type]

    monkeypatch.setattr(checkin_steps, "Attempt", forgetful_attempt)
    page = asked_who(phone, room)
    confirm_with(Cut.REPLY, phone, page, bad_network)

    phone.submit(page, page.form(CONFIRM))

    assert rows()["Scan"] == 2
    assert rows()["Mark"] == 1, "the mark has a constraint of its own"
