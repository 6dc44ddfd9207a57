"""Who comes into a test, on which device, and who sees which result and when."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update

from classroom.attendance.models import Register
from classroom.attendance.rules import Purpose
from classroom.core.db import db
from classroom.exams.models import Attempt, Sitting
from classroom.exams.queries.kiosks import kiosks_of
from classroom.exams.queries.release import answers_are_released
from classroom.exams.services.deciding import annul_attempt
from classroom.exams.services.devices import hand_over, refuse_device
from classroom.exams.services.extending import let_in
from classroom.exams.services.kiosks import pair_kiosk, release_kiosk
from classroom.exams.services.running import end, pause, resume
from classroom.sessions.models import ClassSession, TrainingClass
from tests.attendance.phoning import code_of
from tests.exams.hall import OPENED, Hall
from tests.exams.making import make_paper, make_sitting
from tests.exams.sitter import Sitter, data, field
from tests.factories import at

MINUTE = timedelta(minutes=1)


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


@pytest.fixture
def sitter(hall: Hall, app: Flask) -> Sitter:
    return Sitter(hall, app)


def test_somebody_elses_attempt_is_no_page(sitter: Sitter, hall: Hall, app: Flask) -> None:
    sitter.begin()
    stranger = Sitter(hall, app, place=1)
    stranger.begin()
    for page in ("", "/review", "/result", "/pictures/ABCDEFGHJKMN"):
        with at(OPENED):
            assert stranger.client.get(sitter.attempt + page).status_code == 404
            assert app.test_client().get(sitter.attempt + page).status_code == 404
    with at(OPENED):
        answer = stranger.client.post(sitter.attempt + "/save", json={"answers": []}, headers={"X-Proof": "x"})
    assert answer.status_code == 404


def test_a_second_device_waits_for_the_trainer_and_the_first_becomes_read_only(
    sitter: Sitter, hall: Hall, app: Flask
) -> None:
    sitter.begin()
    proof = sitter.proof()
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": sitter.choice(0, "b")}], proof)
    second = Sitter(hall, app)
    page = second.begin(OPENED + 2 * MINUTE)
    assert "đang mở trên máy khác" in page
    assert second.last.headers["Refresh"]
    with at(OPENED + 2 * MINUTE):
        assert second.client.get(sitter.attempt).status_code == 404
        waiting = second.last.request.full_path if hasattr(second.last.request, "full_path") else ""
        hand_over(hall.sitting, hall.asking()[0], actor=hall.actor)
        page = second.follow(second.client.get(waiting or second.last.request.path))
    assert f'value="{sitter.named(0, "b")[0]}" checked' in page
    late = sitter.send(OPENED + 3 * MINUTE, [{"i": 0, "s": 9, "a": sitter.choice(0, "c")}], proof)
    assert late.status_code == 409
    assert late.get_json()["error"] == "attempt.other_device"
    assert "máy khác" in sitter.look(OPENED + 3 * MINUTE).text
    assert hall.answers(sitter.attempt.removeprefix("/t/"))[0] == {"choice": "b"}


def test_a_refused_second_device_learns_of_it_and_may_ask_once_more(sitter: Sitter, hall: Hall, app: Flask) -> None:
    sitter.begin()
    second = Sitter(hall, app)
    seat = field(second.come(OPENED + MINUTE), "seat")
    with at(OPENED + MINUTE):
        second.follow(second.client.post("/t/begin", data={"seat": seat}))
        refuse_device(hall.sitting, hall.asking()[0], actor=hall.actor)
    with at(OPENED + 2 * MINUTE):
        refused = second.client.get("/t/waiting", query_string={"seat": seat})
        assert "Giảng viên chưa cho chuyển bài sang máy này" in refused.text
        assert "Refresh" not in refused.headers
        page = second.follow(second.client.post("/t/begin", data={"seat": field(refused.text, "seat")}))
    assert "đang mở trên máy khác" in page
    assert len(hall.asking()) == 1


def test_a_pause_at_the_door_is_waited_out_by_the_page(sitter: Sitter, hall: Hall) -> None:
    with at(OPENED):
        pause(hall.sitting, actor=hall.actor)
    page = sitter.come(OPENED + MINUTE)
    assert "Trang này tự xem lại" in page
    with at(OPENED + 2 * MINUTE):
        resume(hall.sitting, actor=hall.actor)
        again = sitter.client.get(sitter.last.headers["Refresh"].partition("url=")[2])
    assert 'action="/t/begin"' in again.text


def test_what_a_device_of_the_room_sends_after_it_was_taken_back_is_kept(hall: Hall, app: Flask) -> None:
    device = app.test_client()
    with at(OPENED):
        device.post("/kiosk/start")
        digits = "".join(re.findall(r"(\d{3})&nbsp;(\d{3})", device.get("/kiosk").text)[0])
        attempt = pair_kiosk(hall.sitting, digits, hall.learners[0], actor=hall.actor).attempt_public_id
        page = device.get(f"/t/{attempt}").text
        release_kiosk(hall.sitting, kiosks_of(hall.facts())[0].public_id, actor=hall.actor)
    sent = {"answers": [{"i": 2, "s": 1, "a": {"value": True}}]}
    with at(OPENED + MINUTE):
        headers = {"Accept": "application/json", "X-Proof": data(page, "proof")}
        late = device.post(f"/t/{attempt}/save", json=sent, headers=headers)
        strange = app.test_client().post(f"/t/{attempt}/save", json=sent, headers=headers)
        after = device.get(data(page, "moved"))
        assert device.get(f"/t/{attempt}").status_code == 404
    assert (late.status_code, late.get_json()["error"]) == (409, "attempt.other_device")
    assert strange.status_code == 404
    assert hall.strays(attempt) == [("other_device", 2, {"value": True})]
    assert hall.answers(attempt) == {}
    assert "Bài làm không còn mở trên máy này nữa" in after.text
    assert "storage" in after.headers["Clear-Site-Data"]


def test_who_is_not_present_reads_why_and_comes_in_after_the_trainers_yes(app: Flask) -> None:
    hall = Hall()
    db.session.execute(update(Sitting).values(terms={**hall.sitting_row().terms, "require_sessions": 3}))
    db.session.commit()
    sitter = Sitter(hall, app)
    page = sitter.come()
    assert "Chưa thể vào làm bài" in page
    assert 'action="/t/begin"' not in page
    with at(OPENED):
        let_in(hall.sitting, hall.learners[0], "Đi công tác có giấy", actor=hall.actor)
    assert 'action="/t/begin"' in sitter.come()


def test_who_has_passed_reads_at_the_retake_that_there_is_nothing_to_do(sitter: Sitter, hall: Hall) -> None:
    page = sitter.begin()
    with at(OPENED + MINUTE):
        sitter.client.post(sitter.attempt + "/submit", data={"proof": field(page, "proof")})
        end(hall.sitting, actor=hall.actor)
        hall.row(sitter.attempt.removeprefix("/t/")).outcome = "pass"
        db.session.commit()
        hall.paper_id = make_paper(hall.paper.course, title="Thi lại", retake_of_id=hall.paper.id).public_id
        hall.sitting = hall.open(retake=True)
    page = sitter.come(OPENED + 2 * MINUTE)
    assert "Không cần làm lại bài" in page
    assert "đã đạt" in page
    assert "Chưa thể vào làm bài" not in page
    assert 'action="/t/begin"' not in page


def test_the_practice_question_counts_for_nothing(app: Flask) -> None:
    sitter = Sitter(Hall(practice=True), app)
    page = sitter.come()
    seat = field(page, "seat")
    with at(OPENED):
        assert "Câu làm thử" in sitter.client.get("/t/practice", query_string={"seat": seat}).text
        page = sitter.client.post("/t/practice", data={"seat": seat, "i0": "b"}).text
    assert "Đúng" in page
    assert db.session.scalars(select(Attempt)).all() == []


def test_a_seat_is_worthless_in_another_browser(sitter: Sitter, app: Flask) -> None:
    seat = field(sitter.come(), "seat")
    with at(OPENED):
        other = app.test_client()
        assert other.post("/t/begin", data={"seat": seat}).status_code == 409
        assert other.get("/t/ready", query_string={"seat": "nonsense"}).status_code == 409
    with at(OPENED + timedelta(hours=13)):
        assert sitter.client.post("/t/begin", data={"seat": seat}).status_code == 409
    assert db.session.scalars(select(Attempt)).all() == []


def test_no_code_leads_in_once_the_test_has_ended(sitter: Sitter) -> None:
    seat = field(sitter.come(), "seat")
    with at(OPENED + 10 * MINUTE):
        end(sitter.hall.sitting, actor=sitter.hall.actor)
        page = sitter.follow(sitter.client.post("/t/begin", data={"seat": seat}))
        assert "Bài kiểm tra đã kết thúc" in page
        assert "Mã này dùng cho việc khác" in sitter.phone.open(code_of(sitter._session(), purpose=Purpose.TEST))
    assert db.session.scalars(select(Register.showing)).first() == "in"


def test_points_wait_for_the_end_where_the_paper_says_so(app: Flask) -> None:
    sitter = Sitter(Hall(show_score="after_end"), app)
    page = sitter.begin()
    with at(OPENED + MINUTE):
        page = sitter.follow(sitter.client.post(sitter.attempt + "/submit", data={"proof": field(page, "proof")}))
    assert "Đã nộp bài" in page
    assert "Chưa đạt" not in page
    assert "/ 10" not in page
    with at(OPENED + 10 * MINUTE):
        end(sitter.hall.sitting, actor=sitter.hall.actor)
    assert "Chưa đạt" in sitter.look(OPENED + 11 * MINUTE, "/result").text


def test_right_answers_wait_for_the_last_half_day_of_every_class(app: Flask) -> None:
    hall = Hall(show_answers=True)
    sitter = Sitter(hall, app)
    page = sitter.begin()
    with at(OPENED + MINUTE):
        page = sitter.follow(sitter.client.post(sitter.attempt + "/submit", data={"proof": field(page, "proof")}))
        assert "Câu trả lời của ông/bà và đáp án" not in page
        assert "Sao chép" not in page
        end(hall.sitting, actor=hall.actor)
    assert "Sao chép" not in sitter.look(OPENED + 20 * MINUTE, "/result").text
    last = db.session.scalars(select(ClassSession.ends_at).order_by(ClassSession.ends_at.desc())).first()
    assert last is not None
    assert "Sao chép" in sitter.look(last, "/result").text


def test_right_answers_wait_while_any_paper_of_the_family_is_sat(any_app: Flask) -> None:
    hall = Hall(1, opened=False)
    course = db.session.get_one(TrainingClass, hall.made.id).course
    first = make_paper(course)
    second, third = (make_paper(course, retake_of_id=first.id) for _ in range(2))
    over = db.session.scalars(select(ClassSession.ends_at).order_by(ClassSession.ends_at.desc())).first()
    assert over is not None
    family = [paper.id for paper in (first, second, third)]
    assert [answers_are_released(key, over) for key in family] == [True] * 3
    make_sitting(third, db.session.scalars(select(ClassSession)).first(), OPENED)
    assert [answers_are_released(key, over) for key in family] == [False] * 3
    assert answers_are_released(hall.paper.id, over)


def test_the_learners_own_page_lists_the_test_without_points_until_they_are_shown(app: Flask) -> None:
    sitter = Sitter(Hall(show_score="after_end"), app)
    page = sitter.begin()
    assert "Bài kiểm tra của tôi" not in sitter.client.get("/me").text
    with at(OPENED + MINUTE):
        sitter.client.post(sitter.attempt + "/submit", data={"proof": field(page, "proof")})
        page = sitter.client.get("/me").text
        assert "Bài kiểm tra của tôi" in page
        assert "Chưa đạt" not in page
        end(sitter.hall.sitting, actor=sitter.hall.actor)
        assert "0/10 Chưa đạt" in sitter.client.get("/me").text


def test_a_trainers_yes_opens_an_entry_window_that_is_over_for_one(sitter: Sitter, hall: Hall, app: Flask) -> None:
    late = OPENED + 20 * MINUTE
    assert 'action="/t/begin"' not in sitter.come(late)
    with at(late):
        let_in(hall.sitting, hall.learners[0], "Đưa con đi viện", actor=hall.actor)
    assert sitter.begin(late).count('class="one-question"') == 7
    assert 'action="/t/begin"' not in Sitter(hall, app, place=1).come(late)


def test_an_annulled_attempt_shows_no_result(sitter: Sitter, hall: Hall) -> None:
    page = sitter.begin()
    with at(OPENED + MINUTE):
        sitter.client.post(sitter.attempt + "/submit", data={"proof": field(page, "proof")})
        annul_attempt(sitter.attempt.removeprefix("/t/"), "Làm hộ", actor=hall.somebody("coordinator"))
    shown = sitter.look(OPENED + 2 * MINUTE, "/result")
    assert shown.status_code == 409
    assert "Chưa đạt" not in shown.text


def test_no_other_site_can_make_a_device_forget(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for step in ("start", "done", "leave"):
        answer = app.test_client().post(f"/kiosk/{step}")
        assert answer.status_code == 400
        assert "Clear-Site-Data" not in answer.headers
