"""A class that sits a test now, seen by its phones and by the devices of its room."""

import re
from datetime import timedelta
from threading import Event
from typing import Any

from flask import Flask
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from classroom.attendance import queries as attendance
from classroom.attendance import services as attending
from classroom.attendance.models import Register
from classroom.attendance.rules import Purpose, Status, bucket_of, room_code
from classroom.attendance.services import Choice, Decision
from classroom.core.clock import now, today
from classroom.core.db import db
from classroom.exams.models import Attempt, Response
from classroom.exams.queries.sittings import board_rows, get_sitting
from classroom.exams.services.devices import hand_over
from classroom.exams.services.opening import open_sitting
from classroom.learners.models import Learner
from classroom.sessions.models import Enrolment
from tests.exams.making import make_paper
from tests.factories import StaffFactory, actor_for, make_class

SAVED = re.compile(r"Đã lưu lúc \d\d:\d\d:\d\d")


class Exam:
    """A class that sits a test now."""

    def __init__(self, learners: int = 4, **terms: Any) -> None:
        trainer = StaffFactory(role_names=("trainer",), name="Lê Văn Thầy")
        made = make_class(trainer=trainer, first_day=today("Asia/Ho_Chi_Minh"), days=1, learners=learners)
        trainer.organisation_id = made.organisation_id
        first = made.sessions[0]
        first.starts_at, first.ends_at = now() - timedelta(minutes=5), now() + timedelta(hours=2)
        db.session.commit()
        self.actor, self.session, self.session_id = actor_for(trainer), first.public_id, first.id
        rows = db.session.scalars(select(Enrolment).where(Enrolment.class_id == made.id).order_by(Enrolment.id)).all()
        self.learners: list[Learner] = [row.learner for row in rows]
        self.codes = [learner.code for learner in self.learners]
        self.ids = [learner.public_id for learner in self.learners]
        lines = attendance.register_lines(attendance.get_session_facts(self.actor, self.session))
        seen = [Choice(line.enrolment, line.event) for line in lines]
        attending.mark_by_hand(self.session, seen, Decision(Status.PRESENT, "seen"), actor=self.actor)
        paper = make_paper(made.course, shuffle_options=False, **terms).public_id
        self.sitting = open_sitting(self.session, paper, actor=self.actor)
        db.session.rollback()

    def door(self) -> str:
        """Where the code on the wall leads."""
        secret = db.session.scalars(select(Register.secret).where(Register.class_session_id == self.session_id)).one()
        db.session.rollback()
        return "/A/" + room_code(secret, self.session, Purpose.TEST, bucket_of(now(), 10))

    def come(self, phone: Page, place: int) -> Page:
        """Scan and say who one is."""
        phone.goto(self.door())
        phone.get_by_label("Mã học viên").fill(self.codes[place])
        phone.get_by_role("button", name="Tiếp tục").click()
        phone.get_by_role("button", name="Đúng, vào làm bài").click()
        return phone

    def begin(self, phone: Page, place: int) -> Page:
        self.come(phone, place).get_by_role("button", name="Bắt đầu làm bài").click()
        expect(phone.locator("[data-time]")).to_be_visible()
        return phone

    def answers(self, place: int) -> dict[int, Any]:
        db.session.rollback()
        query = select(Response.position, Response.answer).join(Attempt).join(Learner, Learner.id == Attempt.learner_id)
        return {row[0]: row[1] for row in db.session.execute(query.where(Learner.public_id == self.ids[place]))}

    def attempt(self, place: int) -> Attempt:
        db.session.rollback()
        query = select(Attempt).join(Learner, Learner.id == Attempt.learner_id)
        return db.session.scalars(query.where(Learner.public_id == self.ids[place])).one()


def choose(phone: Page, text: str) -> None:
    phone.locator(".question:visible").get_by_text(text, exact=True).click()


def step(phone: Page) -> None:
    phone.get_by_role("button", name="Tiếp").click()


def saved(phone: Page) -> None:
    expect(phone.locator("[data-saved]")).to_have_text(SAVED)


class Arrivals:
    """Tells when the server has answered what a page sent, also where no page is left that could."""

    def __init__(self, app: Flask, ending: str) -> None:
        self._inner, self._ending, self._came = app.wsgi_app, ending, Event()
        app.wsgi_app = self  # type: ignore[method-assign]

    def __call__(self, environ: Any, start: Any) -> Any:
        answer = self._inner(environ, start)
        if environ["PATH_INFO"].endswith(self._ending):
            self._came.set()
        return answer

    def wait(self) -> bool:
        return self._came.wait(15)


def later(route: Route) -> None:
    """The server's answer, as it would be late in the evening."""
    answer = route.fetch()
    route.fulfill(response=answer, json={**answer.json(), "time": "23:59:59"})


def without_heartbeats(route: Route) -> None:
    """Lets answers through and nothing else, so that a page learns what has become of it by its next answer."""
    if route.request.post_data_json["answers"]:
        route.continue_()
    else:
        route.abort()


def time_is_up(route: Route) -> None:
    """The server's answer, as it would be right after the deadline."""
    answer = route.fetch()
    told = answer.json()
    route.fulfill(response=answer, json={**told, "deadline": told["now"]})


def asking(exam: Exam) -> str:
    """The device that asks now."""
    db.session.rollback()
    asks = [ask for row in board_rows(get_sitting(exam.actor, exam.sitting)) for ask in row.asks]
    return str(asks[0].public_id)


def give(exam: Exam) -> None:
    """Let the device that asks take over."""
    hand_over(exam.sitting, asking(exam), actor=exam.actor)
    db.session.rollback()
