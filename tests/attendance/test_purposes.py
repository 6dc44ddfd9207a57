"""What a code is for: phones that go out or answer a spot check, and codes that are worthless for anything else."""

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Organisation
from classroom.attendance import services
from classroom.attendance.models import CheckinRequest, Mark, Scan, SpotAnswer
from classroom.attendance.rules import Purpose, bucket_of, typed_code
from classroom.attendance.rules.typed import TYPED_STEP
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.counting import rows
from tests.attendance.phoning import Phone, code_of, first_session, phone_number, secret_of
from tests.factories import at, make_actor, make_class, vietnam


@pytest.fixture
def made(app: Flask) -> TrainingClass:
    return make_class(learners=1, check_out=True, fixed_code=True)


@pytest.fixture
def half_day(made: TrainingClass) -> ClassSession:
    return first_session(made)


@pytest.fixture
def boss(made: TrainingClass) -> Actor:
    return make_actor("coordinator", organisation=db.session.get_one(Organisation, made.organisation_id))


def the_mark() -> tuple[object, ...]:
    db.session.rollback()
    mark = db.session.scalars(select(Mark)).one()
    return mark.status, mark.arrived_at, mark.left_at, mark.minutes


def typed_for(half_day: ClassSession, purpose: Purpose) -> str:
    return typed_code(secret_of(half_day), bucket_of(now(), TYPED_STEP), purpose)


def test_a_phone_that_is_known_goes_out_with_one_tap(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(7, 30)):
        phone.check_in(half_day, phone_number(made))
    with at(vietnam(11, 28)):
        before = rows()
        page = phone.open(code_of(half_day, purpose=Purpose.OUT))
        assert "Điểm danh ra về" in page
        assert rows() == before
        assert "Đã ghi giờ về 11:28" in phone.press("mark")
    assert the_mark() == ("present", vietnam(7, 30), vietnam(11, 28), 238)
    assert db.session.scalars(select(Scan.direction).order_by(Scan.id)).all() == ["in", "out"]


def test_the_learners_page_tells_the_time_in_the_room(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(7, 30)):
        phone.check_in(half_day, phone_number(made))
        assert "phút trong phòng" not in phone.open("/me")
    with at(vietnam(11, 31)):
        assert "khoảng 240 phút trong phòng" in phone.open("/me")
        phone.open(code_of(half_day, at=vietnam(11, 31), purpose=Purpose.OUT))
        phone.press("mark")
        page = phone.open("/me")
    assert "07:30 – 11:31" in page
    assert "khoảng" not in page
    assert "240 phút trong phòng" in page


def test_a_phone_that_is_not_known_says_who_goes(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(10)):
        page = phone.open(code_of(half_day, purpose=Purpose.OUT))
        assert "Điểm danh ra về" in page
        assert phone.offers("request") == 0
        assert "Đúng, ghi giờ về" in phone.press("identify", who=phone_number(made))
        page = phone.press("confirm")
    assert "Đã ghi giờ về 10:00" in page
    assert "được tính là về sớm" in page
    assert the_mark() == ("left_early", None, vietnam(10), 150)


def test_the_same_exit_again_gets_its_answer_again(phone: Phone, made: TrainingClass, half_day: ClassSession) -> None:
    with at(vietnam(11, 25)):
        phone.open(code_of(half_day, purpose=Purpose.OUT))
        phone.press("identify", who=phone_number(made))
        sent = phone.form("confirm")
        for _ in range(2):
            answer = phone.client.post("/checkin/confirm", data=sent)
            assert "Đã ghi giờ về 11:25" in answer.text
    assert rows()["event"] == 1


def test_the_typed_code_for_going_out_works_while_the_screens_show_it(
    phone: Phone, made: TrainingClass, half_day: ClassSession, boss: Actor
) -> None:
    with at(vietnam(11, 20)):
        phone.type_code(typed_for(half_day, Purpose.OUT))
        assert phone.status == 422
        services.show_on_screen(half_day.public_id, "out", actor=boss)
        assert "Điểm danh ra về" in phone.type_code(typed_for(half_day, Purpose.OUT))
        phone.press("identify", who=phone_number(made))
        assert "Đã ghi giờ về 11:20" in phone.press("confirm")
        assert "Điểm danh ra về" not in Phone(phone.client.application).type_code(typed_for(half_day, Purpose.IN))


