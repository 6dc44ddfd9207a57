"""The page of a programme's progress, and the list of people to call."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from classroom.accounts.models import Organisation
from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.desk.queries.progress import course_progress
from classroom.sessions.models import Course
from tests.desk.counting import statements
from tests.factories import StaffFactory, at, sign_in, vietnam
from tests.support.deciding import Deciding

DAY = date(2026, 10, 9)


@pytest.fixture
def world(app: Flask) -> Deciding:
    return Deciding()


def page_of(app: Flask, world: Deciding, path: str = "progress", role: str = "coordinator") -> TestResponse:
    organisation = db.session.get_one(Organisation, world.course.organisation_id)
    client = sign_in(app.test_client(), StaffFactory(role_names=[role], organisation=organisation))
    with at(vietnam(9, day=DAY)):
        return client.get(f"/programmes/{world.course.programme.public_id}/{path}")


def test_the_page_names_who_is_at_risk_and_the_reasons(app: Flask, world: Deciding) -> None:
    late = world.online(completed_at=None, progress=Decimal(40)).learner
    fine = world.online().learner
    assert late
    assert fine
    world.saved()
    page = page_of(app, world).get_data(as_text=True)
    assert late.name in page
    assert fine.name not in page
    assert "Trực tuyến: sắp hết hạn, chưa hoàn thành" in page
    assert late.name not in page_of(app, world, "progress?reason=test.failed").get_data(as_text=True)


def test_the_list_to_call_holds_whole_numbers_and_is_written_down(app: Flask, world: Deciding) -> None:
    world.online(world.learner(phone="+84912345678", name="=Nguyễn An"), completed_at=None, progress=Decimal(40))
    answer = page_of(app, world, "contacts.xlsx")
    rows = list(load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True))  # type: ignore[union-attr]
    told = [cell for row in rows for cell in row]
    assert "0912 345 678" in told or "0912345678" in told
    assert "khóa học trực tuyến, tiến độ 40%" in told
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert entry.action == "programme.contacts_exported"


def test_who_only_reads_sees_the_last_digits_and_takes_no_list_out(app: Flask, world: Deciding) -> None:
    world.online(world.learner(phone="+84912345678"), completed_at=None)
    page = page_of(app, world, role="viewer").get_data(as_text=True)
    assert "… 678" in page
    assert "contacts.xlsx" not in page
    assert page_of(app, world, "contacts.xlsx", role="viewer").status_code == 403


def test_more_people_need_no_more_statements(app: Flask, world: Deciding) -> None:
    course = world.course

    def count() -> int:
        db.session.expire_all()
        with statements() as sent:
            course_progress(db.session.get_one(Course, course.id), "Asia/Ho_Chi_Minh", vietnam(9, day=DAY))
        return len(sent)

    world.in_class(3)
    world.online()
    few = count()
    for _ in range(5):
        world.in_class(2)
        world.online(completed_at=None)
    assert count() == few


def test_who_was_merged_away_is_not_counted(app: Flask, world: Deciding) -> None:
    learner = world.online().learner
    assert learner
    learner.annulled_at = vietnam(8)
    db.session.commit()
    assert course_progress(world.course, "Asia/Ho_Chi_Minh", vietnam(9, day=DAY)).progress.online.invited == 0
