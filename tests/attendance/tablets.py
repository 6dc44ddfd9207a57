"""A tablet as the server sees it: a cookie, items, answers."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.accounts import services as accounts
from classroom.accounts.models import Staff, Tablet
from classroom.attendance.models import Mark
from classroom.core.clock import now
from classroom.core.db import db
from classroom.inbox.models import InboxItem
from classroom.sessions.models import Enrolment, TrainingClass
from tests.factories import CourseFactory, ProgrammeFactory, StaffFactory, actor_for, make_class, sign_in

HEADERS = {"X-Tablet": "1"}


def ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


def make_taught(trainer: Staff, code: str = "L01", learners: int = 3, **facts: Any) -> TrainingClass:
    course = facts.pop("course", None) or CourseFactory(
        programme=ProgrammeFactory(organisation_id=trainer.organisation_id)
    )
    return make_class(course=course, code=code, trainer=trainer, learners=learners, **facts)


def make_trainer() -> Staff:
    return StaffFactory(role_names=("trainer",), name="Lê Văn Thầy")


def places(made: TrainingClass) -> list[Enrolment]:
    db.session.rollback()
    return list(db.session.scalars(select(Enrolment).where(Enrolment.class_id == made.id).order_by(Enrolment.id)))


def mark_of(place: Enrolment, session_number: int = 1) -> tuple[str, datetime | None] | None:
    db.session.rollback()
    row = db.session.execute(
        select(Mark.status, Mark.arrived_at)
        .join(Mark.__table__.metadata.tables["class_session"])
        .where(Mark.enrolment_id == place.id)
        .where(Mark.__table__.metadata.tables["class_session"].c.number == session_number)
    ).first()
    return (row[0], row[1]) if row else None


def waiting(kind: str = "attendance.quarantined") -> list[InboxItem]:
    db.session.rollback()
    asked = select(InboxItem).where(InboxItem.kind == kind, InboxItem.decided_at.is_(None))
    return list(db.session.scalars(asked.order_by(InboxItem.id)))


def scan(made: TrainingClass, at: datetime, kind: str = "picked", *, half: int = 0, **facts: Any) -> dict[str, Any]:
    return {
        "uuid": str(uuid4()),
        "kind": kind,
        "session": made.sessions[half].public_id,
        "at": ms(at),
        "ahead_ms": 0,
        **facts,
    }


class Device:
    """One enrolled tablet in front of the application; `given` are the classes whose rosters it has fetched."""

    def __init__(self, app: Flask, trainer: Staff, *given: TrainingClass, name: str = "Máy 01") -> None:
        coordinator = StaffFactory(role_names=("coordinator",), organisation=trainer.organisation)
        self.office = actor_for(coordinator)
        self.tablet, code = accounts.add_tablet(name, actor=self.office)
        self.client: FlaskClient = app.test_client()
        answer = self.client.post("/tablet/enrol", json={"code": code}, headers=HEADERS)
        assert answer.status_code == 200, answer.text
        sign_in(self.client, trainer)
        if given:
            answer = self.ask("rosters", classes=[one.public_id for one in given])
            assert answer.status_code == 200, answer.text

    def ask(self, what: str, **body: Any) -> Any:
        return self.client.post(f"/tablet/{what}", json=body, headers=HEADERS)

    def send(self, items: Iterable[Any], *, ahead: int | None = 0) -> list[dict[str, Any]]:
        answer = self.ask("items", sent_at=ms(now()), ahead_ms=ahead, items=list(items))
        assert answer.status_code == 200, answer.text
        answers: list[dict[str, Any]] = answer.json["answers"]
        return answers

    def outcomes(self, items: Iterable[Any], **how: Any) -> list[tuple[str, str]]:
        return [(one["outcome"], one["code"]) for one in self.send(items, **how)]

    def revoke(self) -> None:
        accounts.revoke_tablet(self.tablet.public_id, "mất", actor=self.office)

    def row(self) -> Tablet:
        db.session.rollback()
        return db.session.get_one(Tablet, self.tablet.id)
