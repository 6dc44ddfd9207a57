"""The pages on a learner's phone, from the code to the green answer, without scripts."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.attendance.models import Mark, Register
from classroom.core.db import db
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.counting import counted, rows
from tests.attendance.phoning import (
    Phone,
    code_of,
    first_session,
    phone_number,
    poster_of,
    seats,
)
from tests.factories import at, make_class, vietnam


def test_a_first_visit_goes_from_the_code_to_the_green_page(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 38)):
        assert "Mã học viên, số điện thoại hoặc số CCCD" in phone.open(code_of(half_day))
        shown = phone.press("identify", who=phone_number(made))
        assert "Nguyễn Văn Học" in shown
        assert phone_number(made) not in shown
        done = phone.press("confirm")
    assert "Đã có mặt lúc 07:38" in done
    assert "result-success" in done
    assert "Đã dự 1/1 buổi, cần 5/6" in done


def test_the_next_visit_asks_nothing_and_one_button_is_enough(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 38)):
        phone.check_in(half_day, phone_number(made))
    afternoon = made.sessions[1]
    with at(vietnam(13, 50)):
        page = phone.open(code_of(afternoon))
        assert "data-send-now" in page
        assert "checkin-" in page
        done = phone.press("mark")
    assert "Đã điểm danh: đến muộn lúc 13:50" in done
    assert "result-attention" in done
    assert "Đã dự 2/2 buổi, cần 5/6" in done


def test_opening_a_code_writes_nothing(phone: Phone, half_day: ClassSession) -> None:
    version = select(Register.version).where(Register.class_session_id == half_day.id)
    before = rows(), db.session.scalar(version)
    with at(vietnam(7, 38)):
        for path in (code_of(half_day), poster_of(half_day), code_of(half_day, ago=9), "/A/x", "/k", "/", "/me"):
            phone.open(path)
    assert (rows(), db.session.scalar(version)) == before


def test_saying_who_one_is_three_minutes_later_costs_nothing(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 45, 30)):
        phone.open(code_of(half_day))
    with at(vietnam(7, 48, 30)):
        phone.press("identify", who=phone_number(made))
        assert "Đã có mặt lúc 07:45" in phone.press("confirm")


def test_a_grant_ends_after_ten_minutes(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day))
    with at(vietnam(7, 48)):
        page = phone.press("identify", who=phone_number(made))
    assert phone.status == 410
    assert "Đã quá 10 phút" in page


def test_the_answer_comes_again_when_it_was_lost_on_the_way(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day))
        phone.press("identify", who=phone_number(made))
        confirmed = phone.form("confirm")
        phone.press("confirm")
    before = rows()
    with at(vietnam(7, 44)):
        again = phone.client.post("/checkin/confirm", data=confirmed).get_data(as_text=True)
    assert "07:38" in again
    assert rows() == before


def test_a_grant_of_one_session_marks_that_one_only(app: Flask, made: TrainingClass, half_day: ClassSession) -> None:
    phone, other = Phone(app), make_class(course=made.course)
    with at(vietnam(7, 38)):
        phone.check_in(half_day, phone_number(made))
        granted = phone.open(code_of(half_day)) and phone.form("mark")
        phone.open(code_of(first_session(other)))
        phone.client.post("/checkin/mark", data=granted)
    assert {each.class_session_id for each in db.session.scalars(select(Mark))} == {half_day.id}


def test_a_grant_is_good_in_its_own_browser_only(app: Flask, made: TrainingClass, half_day: ClassSession) -> None:
    mine, theirs = Phone(app), Phone(app)
    with at(vietnam(7, 38)):
        theirs.open(code_of(half_day))
        mine.open(code_of(half_day))
        page = theirs.client.post("/checkin/identify", data=mine.form("identify") | {"who": phone_number(made)})
        bare = app.test_client().post("/checkin/identify", data=mine.form("identify"))
    assert page.status_code == 409
    assert "trình duyệt khác" in page.get_data(as_text=True)
    assert "cookie" in bare.get_data(as_text=True)


@pytest.mark.parametrize("grant", ["", "x", "x.y", "é" * 50, "." * 4000])
def test_a_made_up_grant_is_turned_away(phone: Phone, half_day: ClassSession, grant: str) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day))
        for step in ("start", "identify", "confirm", "mark", "request", "not-me", "deny"):
            assert phone.client.post(f"/checkin/{step}", data={"grant": grant}).status_code == 400


def test_a_claim_cannot_be_made_up_or_taken_to_another_grant(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day))
        phone.press("identify", who=phone_number(made))
        first = phone.form("confirm")
        phone.open(code_of(half_day))
        grant = phone.form("identify")["grant"]
        for claim in (first["claim"], "", "x.y"):
            assert phone.client.post("/checkin/confirm", data={"grant": grant, "claim": claim}).status_code == 400
    assert rows()["mark"] == 0


def test_changing_the_language_keeps_the_scan(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day))
    with at(vietnam(7, 43)):
        assert "Learner code, phone number or ID number" in phone.press("start", language="en")
        phone.press("identify", who=phone_number(made))
        assert "Present since 07:38" in phone.press("confirm")


def test_pages_with_codes_are_kept_by_nobody_and_told_to_nobody(phone: Phone, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day))
    assert phone.page is not None
    assert phone.page.headers["Cache-Control"] == "no-store"
    assert phone.page.headers["Referrer-Policy"] == "no-referrer"
    cookie = phone.page.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_on_https_the_cookie_can_come_from_this_host_only(app: Flask, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        page = app.test_client().get(code_of(half_day), base_url="https://localhost")
    assert page.headers["Set-Cookie"].startswith("__Host-phone=")
    assert "Secure" in page.headers["Set-Cookie"]


def test_learners_pages_use_no_form_session(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        phone.check_in(half_day, phone_number(made))
    assert phone.client.get_cookie("form") is None


@pytest.mark.sqlite
def test_the_mark_is_made_in_few_statements(
    app: Flask, phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 38)):
        phone.check_in(half_day, phone_number(made))
    with at(vietnam(13, 30)):
        phone.open(code_of(made.sessions[1]))
        with counted() as statements:
            phone.press("mark")
    reads = [each for each in statements if each.startswith("SELECT")]
    assert (len(reads), len(statements) - len(reads)) == (5, 5), "\n".join(statements)


def test_a_hundred_learners_behind_one_address_all_get_in(app: Flask) -> None:
    made = make_class(learners=100)
    people = [each.learner for each in seats(made)]
    moment = vietnam(7, 38)
    for place, learner in enumerate(people):
        with at(moment + timedelta(seconds=place // 10)):
            phone = Phone(app)
            assert "Đã có mặt" in phone.check_in(first_session(made), learner.code)
    assert rows()["mark"] == 100
