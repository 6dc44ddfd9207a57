"""A learner's phone, as a test holds it: it keeps its cookie, reads what a page offers and presses its buttons."""

import html
import re
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from classroom.attendance.models import Register
from classroom.attendance.rules import Purpose, bucket_of, fixed_code, room_code, typed_code
from classroom.attendance.rules.typed import TYPED_STEP
from classroom.core.clock import now
from classroom.core.db import db
from classroom.sessions.models import ClassSession, Enrolment, TrainingClass

_FORM = re.compile(r'<form method="post" action="([^"]+)"([^>]*)>(.*?)</form>', re.DOTALL)
_VALUE = re.compile(r'<(?:input|button)[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', re.DOTALL)


def first_session(made: TrainingClass) -> ClassSession:
    return min(made.sessions, key=lambda each: each.number)


def seats(made: TrainingClass) -> list[Enrolment]:
    return list(db.session.scalars(select(Enrolment).where(Enrolment.class_id == made.id).order_by(Enrolment.id)))


def seat(made: TrainingClass) -> Enrolment:
    return seats(made)[0]


def phone_number(made: TrainingClass) -> str:
    """What the first learner of the class would type."""
    return "0" + seat(made).learner.phone.removeprefix("+84")


def secret_of(class_session: ClassSession) -> bytes:
    return db.session.scalars(select(Register.secret).where(Register.class_session_id == class_session.id)).one()


def code_of(
    class_session: ClassSession, at: datetime | None = None, purpose: Purpose = Purpose.IN, ago: int = 0
) -> str:
    """The path that the screen shows now, or showed `ago` buckets earlier."""
    bucket = bucket_of(at or now(), class_session.training_class.code_period) - ago
    return "/A/" + room_code(secret_of(class_session), class_session.public_id, purpose, bucket)


def poster_of(class_session: ClassSession) -> str:
    return "/F/" + fixed_code(secret_of(class_session), class_session.public_id)


def typed_of(class_session: ClassSession) -> str:
    return typed_code(secret_of(class_session), bucket_of(now(), TYPED_STEP))


class Phone:
    """One browser on one phone."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.page: TestResponse | None = None

    def open(self, path: str) -> str:
        return self._read(self.client.get(path))

    def type_code(self, code: str) -> str:
        return self._read(self.client.post("/k", data={"code": code}))

    def press(self, step: str, index: int = 0, **typed: str) -> str:
        """Send the form that goes to `/checkin/<step>`, with what it holds and what is typed."""
        data = {**self.form(step, index), **typed}
        response = self.client.post(f"/checkin/{step}", data=data)
        return self.open(response.location) if response.status_code == 303 else self._read(response)

    def form(self, step: str, index: int = 0) -> dict[str, str]:
        """What the page would send to `/checkin/<step>`."""
        forms = [inner for action, _, inner in _FORM.findall(self.text) if action == f"/checkin/{step}"]
        return {name: html.unescape(value) for name, value in _VALUE.findall(forms[index])}

    def offers(self, step: str) -> int:
        return sum(action == f"/checkin/{step}" for action, _, _ in _FORM.findall(self.text))

    def check_in(self, class_session: ClassSession, who: str) -> str:
        """The whole first visit: scan, say who, confirm."""
        self.open(code_of(class_session))
        self.press("identify", who=who)
        return self.press("confirm")

    @property
    def text(self) -> str:
        assert self.page is not None
        return html.unescape(self.page.get_data(as_text=True))

    @property
    def status(self) -> int:
        assert self.page is not None
        return self.page.status_code

    def _read(self, page: TestResponse) -> str:
        self.page = page
        return self.text
