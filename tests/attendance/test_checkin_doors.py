"""Which codes open the door, for how long, and what the others are told."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from classroom.attendance.models import Mark, Register, Scan
from classroom.attendance.rules import WRONG_TYPED_PER_SESSION, Purpose
from classroom.core.db import db, transaction
from classroom.core.signing import random_secret
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.counting import rows
from tests.attendance.phoning import (
    Phone,
    code_of,
    first_session,
    phone_number,
    poster_of,
    typed_of,
)
from tests.factories import at, make_class, vietnam


@pytest.mark.parametrize(("ago", "status"), [(0, 200), (1, 200), (2, 200), (3, 410), (-1, 409)])
def test_a_code_lives_for_its_bucket_and_two_more(phone: Phone, half_day: ClassSession, ago: int, status: int) -> None:
    with at(vietnam(7, 38, 9)):
        phone.open(code_of(half_day, ago=ago))
    assert phone.status == status
    assert phone.offers("identify") == (status == 200)


@pytest.mark.parametrize("link", [code_of, poster_of])
def test_a_link_that_a_messenger_wrote_in_small_letters_opens_the_same_door(
    phone: Phone, half_day: ClassSession, link: Callable[[ClassSession], str]
) -> None:
    before = rows()
    with at(vietnam(7, 38)):
        phone.open(link(half_day).lower())
    assert phone.offers("identify") == 1
    assert rows() == before


@pytest.mark.parametrize("purpose", [Purpose.OUT, Purpose.SPOT, Purpose.TEST])
def test_a_code_of_another_purpose_lets_nobody_in(phone: Phone, half_day: ClassSession, purpose: Purpose) -> None:
    with at(vietnam(7, 38)):
        page = phone.open(code_of(half_day, purpose=purpose))
    assert phone.status == 409
    assert "Mã này dùng cho việc khác" in page


def test_before_the_opening_the_page_says_when_and_later_the_code_works(phone: Phone, half_day: ClassSession) -> None:
    with at(vietnam(6, 59)):
        page = phone.open(code_of(half_day))
        assert phone.status == 409
        assert "Điểm danh mở lúc 07:00 12/10/2026" in page
    with at(vietnam(7)):
        phone.open(code_of(half_day))
    assert phone.offers("identify") == 1


def test_after_the_close_the_page_is_kind_and_the_attempt_is_kept(phone: Phone, half_day: ClassSession) -> None:
    with transaction() as session:
        session.execute(update(Register).values(closed_at=vietnam(8), closed_how="trainer"))
    with at(vietnam(8, 1)):
        page = phone.open(code_of(half_day))
        assert "Điểm danh đã kết thúc lúc 08:00" in page
        phone.press("refused")
        phone.client.post("/checkin/refused", data={"note": "x"})
    kept = db.session.scalars(select(Scan)).one()
    assert (kept.class_session_id, kept.refusal, kept.outcome) == (half_day.id, "scan.too_late", "refused")


def test_a_refused_code_is_kept_once_however_often_it_is_sent_and_a_few_times_for_a_browser(
    phone: Phone, half_day: ClassSession
) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(half_day, ago=5))
        note = phone.form("refused")
        for _ in range(2):
            phone.client.post("/checkin/refused", data=note)
        assert rows()["scan"] == 1
        for _ in range(12):
            phone.open(code_of(half_day, ago=5))
            phone.client.post("/checkin/refused", data=phone.form("refused"))
    assert 1 < rows()["scan"] <= 6


def test_yesterdays_code_and_a_cancelled_session_are_told_apart(
    app: Flask, made: TrainingClass, half_day: ClassSession
) -> None:
    phone = Phone(app)
    with at(vietnam(7, 38)):
        code = code_of(half_day)
    with at(vietnam(7, 38, day=date(2026, 10, 13))):
        assert "Điểm danh đã kết thúc" in phone.open(code)
    half_day.cancelled_at = vietnam(6)
    db.session.commit()
    with at(vietnam(7, 38)):
        assert "Buổi học đã hủy" in phone.open(code_of(half_day))
        assert phone.status == 410


def test_a_renewed_secret_kills_every_earlier_code(phone: Phone, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        code, poster = code_of(half_day), poster_of(half_day)
        with transaction() as session:
            session.execute(update(Register).values(secret=random_secret()))
        for old in (code, poster):
            assert "Mã này không dùng được" in phone.open(old)
            assert phone.status == 404
        phone.open(code_of(half_day))
    assert phone.status == 200


@pytest.mark.parametrize(
    "path",
    ["/A/", "/A/x", "/A/%00", "/A/" + "0" * 300, "/A/0000000000000.I0000000.0", "/F/" + "A" * 40, "/A/É", "/A/a.b.c",
     "/A/000000000000.I0000000.0000000000000000", "/F/000000000000.F.0000000000000000",
     "/checkin/waiting/000000000000", "/checkin/waiting/x"],
)  # fmt: skip
def test_an_unknown_truncated_or_foreign_code_gets_a_kind_page(phone: Phone, made: TrainingClass, path: str) -> None:
    with at(vietnam(7, 38)):
        page = phone.open(path)
    assert phone.status == 404
    assert "<h1>" in page


def test_a_poster_lets_in_and_the_mark_says_so(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        phone.open(poster_of(half_day))
        phone.press("identify", who=phone_number(made))
        phone.press("confirm")
    assert db.session.scalars(select(Mark.source)).one() == "fixed"


def test_a_poster_is_worthless_where_the_class_has_none(phone: Phone, made: TrainingClass) -> None:
    made.fixed_code = False
    db.session.commit()
    with at(vietnam(7, 38)):
        assert "Tờ mã này không được dùng" in phone.open(poster_of(first_session(made)))


def test_the_typed_code_lets_in_as_people_type_it(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(7, 38)):
        code = typed_of(half_day)
        phone.type_code(f" {code[:3].lower()} {code[3:]} ")
        phone.press("identify", who=phone_number(made))
        phone.press("confirm")
    assert db.session.scalars(select(Mark.source)).one() == "typed"


def test_a_typed_code_works_for_three_minutes(phone: Phone, half_day: ClassSession) -> None:
    with at(vietnam(7, 39)):
        code = typed_of(half_day)
    for moment, status in ((vietnam(7, 41, 59), 200), (vietnam(7, 42), 422)):
        with at(moment):
            phone.type_code(code)
        assert phone.status == status


def test_too_many_wrong_typed_codes_switch_it_off_for_that_session_only(phone: Phone, half_day: ClassSession) -> None:
    other = make_class(learners=1)
    with at(vietnam(7, 38)):
        code = typed_of(half_day)
        wrong = code[:2] + ("0000" if code[2:] != "0000" else "0001")
        for _ in range(WRONG_TYPED_PER_SESSION):
            assert "Hiện không lớp nào có mã này" in phone.type_code(wrong)
        phone.type_code(code)
        assert phone.status == 422
        phone.type_code(typed_of(first_session(other)))
        assert phone.status == 200
    register = db.session.scalars(select(Register).where(Register.class_session_id == half_day.id)).one()
    assert (register.typed_failures, register.typed_off_at) == (WRONG_TYPED_PER_SESSION, vietnam(7, 38))


def test_a_typed_code_where_no_class_is_open_says_so(phone: Phone, half_day: ClassSession) -> None:
    with at(vietnam(3)):
        assert "Hiện không lớp nào nhận mã gõ tay" in phone.type_code("ABCDEF")
        assert phone.status == 409
