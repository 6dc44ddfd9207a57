"""Who holds this phone: the one field, shared numbers, limits, the way to the trainer."""

import pytest
from flask import Flask
from sqlalchemy import event, select

from classroom.accounts.models import Organisation
from classroom.attendance.models import Binding, CheckinRequest, Flag, Mark, Scan
from classroom.attendance.rules import WRONG_PER_GRANT, WRONG_PER_LEARNER, limits
from classroom.attendance.services import match_request
from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.sessions.models import TrainingClass
from tests.attendance.phoning import Phone, code_of, first_session, phone_number, poster_of, seat
from tests.factories import (
    EnrolmentFactory,
    LearnerFactory,
    StaffFactory,
    actor_for,
    at,
    make_class,
    vietnam,
)


@pytest.fixture
def made(any_app: Flask) -> TrainingClass:
    return make_class(learners=1)


@pytest.fixture
def phone(any_app: Flask) -> Phone:
    return Phone(any_app)


def learner_of(made: TrainingClass) -> Learner:
    return seat(made).learner


@pytest.mark.parametrize(
    "spell",
    [
        lambda learner: learner.code,
        lambda learner: f" {learner.code[:4]}-{learner.code[4:].lower()} ",
        lambda learner: learner.id_number,
        lambda learner: f"{learner.id_number[:6]} {learner.id_number[6:]}",
        lambda learner: learner.phone,
        lambda learner: "0" + learner.phone[3:],
        lambda learner: f"0{learner.phone[3:6]}.{learner.phone[6:9]}.{learner.phone[9:]}",
        lambda learner: learner.phone[3:],
    ],
    ids=["code", "code by hand", "id number", "spaced id", "+84", "phone", "dotted phone", "phone without zero"],
)
def test_code_phone_and_id_number_are_taken_as_people_write_them(
    phone: Phone, made: TrainingClass, spell: object
) -> None:
    learner = learner_of(made)
    learner.phone, learner.code = "+84912345678", "K7M2P9QX"
    db.session.commit()
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        page = phone.press("identify", who=spell(learner))  # type: ignore[operator]
    assert learner.name in page
    assert learner.unit in page


def test_an_unknown_code_and_a_wrong_one_are_answered_alike(phone: Phone, made: TrainingClass) -> None:
    answers, said = [], []
    event.listen(db.engine, "before_cursor_execute", lambda *facts: said.append(facts[2]))
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        form = phone.form("identify")
        for typed in ("ZZZZZZZZ", "11111111"):
            said.clear()
            page = phone.client.post("/checkin/identify", data=form | {"who": typed})
            answers.append((page.status_code, page.get_data(as_text=True).replace(typed, "…"), list(said)))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422


def test_another_organisations_learner_is_nobody_here(phone: Phone, made: TrainingClass) -> None:
    foreign = LearnerFactory(phone="+84999999999", code="99999999")
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        for typed in (foreign.code, "0999999999", foreign.id_number):
            assert foreign.name not in phone.press("identify", who=typed)


def test_a_shared_number_asks_which_of_the_two_and_shows_names_and_units_only(
    phone: Phone, made: TrainingClass
) -> None:
    spouse = LearnerFactory(
        organisation_id=made.organisation_id, phone=learner_of(made).phone, name="Trần Thị Vợ", unit="Trạm Y tế"
    )
    EnrolmentFactory(training_class=made, learner=spouse)
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        page = phone.press("identify", who=phone_number(made))
        assert phone.offers("confirm") == 2
        assert "Trần Thị Vợ" in page
        assert spouse.code not in page
        assert spouse.id_number not in page
        chosen = 0 if page.index("Trần Thị Vợ") < page.index(learner_of(made).name) else 1
        assert "Trần Thị Vợ" in phone.press("confirm", chosen)
    assert db.session.scalars(select(Binding.learner_id)).all() == [spouse.id]


def test_an_offices_number_names_nobody(phone: Phone, made: TrainingClass) -> None:
    for _ in range(6):
        EnrolmentFactory(
            training_class=made, learner=LearnerFactory(organisation_id=made.organisation_id, phone="+84911111111")
        )
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        phone.press("identify", who="0911111111")
    assert phone.status == 422


