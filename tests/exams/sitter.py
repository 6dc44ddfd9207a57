"""A learner with a phone who sits a test, as pages and the script see it."""

import json
import re
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from classroom.attendance.rules import Purpose
from classroom.core.db import db
from classroom.exams.models import Attempt
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession
from tests.attendance.phoning import Phone, code_of
from tests.exams.hall import OPENED, Hall
from tests.factories import at


class Sitter:
    """A learner with a phone, from the room's code on."""

    def __init__(self, hall: Hall, app: Flask, place: int = 0) -> None:
        self.hall, self.phone, self.place = hall, Phone(app), place
        self.client = self.phone.client

    @property
    def learner(self) -> Learner:
        return db.session.scalars(select(Learner).where(Learner.public_id == self.hall.learners[self.place])).one()

    def come(self, when: datetime = OPENED) -> str:
        """Scan, say who one is, stand before the first question: the page's text."""
        with at(when):
            self.phone.open(code_of(self._session(), purpose=Purpose.TEST))
            try:
                self.phone.press("identify", who=self.learner.code)
                answer = self.client.post("/checkin/confirm", data=self.phone.form("confirm"))
            except (KeyError, StopIteration, AssertionError, IndexError):
                answer = self.client.post("/checkin/mark", data=self.phone.form("mark"))
            return self.follow(answer)

    def begin(self, when: datetime = OPENED) -> str:
        page = self.come(when)
        with at(when):
            return self.follow(self.client.post("/t/begin", data={"seat": field(page, "seat")}))

    @property
    def attempt(self) -> str:
        """The attempt's address, `/t/…`."""
        db.session.rollback()
        found = db.session.scalars(select(Attempt).where(Attempt.learner_id == self.learner.id).order_by(Attempt.id))
        return "/t/" + list(found)[-1].public_id

    def look(self, when: datetime, page: str = "") -> TestResponse:
        with at(when):
            return self.client.get(self.attempt + page)

    def send(self, when: datetime, answers: Any, proof: str | None = None) -> TestResponse:
        """As the script does."""
        proof = proof if proof is not None else self.proof(when)
        with at(when):
            return self.client.post(
                self.attempt + "/save",
                data=json.dumps({"answers": answers}),
                headers={"Content-Type": "application/json", "Accept": "application/json", "X-Proof": proof},
            )

    def named(self, position: int, *ids: str) -> list[str]:
        """What the page calls these options."""
        order = self.hall.row(self.attempt.removeprefix("/t/")).items[position]["o"]
        return [str(order.index(each) + 1) for each in ids]

    def choice(self, position: int, option: str) -> dict[str, str]:
        """What the script sends for one option."""
        return {"choice": self.named(position, option)[0]}

    def proof(self, when: datetime = OPENED) -> str:
        return data(self.look(when).text, "proof")

    def follow(self, answer: TestResponse) -> str:
        for _ in range(5):
            if answer.status_code != 303:
                break
            answer = self.client.get(answer.location)
        self.last = answer
        return answer.text

    def _session(self) -> ClassSession:
        return db.session.scalars(select(ClassSession).where(ClassSession.public_id == self.hall.session)).one()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page[:2000]
    return found[1]


def data(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found, page[:2000]
    return found[1]
