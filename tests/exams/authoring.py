"""What the pages of the question bank and of papers are sent by a browser, and how they are looked at."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classroom.accounts.models import Organisation
from classroom.core.db import db
from classroom.exams.models import Paper
from classroom.exams.queries.papers import get_paper
from classroom.exams.rules.kinds import Content, Kind
from tests.exams.making import BODIES
from tests.factories import StaffFactory, actor_for, sign_in

CONTENT = Content(Kind.SINGLE, "Thủ đô của **Việt Nam**?", BODIES[Kind.SINGLE])
XSS = "<script>alert(1)</script>"


def single(**changes: Any) -> dict[str, Any]:
    """What the page of a good single-choice question sends."""
    return {
        "kind": "single",
        "text": "Đâu là trình duyệt?",
        "option-id": ["k", "m", "p"],
        "option-text": ["Word", "Chrome", ""],
        "option-weight": ["", "", ""],
        "option-feedback": ["", "", ""],
        "right": "m",
        "topic": "Trình duyệt",
        "course": "",
        **changes,
    }


def how_many(table: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(table.id))) or 0


def browser(app: Flask, organisation: Organisation, role: str = "coordinator") -> FlaskClient:
    """A browser in which somebody of the organisation is signed in."""
    return sign_in(app.test_client(), StaffFactory(organisation=organisation, role_names=(role,)))


def followed(client: FlaskClient, address: str) -> Any:
    """The page, or the one it leads to."""
    answer = client.get(address)
    return client.get(answer.location) if answer.status_code == 303 else answer


def fresh_paper(paper: Paper) -> Paper:
    """As the database has it now."""
    db.session.rollback()
    coordinator = StaffFactory(organisation=db.session.get(Organisation, paper.organisation_id))
    return get_paper(actor_for(coordinator), paper.public_id)