def test_two_learners_on_one_phone_choose_and_the_second_is_flagged(phone: Phone, made: TrainingClass) -> None:
    spouse = EnrolmentFactory(training_class=made).learner
    with at(vietnam(7, 38)):
        phone.check_in(first_session(made), phone_number(made))
        phone.press("start")
        phone.press("identify", who=spouse.code)
        assert "Đã có mặt lúc 07:38" in phone.press("confirm")
    assert db.session.scalars(select(Flag.kind)).all() == ["second_learner"]
    with at(vietnam(13, 30)):
        page = phone.open(code_of(made.sessions[1]))
        assert "Ai điểm danh bây giờ?" in page
        assert phone.offers("mark") == 2
        assert spouse.name in phone.press("mark", 1)


def test_one_learner_may_use_several_browsers(any_app: Flask, made: TrainingClass) -> None:
    with at(vietnam(7, 38)):
        for _ in range(2):
            assert "Đã có mặt lúc 07:38" in Phone(any_app).check_in(first_session(made), phone_number(made))
    assert len(db.session.scalars(select(Binding)).all()) == 2
    assert len(db.session.scalars(select(Mark)).all()) == 1
    assert db.session.scalars(select(Flag)).all() == []


def test_not_me_parts_the_phone_and_tells_the_trainer(phone: Phone, made: TrainingClass) -> None:
    with at(vietnam(7, 38)):
        phone.check_in(first_session(made), phone_number(made))
    with at(vietnam(13, 30)):
        phone.open(code_of(made.sessions[1]))
        phone.press("mark")
        phone.press("not-me")
        assert phone.offers("identify") == 1
        phone.open(code_of(made.sessions[1]))
        assert phone.offers("mark") == 0
    assert db.session.scalars(select(Flag.kind)).all() == ["not_me"]
    actions = db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["binding.made", "binding.annulled"]


def test_wrong_tries_end_the_grant_and_the_trainer_is_the_way(phone: Phone, made: TrainingClass) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        for _ in range(WRONG_PER_GRANT):
            phone.press("identify", who="0999999999")
        page = phone.press("identify", who=phone_number(made))
        assert phone.status == 429
        assert "Đã thử quá nhiều lần" in page
        phone.press("request", name="Nguyễn Văn Học")
        assert phone.status == 200


def test_whoever_asks_on_and_on_in_one_session_is_sent_to_the_trainer(
    any_app: Flask, made: TrainingClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "WRONG_PER_SESSION", 5)
    known = Phone(any_app)
    with at(vietnam(7, 38)):
        known.open(code_of(first_session(made)))
        known.press("identify", who=phone_number(made))
        for number in range(5):
            phone = Phone(any_app)
            phone.open(code_of(first_session(made)))
            phone.press("identify", who=f"09{number:08}")
            assert phone.status == 422
        last = Phone(any_app)
        last.open(code_of(first_session(made)))
        last.press("identify", who=phone_number(made))
        assert last.status == 429
        last.press("request", name="Nguyễn Văn Học")
        assert last.status == 200


def test_wrong_tries_at_one_learner_count_over_all_phones(any_app: Flask, made: TrainingClass) -> None:
    with at(vietnam(7, 38)):
        for _ in range(WRONG_PER_LEARNER):
            phone = Phone(any_app)
            phone.open(code_of(first_session(made)))
            phone.press("identify", who="ZZZZZZZZ")
        last = Phone(any_app)
        last.open(code_of(first_session(made)))
        last.press("identify", who="ZZZZ-ZZZZ")
        assert last.status == 429
        last.open(code_of(first_session(made)))
        last.press("identify", who=phone_number(made))
        assert last.status == 200


def test_check_in_goes_on_when_the_counters_are_out_of_order(phone: Phone, made: TrainingClass) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE throttle RENAME TO throttle_away")
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made), ago=9))
        phone.press("refused")
        assert "Đã có mặt lúc 07:38" in phone.check_in(first_session(made), phone_number(made))
    assert len(db.session.scalars(select(Scan)).all()) == 2


def test_a_stranger_reads_why_and_can_ask_the_trainer(phone: Phone, made: TrainingClass) -> None:
    stranger = LearnerFactory(organisation_id=made.organisation_id)
    with at(vietnam(7, 38)):
        page = phone.check_in(first_session(made), stranger.code)
        assert "không có trong danh sách khóa học này" in page
        phone.press("request")
    assert db.session.scalars(select(CheckinRequest.name)).all() == [stranger.name]


