"""The trainer's board of a test: who may see it, what is polled, what each button does, what is refused."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core.db import db
from classroom.exams.models import Attempt, GatePass, Kiosk, Sitting
from classroom.exams.services.answering import close_due, submit
from classroom.exams.services.kiosks import ask_pairing
from classroom.exams.services.opening import end, pause
from classroom.attendance.models import Register
from classroom.core.errors import Refusal
from tests.desk.counting import statements
from tests.exams.hall import DEADLINE, GRACE, LIMIT, MINUTE, OPENED, SECOND, Hall, device
from tests.exams.making import RIGHT
from classroom.exams.rules.kinds import Kind
from tests.factories import StaffFactory, at, make_class, sign_in, vietnam
from tests.support.pages import check_page

JSON = {"Accept": "application/json"}
SOON = OPENED + MINUTE


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(4)


@pytest.fixture
def trainer(hall: Hall, client: FlaskClient) -> FlaskClient:
    return signed_in(client, hall.trainer)


def signed_in(client: FlaskClient, staff: Staff) -> FlaskClient:
    with at(OPENED - timedelta(hours=1)):
        return sign_in(client, staff)


def somebody(app: Flask, hall: Hall, *roles: str) -> FlaskClient:
    return signed_in(app.test_client(), hall.colleague(*roles))


def get(client: FlaskClient, path: str, when=SOON, status: int = 200) -> str:
    with at(when):
        answer = client.get(path)
    assert answer.status_code == status, answer.text
    if status == 200:
        check_page(answer.text)
    return answer.text


def post(client: FlaskClient, path: str, when=SOON, status: int = 303, **form: object) -> str:
    with at(when):
        answer = client.post(path, data=form)
    assert answer.status_code == status, answer.text
    if status == 303:
        return answer.location
    return answer.text


def board(hall: Hall) -> str:
    return f"/sittings/{hall.sitting}"


def steps(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'class="test-step"><p><strong>(\d+)<', page)]