def test_a_code_of_one_purpose_does_nothing_of_another(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    """The letter of a code is under its seal, and what was scanned decides, whatever the form says."""
    with at(vietnam(11, 20)):
        coming, going = code_of(half_day), code_of(half_day, purpose=Purpose.OUT)
        assert "Mã này không dùng được" in phone.open(coming.replace(".I", ".O"))
        assert "Mã này không dùng được" in phone.open(going.replace(".O", ".I"))
        phone.open(going)
        phone.press("identify", who=phone_number(made))
        phone.press("confirm", purpose="in", direction="in")
        assert the_mark()[1:3] == (None, vietnam(11, 20))
    with at(vietnam(11, 22)):
        phone.open(code_of(half_day))
        phone.press("mark", purpose="out", direction="out")
    assert the_mark()[1:3] == (None, None)
    assert db.session.scalars(select(Scan.direction).order_by(Scan.id)).all() == ["out", "in"]


def test_a_claim_made_with_one_grant_is_worthless_with_another(
    phone: Phone, made: TrainingClass, half_day: ClassSession
) -> None:
    with at(vietnam(11, 20)):
        phone.open(code_of(half_day))
        phone.press("identify", who=phone_number(made))
        claim = phone.form("confirm")["claim"]
        phone.open(code_of(half_day, purpose=Purpose.OUT))
        grant = phone.form("identify")["grant"]
        answer = phone.client.post("/checkin/confirm", data={"grant": grant, "claim": claim})
    assert answer.status_code == 400
    assert rows()["mark"] == 0


@pytest.mark.parametrize("purpose", [Purpose.SPOT, Purpose.TEST])
def test_codes_that_nobody_shows_let_nobody_in(phone: Phone, half_day: ClassSession, purpose: Purpose) -> None:
    with at(vietnam(11, 20)):
        assert "Mã này dùng cho việc khác" in phone.open(code_of(half_day, purpose=purpose))
    assert phone.status == 409


def test_nobody_asks_the_trainer_for_a_departure(phone: Phone, half_day: ClassSession) -> None:
    with at(vietnam(11, 20)):
        phone.open(code_of(half_day, purpose=Purpose.OUT))
        grant = phone.form("identify")["grant"]
        answer = phone.client.post("/checkin/request", data={"grant": grant, "name": "Nguyễn Văn A"})
    assert "Hãy báo với giảng viên" in answer.text
    assert db.session.scalars(select(CheckinRequest)).all() == []


# --- spot checks ---


def test_a_phone_answers_a_spot_check_and_nothing_is_written_by_opening_it(
    phone: Phone, made: TrainingClass, half_day: ClassSession, boss: Actor
) -> None:
    with at(vietnam(7, 30)):
        phone.check_in(half_day, phone_number(made))
    with at(vietnam(9)):
        services.start_spot(half_day.public_id, 5, actor=boss)
    with at(vietnam(9, 2)):
        before = rows()
        assert "Điểm danh giữa buổi" in phone.open(code_of(half_day, purpose=Purpose.SPOT))
        assert db.session.scalars(select(SpotAnswer)).all() == []
        assert "Đã ghi nhận có mặt lúc 09:02" in phone.press("mark")
        phone.open(code_of(half_day, purpose=Purpose.SPOT))
        assert rows() == before
    with at(vietnam(9, 4)):
        assert "Đã ghi nhận có mặt lúc 09:02" in phone.press("mark")
    answer = db.session.scalars(select(SpotAnswer)).one()
    assert (answer.source, answer.answered_at, answer.staff_id) == ("room_code", vietnam(9, 2), None)
    assert the_mark() == ("present", vietnam(7, 30), None, 240)


def test_an_unknown_phone_says_who_it_is_and_who_has_not_come_is_told_to_check_in_first(
    phone: Phone, made: TrainingClass, half_day: ClassSession, boss: Actor
) -> None:
    with at(vietnam(9)):
        services.start_spot(half_day.public_id, 3, actor=boss)
        phone.open(code_of(half_day, purpose=Purpose.SPOT))
        assert "Đúng, tôi đang ở đây" in phone.press("identify", who=phone_number(made))
        page = phone.press("confirm")
    assert "Hãy điểm danh vào lớp trước" in page
    assert (rows()["mark"], rows()["event"], rows()["binding"]) == (0, 0, 0)
    kept = db.session.scalars(select(Scan)).one()
    assert (kept.outcome, kept.refusal) == ("refused", "spot.first_check_in")
    with at(vietnam(9, 1)):
        phone.check_in(half_day, phone_number(made))
    with at(vietnam(9, 2)):
        phone.open(code_of(half_day, purpose=Purpose.SPOT))
        assert "Đã ghi nhận có mặt" in phone.press("mark")


def test_when_the_check_is_over_its_code_says_so_but_who_scanned_in_time_counts(
    phone: Phone, made: TrainingClass, half_day: ClassSession, boss: Actor
) -> None:
    with at(vietnam(7, 30)):
        phone.check_in(half_day, phone_number(made))
    with at(vietnam(9)):
        services.start_spot(half_day.public_id, 3, actor=boss)
    with at(vietnam(9, 2, 58)):
        phone.open(code_of(half_day, purpose=Purpose.SPOT))
        code = code_of(half_day, purpose=Purpose.SPOT)
    with at(vietnam(9, 3)):
        assert "Lượt điểm danh giữa buổi đã kết thúc" in Phone(phone.client.application).open(code)
        assert "Đã ghi nhận có mặt lúc 09:02" in phone.press("mark")


def test_the_typed_code_of_a_spot_check(phone: Phone, made: TrainingClass, half_day: ClassSession, boss: Actor) -> None:
    with at(vietnam(7, 30)):
        phone.check_in(half_day, phone_number(made))
    with at(vietnam(9)):
        services.start_spot(half_day.public_id, 3, actor=boss)
        assert "Điểm danh giữa buổi" in phone.type_code(typed_for(half_day, Purpose.SPOT))
        assert "Đã ghi nhận có mặt lúc 09:00" in phone.press("mark")
    assert db.session.scalars(select(SpotAnswer.source)).one() == "typed"


def test_a_poster_is_for_coming_in_only(phone: Phone, made: TrainingClass, half_day: ClassSession, boss: Actor) -> None:
    from tests.attendance.phoning import poster_of

    with at(vietnam(11, 20)):
        services.show_on_screen(half_day.public_id, "out", actor=boss)
        phone.open(poster_of(half_day))
        phone.press("identify", who=phone_number(made))
        phone.press("confirm")
    assert the_mark()[1:3] == (vietnam(11, 20), None)
