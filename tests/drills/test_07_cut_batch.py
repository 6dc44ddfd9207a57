"""Drill 7 for tablets: the reply to a batch is cut after the commit; it comes again, and one row of each stays."""

from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException
from json import dumps, loads
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.attendance.models import Event, Scan, TabletItem
from classroom.attendance.rules import Item, read_item
from classroom.attendance.services.tablets import receiving
from classroom.core.clock import now
from classroom.core.db import db
from tests.attendance.tablets import HEADERS, Device, make_taught, make_trainer, ms, places, scan
from tests.factories import at, vietnam
from tests.support.proxy import Cut, CuttingProxy
from tests.support.serving import LiveServer

MORNING = vietnam(7, 31)


@pytest.fixture
def at_the_door(any_app: Flask) -> Iterator[None]:
    with at(vietnam(7, 40)):
        yield


@pytest.fixture
def batch(any_app: Flask, at_the_door: None) -> tuple[str, list[dict[str, Any]]]:
    """The tablet's cookie and what it has scanned."""
    trainer = make_trainer()
    made = make_taught(trainer, days=1)
    device = Device(any_app, trainer, made)
    cookie = device.client.get_cookie("tablet")
    assert cookie is not None
    items = [scan(made, MORNING, enrolment=place.public_id) for place in places(made)]
    return cookie.value, [*items, scan(made, MORNING, "unread", why="foreign")]


@pytest.fixture
def bad_network(any_app: Flask, batch: Any) -> Iterator[CuttingProxy]:
    server = LiveServer(any_app).start()
    with CuttingProxy(server.port) as proxy:
        yield proxy
    server.stop()


def post(port: int, cookie: str, items: list[dict[str, Any]]) -> Any:
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    body = dumps({"sent_at": ms(now()), "ahead_ms": 0, "items": items})
    heads = {"Cookie": f"tablet={cookie}", "Content-Type": "application/json", **HEADERS}
    try:
        line.request("POST", "/tablet/items", body, heads)
        return loads(line.getresponse().read())["answers"]
    finally:
        line.close()


def rows() -> dict[str, int]:
    db.session.rollback()
    return {table.__name__: db.session.scalar(select(func.count(table.id))) or 0 for table in (TabletItem, Scan, Event)}


ONCE = {"TabletItem": 4, "Scan": 4, "Event": 3}


@pytest.mark.parametrize("cut", [Cut.REPLY, Cut.MIDDLE])
def test_a_batch_whose_reply_was_cut_gets_the_same_answers_again(
    batch: Any, bad_network: CuttingProxy, cut: Cut
) -> None:
    cookie, items = batch
    bad_network.cuts["/tablet/items"] = cut
    with pytest.raises((OSError, HTTPException, ValueError)):
        post(bad_network.port, cookie, items)
    assert rows() == ONCE, "the server had committed when the line broke"
    again = [post(bad_network.port, cookie, items) for _ in range(3)]
    assert again == [loads(bad_network.swallowed[0])["answers"]] * 3
    assert rows() == ONCE


def test_control_without_the_tablets_own_number_a_retry_leaves_two_rows(
    batch: Any, bad_network: CuttingProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forgetful(sent: Any) -> Item:
        return read_item({**sent, "uuid": str(uuid4())})

    monkeypatch.setattr(receiving, "read_item", forgetful)
    cookie, items = batch
    bad_network.cuts["/tablet/items"] = Cut.REPLY
    with pytest.raises((OSError, HTTPException)):
        post(bad_network.port, cookie, items)
    post(bad_network.port, cookie, items)
    assert rows()["TabletItem"] == 8
