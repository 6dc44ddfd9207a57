"""A learner's own page."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.attendance.models import Mark
from classroom.core.db import db
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.phoning import Phone, first_session, phone_number, seat
from tests.factories import EnrolmentFactory, RoomFactory, VenueFactory, at, make_class, vietnam


@pytest.fixture
def made(app: Flask) -> TrainingClass:
    return make_class(learners=1)


@pytest.fixture
def phone(app: Flask, made: TrainingClass) -> Phone:
    """A phone that has checked in to the first half-day."""
    phone = Phone(app)
    with at(vietnam(7, 38)):
        phone.check_in(first_session(made), phone_number(made))
    return phone


def mark(class_session: ClassSession, enrolment_id: int, status: str) -> None:
    db.session.add(
        Mark(
            organisation_id=class_session.organisation_id,
            class_session_id=class_session.id,
            enrolment_id=enrolment_id,
            status=status,
            updated_at=class_session.starts_at,
        )
    )
    db.session.commit()


def test_the_page_says_what_was_attended_and_what_is_still_needed(phone: Phone, made: TrainingClass) -> None:
    with at(vietnam(12)):
        page = phone.open("/me")
    assert "Có mặt 07:38" in page
    assert "Đã dự 1/1 buổi, cần 5/6" in page
    assert "Còn cần dự 4 buổi." in page


def test_the_page_tells_where_and_when_the_next_half_day_is(phone: Phone, made: TrainingClass) -> None:
    venue = VenueFactory(organisation_id=made.organisation_id, name="Trung tâm Văn hóa", address="12 Lê Lợi, Vinh")
    made.sessions[1].room_id = RoomFactory(venue=venue, name="Phòng 2").id
    db.session.commit()
    with at(vietnam(12)):
        page = phone.open("/me")
    for words in ("13:30, chiều 12/10/2026", "Phòng 2", "Trung tâm Văn hóa", "12 Lê Lợi, Vinh"):
        assert words in page


def test_five_of_six_are_enough(phone: Phone, made: TrainingClass) -> None:
    for half_day in made.sessions[1:5]:
        mark(half_day, seat(made).id, "late")
    with at(vietnam(12, day=date(2026, 10, 14))):
        assert "Đã dự đủ số buổi." in phone.open("/me")


def test_two_missed_half_days_are_told_kindly(phone: Phone, made: TrainingClass) -> None:
    for half_day in made.sessions[1:3]:
        mark(half_day, seat(made).id, "absent")
    with at(vietnam(12, day=date(2026, 10, 13))):
        page = phone.open("/me")
    assert "Lớp này không còn đủ số buổi" in page
    assert "Vắng" in page


def test_a_half_day_made_up_in_another_class_counts(phone: Phone, made: TrainingClass) -> None:
    other = make_class(course=made.course)
    mark(made.sessions[1], seat(made).id, "absent")
    mark(other.sessions[1], seat(made).id, "present")
    with at(vietnam(18)):
        page = phone.open("/me")
    assert "Đã dự 2/2 buổi, cần 5/6" in page
    assert "học ghép lớp khác" in page


def test_a_phone_that_nobody_identified_on_sees_nobody(app: Flask, phone: Phone, made: TrainingClass) -> None:
    stranger = Phone(app)
    for path in ("/me", f"/me?who={seat(made).learner.public_id}"):
        page = stranger.open(path)
        assert stranger.status == 200
        assert seat(made).learner.name not in page
        assert "Máy này chưa biết ông/bà" in page
    stranger.client.set_cookie("phone", "made up")
    assert seat(made).learner.name not in stranger.open("/me")


def test_the_choice_offers_those_of_this_phone_only(app: Flask, phone: Phone, made: TrainingClass) -> None:
    other = EnrolmentFactory(training_class=made).learner
    page = phone.open(f"/me?who={other.public_id}")
    assert other.name not in page
    assert seat(made).learner.name in page


def test_two_learners_on_one_phone_choose(phone: Phone, made: TrainingClass) -> None:
    spouse = EnrolmentFactory(training_class=made).learner
    with at(vietnam(7, 40)):
        phone.press("start")
        phone.press("identify", who=spouse.code)
        phone.press("confirm")
    page = phone.open("/me")
    assert "Xem điểm danh của ai?" in page
    assert "Có mặt" not in page
    assert "Có mặt 07:38" in phone.open(f"/me?who={spouse.public_id}")


def test_opening_the_page_needs_no_sign_in_and_is_kept_by_nobody(phone: Phone) -> None:
    phone.open("/me")
    assert phone.page is not None
    assert phone.page.headers["Cache-Control"] == "no-store"
    assert db.session.scalars(select(Mark)).one().status == "present"
