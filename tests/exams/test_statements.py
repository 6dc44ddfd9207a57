"""How much is said to the database while a whole room answers: each statement more is felt by a hundred phones."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.core.db import db
from classroom.core.signing import token_hash
from classroom.exams.queries.attempts import find_attempt
from classroom.exams.views.devices import Held
from classroom.exams.views.joining import seal_seat
from tests.attendance.counting import counted
from tests.exams.hall import MINUTE, OPENED, Hall
from tests.factories import at

TOKENS = ("the phone of the first learner", "the phone of the second one")


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


def phone(app: Flask, token: str) -> FlaskClient:
    client = app.test_client()
    client.set_cookie("phone", token)
    return client


def begin(hall: Hall, app: Flask, place: int) -> str:
    """The way that every phone of the room goes; the address of its attempt."""
    token = TOKENS[place]
    with at(OPENED):
        seat = seal_seat(hall.sitting, hall.learners[place], token_hash(token))
        answer = phone(app, token).post("/t/begin", data={"seat": seat})
    assert answer.status_code == 303, answer.text
    return str(answer.location)


def proof(address: str, token: str) -> str:
    attempt = find_attempt(address.removeprefix("/t/"), token_hash(token))
    assert attempt is not None
    return Held(attempt, token_hash(token), kiosk=False).proof


def said(statements: list[str]) -> tuple[int, int]:
    """Reads, and the others."""
    reads = [each for each in statements if each.startswith("SELECT")]
    return len(reads), len(statements) - len(reads)


def save(client: FlaskClient, address: str, proven: str, position: int) -> None:
    sent = {"answers": [{"i": position, "s": 1, "a": None}]}
    with at(OPENED + MINUTE):
        answer = client.post(
            f"{address}/save", data=json.dumps(sent), content_type="application/json", headers={"X-Proof": proven}
        )
    assert answer.get_json()["saved"] == [[position, 1]]


@pytest.mark.sqlite
def test_an_answer_is_saved_in_four_statements(hall: Hall, app: Flask) -> None:
    address = begin(hall, app, 0)
    client, proven = phone(app, TOKENS[0]), proof(address, TOKENS[0])
    save(client, address, proven, 0)
    with counted() as statements:
        save(client, address, proven, 1)
    assert said(statements) == (1, 3), "\n".join(statements)


@pytest.mark.sqlite
def test_an_attempt_begins_in_few_statements(hall: Hall, app: Flask) -> None:
    begin(hall, app, 0)
    with counted() as statements:
        begin(hall, app, 1)
    assert said(statements) == (8, 2), "\n".join(statements)


@pytest.mark.sqlite
def test_the_page_of_an_attempt_is_read_in_few_statements(hall: Hall, app: Flask) -> None:
    address = begin(hall, app, 0)
    with at(OPENED), counted() as statements:
        page = phone(app, TOKENS[0]).get(address)
    assert page.text.count('class="one-question"') == 7
    assert said(statements) == (5, 0), "\n".join(statements)


@pytest.mark.sqlite
def test_hearing_from_a_phone_is_read_in_few_statements(hall: Hall, app: Flask) -> None:
    address = begin(hall, app, 0)
    client, proven = phone(app, TOKENS[0]), proof(address, TOKENS[0])
    with at(OPENED), counted() as statements:
        told = client.post(f"{address}/save", json={"answers": []}, headers={"X-Proof": proven})
    assert told.get_json()["state"] == "running"
    assert said(statements) == (3, 0), "\n".join(statements)


def test_a_phone_that_lost_its_attempt_cannot_write_although_it_has_the_proof(hall: Hall, app: Flask) -> None:
    """The quick way of an answer asks less, and lets nobody through that the long one would stop."""
    address = begin(hall, app, 0)
    client, proven = phone(app, TOKENS[0]), proof(address, TOKENS[0])
    row = hall.row(address.removeprefix("/t/"))
    row.device_hash = token_hash("another phone")
    db.session.commit()
    sent = {"answers": [{"i": 0, "s": 1, "a": {"choice": "1"}}]}
    headers = {"X-Proof": proven, "Accept": "application/json"}
    with at(OPENED + MINUTE):
        answer = client.post(f"{address}/save", json=sent, headers=headers)
        heard = client.post(f"{address}/save", json={"answers": []}, headers=headers)
    assert (answer.status_code, answer.get_json()["error"]) == (409, "attempt.other_device")
    assert heard.status_code == 409
    assert hall.answers(address.removeprefix("/t/")) == {}
    assert [each[:2] for each in hall.strays(address.removeprefix("/t/"))] == [("other_device", 0)]


def test_the_proof_of_one_phone_or_attempt_is_worthless_for_another(hall: Hall, app: Flask) -> None:
    first, second = begin(hall, app, 0), begin(hall, app, 1)
    sent = {"answers": [{"i": 0, "s": 1, "a": {"choice": "1"}}]}
    for address, token, proven, status in [
        (second, TOKENS[0], proof(first, TOKENS[0]), 404),
        (second, TOKENS[0], proof(second, TOKENS[1]), 404),
        (first, TOKENS[0], proof(second, TOKENS[1]), 403),
        (first, TOKENS[0], "", 403),
    ]:
        with at(OPENED + MINUTE):
            answer = phone(app, token).post(f"{address}/save", json=sent, headers={"X-Proof": proven})
        assert answer.status_code == status
    assert hall.answers(first.removeprefix("/t/")) == hall.answers(second.removeprefix("/t/")) == {}
