"""The first page says what is on and what is next, to everybody what is theirs."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.core.db import db
from tests.desk.conftest import Town, mark, settle
from tests.desk.counting import statements
from tests.factories import CourseFactory, OrganisationFactory, ProgrammeFactory, StaffFactory, at, make_class
from tests.support.pages import check_page

Visit = Callable[[Staff], FlaskClient]


def read(client: FlaskClient, moment: datetime) -> str:
    with at(moment):
        answer = client.get("/today")
    assert answer.status_code == 200
    check_page(answer.text)
    return answer.text


def test_a_trainer_sees_the_own_class_with_one_big_button_and_no_other(town: Town, visit: Visit, midday: datetime):
    page = read(visit(town.trainer), midday)
    assert "Lớp L01" in page
    assert "Lớp L02" not in page
    assert page.count("btn-primary btn-big") == 1
    assert f'href="/sessions/{town.session(3).public_id}/board"' in page


def test_a_coordinator_sees_every_class_with_its_numbers(town: Town, visit: Visit, midday: datetime):
    for enrolment in town.roster()[:5]:
        mark(town.session(3), enrolment, "present")
    page = read(visit(town.coordinator), midday)
    assert "Lớp L01" in page
    assert "Lớp L02" in page
    assert "5 / 12" in page
    assert "0 / 3" in page


def test_yesterdays_register_is_brought_up_until_it_is_signed_off(town: Town, visit: Visit, midday: datetime):
    settle(town.session(1), signed_off_by=town.trainer)
    page = read(visit(town.trainer), midday)
    assert "Chưa ký xác nhận" in page
    assert f"/sessions/{town.session(2).public_id}/board" in page
    assert f"/sessions/{town.session(1).public_id}/board" not in page


def test_a_viewer_finds_nothing_to_do(town: Town, visit: Visit, midday: datetime):
    page = read(visit(town.viewer), midday)
    assert "Mở điểm danh" not in page
    assert 'id="unsettled"' not in page


def test_an_administrator_is_led_to_the_administration(town: Town, visit: Visit, midday: datetime):
    assert 'href="/admin/staff">Mở trang quản trị' in read(visit(town.administrator), midday)
    assert "Mở trang quản trị" not in read(visit(town.coordinator), midday)


def test_a_cancelled_session_says_why(town: Town, visit: Visit, midday: datetime):
    one = town.session(3)
    one.cancelled_at, one.cancel_reason = one.starts_at - timedelta(days=1), "Bão số 5"
    db.session.commit()
    page = read(visit(town.trainer), midday)
    assert "Bão số 5" in page
    assert f"/sessions/{one.public_id}/board" not in page


@pytest.mark.parametrize(
    ("steps", "words"),
    [(0, "Tạo chương trình đầu tiên"), (1, "Lên lịch lớp đầu tiên"), (2, "Hôm nay không có buổi học nào")],
)
def test_an_empty_day_says_the_next_step(app: Flask, visit: Visit, midday: datetime, steps: int, words: str):
    organisation = OrganisationFactory()
    if steps:
        programme = ProgrammeFactory(organisation_id=organisation.id)
        if steps > 1:
            make_class(course=CourseFactory(programme=programme), days=1)
    assert words in read(visit(StaffFactory(organisation=organisation)), midday)


def test_a_trainer_without_a_class_is_told_who_names_trainers(app: Flask, visit: Visit, midday: datetime):
    assert "chưa được phân lớp nào" in read(visit(StaffFactory(role_names=("trainer",))), midday)


def test_another_organisations_day_is_not_shown(town: Town, visit: Visit, midday: datetime):
    assert "L01" not in read(visit(town.stranger), midday)


def test_a_day_of_many_classes_costs_no_more_questions(town: Town, visit: Visit, midday: datetime):
    client = visit(town.coordinator)
    read(client, midday)
    with statements() as few:
        read(client, midday)
    for _ in range(6):
        make_class(course=town.course, learners=2)
    with statements() as many:
        read(client, midday)
    assert len(many) == len(few) <= 14
