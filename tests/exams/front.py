"""A hall with its trainer in front of it, seen through the pages."""

import re
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from tests.exams.hall import MINUTE, OPENED, Hall
from tests.factories import at, sign_in
from tests.support.pages import check_page

JSON = {"Accept": "application/json"}
SOON = OPENED + MINUTE


def signed_in(client: FlaskClient, staff: Staff) -> FlaskClient:
    with at(OPENED - timedelta(hours=1)):
        return sign_in(client, staff)


def colleague(app: Flask, hall: Hall, *roles: str) -> FlaskClient:
    """Another member of staff of the same organisation, at a browser of their own."""
    return signed_in(app.test_client(), hall.colleague(*roles))


def read(client: FlaskClient, path: str, when: datetime = SOON) -> str:
    """A good page, checked."""
    with at(when):
        answer = client.get(path)
    assert answer.status_code == 200, answer.text
    check_page(answer.text)
    return answer.text


def status(client: FlaskClient, path: str, when: datetime = SOON) -> int:
    with at(when):
        return client.get(path).status_code


def send(client: FlaskClient, path: str, when: datetime = SOON, **form: Any) -> tuple[int, str]:
    """The status of an answer, and where it leads, or what it says."""
    with at(when):
        answer = client.post(path, data=form)
    if answer.status_code < 400 and answer.location:
        return answer.status_code, answer.location
    check_page(answer.text)
    return answer.status_code, answer.text


def steps(page: str) -> list[int]:
    """In the room, may begin, begun, finished."""
    return [int(number) for number in re.findall(r'class="test-step"><p><strong>(\d+)<', page)]


def needs(page: str) -> list[str]:
    """The keys of what waits for the trainer: d device, s silent, b barred, l late answers."""
    return [key[0] for key in re.findall(r'<li class="request [^"]*" data-key="([^"]+)"', page)]


def words_of(page: str, name: str) -> str:
    """All that the list says about one learner."""
    rows = re.findall(r'<li class="person test-person".*?</li>', page, re.DOTALL)
    (row,) = [row for row in rows if name in row]
    return " ".join(re.sub(r"<[^>]+>", " ", row).split())
