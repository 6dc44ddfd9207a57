"""The trainer takes in who is on no list; whoever looks like somebody known is shown first."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.attendance import queries
from classroom.attendance.models import CheckinRequest, Mark
from classroom.attendance.rules import Status
from classroom.core.db import db
from classroom.sessions.models import Enrolment, TrainingClass
from tests.factories import (
    CourseFactory,
    EnrolmentFactory,
    LearnerFactory,
    ProgrammeFactory,
    StaffFactory,
    at,
    make_class,
    sign_in,
    vietnam,
)
from tests.support.pages import check_page

NEW = {"name": "Hồ Thị Mới", "unit": "UBND xã Tân Kỳ"}


@pytest.fixture
def trainer(app: Flask) -> Staff:
    return StaffFactory(role_names=("trainer",))


@pytest.fixture
def l01(trainer: Staff) -> TrainingClass:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=trainer.organisation_id))
    return make_class(course=course, code="L01", trainer=trainer, days=1, learners=2)


@pytest.fixture
def tablet(app: Flask, trainer: Staff) -> FlaskClient:
    return sign_in(app.test_client(), trainer)


def path(made: TrainingClass) -> str:
    return f"/sessions/{made.sessions[0].public_id}"


def mark_of(name: str) -> Mark:
    db.session.rollback()
    place = db.session.scalars(select(Enrolment).where(Enrolment.learner.has(name=name))).one()
    return db.session.scalars(select(Mark).where(Mark.enrolment_id == place.id)).one()


def test_a_walk_in_is_marked_and_the_counts_add_up(tablet: FlaskClient, l01: TrainingClass) -> None:
    with at(vietnam(7, 40)):
        check_page(tablet.get(f"{path(l01)}/walk-in").text)
        answer = tablet.post(f"{path(l01)}/walk-in", data=NEW)
        assert answer.status_code == 303
        board = tablet.get(answer.location).text
        check_page(board)
        assert "Hồ Thị Mới (ghi danh tại chỗ)" in board
        assert re.search(r'counts-main">1 <small>/ 3', board)
        register = tablet.get(f"{path(l01)}/register").text
        check_page(register)
        assert "ghi danh tại chỗ" in register
    assert mark_of("Hồ Thị Mới").status == "present"


def test_who_walks_in_late_is_late(tablet: FlaskClient, l01: TrainingClass) -> None:
    with at(vietnam(8, 30)):
        tablet.post(f"{path(l01)}/walk-in", data=NEW)
    assert mark_of("Hồ Thị Mới").status == "late"


def test_before_the_opening_nobody_walks_in(tablet: FlaskClient, l01: TrainingClass) -> None:
    with at(vietnam(5)):
        answer = tablet.post(f"{path(l01)}/walk-in", data=NEW)
        assert answer.status_code == 409
        check_page(answer.text)
        assert 'value="Hồ Thị Mới"' in answer.text


def test_a_namesake_is_shown_first_and_never_chosen_by_itself(tablet: FlaskClient, l01: TrainingClass) -> None:
    known = EnrolmentFactory(training_class=l01)
    known.learner.name, known.learner.name_fold = "Hồ Thị Mới", "ho thi moi"
    db.session.commit()
    with at(vietnam(7, 40)):
        asked = tablet.post(f"{path(l01)}/walk-in", data=NEW)
        assert asked.status_code == 409
        check_page(asked.text)
        tap = re.search(r'name="tap" value="(present\.[^"]+)"', asked.text)
        assert tap is not None
        assert known.public_id in tap[1]
        seen = re.search(r'name="seen" value="([^"]+)"', asked.text)
        assert seen is not None
        assert tablet.post(f"{path(l01)}/walk-in", data={**NEW, "seen": seen[1]}).status_code == 303
    assert db.session.scalar(select(Mark).where(Mark.enrolment_id == known.id)) is None


def test_a_phone_that_is_known_shows_whose_it_is(tablet: FlaskClient, l01: TrainingClass) -> None:
    known = EnrolmentFactory(training_class=l01)
    number = "0" + known.learner.phone[3:]
    with at(vietnam(7, 40)):
        answer = tablet.post(f"{path(l01)}/walk-in", data={**NEW, "phone": number})
    assert answer.status_code == 409


def test_a_request_of_a_phone_becomes_a_walk_in_with_the_time_of_its_scan(
    tablet: FlaskClient, l01: TrainingClass
) -> None:
    one = l01.sessions[0]
    asked = CheckinRequest(
        organisation_id=one.organisation_id, class_session_id=one.id, number=381, name="Lan Hoang", grant_nonce="n",
        browser_hash=b"x" * 32, source="room_code", scanned_at=vietnam(7, 31), created_at=vietnam(7, 32),
    )  # fmt: skip
    db.session.add(asked)
    db.session.commit()
    with at(vietnam(7, 58)):
        page = tablet.get(f"{path(l01)}/walk-in?request={asked.public_id}").text
        check_page(page)
        assert 'value="Lan Hoang"' in page
        data = {"name": "Hoàng Thị Lan", "request": asked.public_id}
        assert tablet.post(f"{path(l01)}/walk-in", data=data).status_code == 303
    mark = mark_of("Hoàng Thị Lan")
    assert (mark.status, mark.arrived_at) == ("present", vietnam(7, 31))
    db.session.refresh(asked)
    assert asked.decision == "matched"


def test_what_is_typed_wrong_is_said_at_its_field_and_kept(tablet: FlaskClient, l01: TrainingClass) -> None:
    with at(vietnam(7, 40)):
        answer = tablet.post(f"{path(l01)}/walk-in", data={**NEW, "id_number": "12", "birth": "hôm qua"})
    assert answer.status_code == 422
    check_page(answer.text)
    assert 'value="Hồ Thị Mới"' in answer.text


def test_a_card_that_is_known_in_another_class_makes_a_guest(tablet: FlaskClient, l01: TrainingClass) -> None:
    other = make_class(course=l01.course, code="L02", days=1)
    learner = LearnerFactory(organisation_id=l01.organisation_id, id_number="040185012345")
    EnrolmentFactory(training_class=other, learner=learner)
    with at(vietnam(7, 40)):
        answer = tablet.post(f"{path(l01)}/walk-in", data={"name": "Ai Đó", "id_number": "040185012345"})
        assert "như học bù" in tablet.get(answer.location).text
        facts = queries.find_session_facts(l01.sessions[0].public_id)
        assert facts is not None
        lines = queries.register_lines(facts)
    assert [(line.on_roster, line.status) for line in lines if line.learner == learner.public_id] == [
        (False, Status.PRESENT)
    ]