def test_somebody_not_found_waits_for_the_trainers_tap_and_keeps_the_time_of_the_scan(
    phone: Phone, made: TrainingClass
) -> None:
    trainer = actor_for(
        StaffFactory(role_names=("coordinator",), organisation=db.session.get(Organisation, made.organisation_id))
    )
    with at(vietnam(7, 44)):
        phone.open(code_of(first_session(made)))
    with at(vietnam(7, 47)):
        page = phone.press("request", name="  Lan  Hoang ")
        asked = db.session.scalars(select(CheckinRequest)).one()
        assert str(asked.number) in page
        assert phone.page is not None
        assert phone.page.headers["Refresh"]
        assert asked.name == "Lan Hoang"
    with at(vietnam(7, 55)):
        match_request(first_session(made).public_id, asked.public_id, seat(made).public_id, actor=trainer)
        done = phone.open(f"/checkin/waiting/{asked.public_id}")
    assert "Đã có mặt lúc 07:44" in done
    assert seat(made).learner.name in done
    assert "Refresh" not in phone.page.headers
    with at(vietnam(13, 30)):
        phone.open(code_of(made.sessions[1]))
        assert phone.offers("mark") == 1


def test_a_guest_whom_the_trainer_lets_in_reads_where_the_half_day_counts(phone: Phone, made: TrainingClass) -> None:
    trainer = actor_for(
        StaffFactory(role_names=("coordinator",), organisation=db.session.get(Organisation, made.organisation_id))
    )
    guest = EnrolmentFactory(training_class=make_class(course=made.course)).public_id
    with at(vietnam(7, 44)):
        phone.open(code_of(first_session(made)))
        phone.press("request", name="Lan Hoang")
        asked = db.session.scalars(select(CheckinRequest)).one()
        match_request(first_session(made).public_id, asked.public_id, guest, actor=trainer)
        done = phone.open(f"/checkin/waiting/{asked.public_id}")
    assert "buổi học được tính cho lớp của ông/bà" in done


def test_a_request_is_made_once_for_a_grant_and_seen_in_its_own_browser_only(
    any_app: Flask, phone: Phone, made: TrainingClass
) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        form = phone.form("request") | {"name": "Lan Hoang"}
        places = [phone.client.post("/checkin/request", data=form).location for _ in range(2)]
        assert places[0] == places[1]
        stranger = Phone(any_app)
        stranger.open(code_of(first_session(made)))
        stranger.open(places[0])
        assert stranger.status == 404


def test_two_waiting_phones_never_show_the_same_number(any_app: Flask, made: TrainingClass) -> None:
    with at(vietnam(7, 38)):
        for _ in range(60):
            phone = Phone(any_app)
            phone.open(code_of(first_session(made)))
            phone.press("request", name="Lan Hoang")
    numbers = db.session.scalars(select(CheckinRequest.number)).all()
    assert len(set(numbers)) == 60


@pytest.mark.parametrize("name", ["", "   ", "381", "​"])
def test_a_request_needs_a_name(phone: Phone, made: TrainingClass, name: str) -> None:
    with at(vietnam(7, 38)):
        phone.open(code_of(first_session(made)))
        page = phone.press("request", name=name)
    assert phone.status == 422
    assert "Mời ông/bà ghi họ và tên đầy đủ" in page
    assert db.session.scalars(select(CheckinRequest)).all() == []


def test_a_request_by_poster_keeps_that_it_was_one(phone: Phone, made: TrainingClass) -> None:
    made.fixed_code = True
    db.session.commit()
    with at(vietnam(7, 38)):
        phone.open(poster_of(first_session(made)))
        phone.press("request", name="Lan Hoang")
    assert db.session.scalars(select(CheckinRequest.source)).all() == ["fixed"]


def test_names_are_data_and_never_markup(phone: Phone, made: TrainingClass) -> None:
    learner_of(made).name = "<script>alert(1)</script>"
    db.session.commit()
    with at(vietnam(7, 38)):
        phone.check_in(first_session(made), phone_number(made))
        assert phone.page is not None
        assert b"<script>alert" not in phone.page.data
        phone.open("/me")
        assert b"<script>alert" not in phone.page.data
