"""The trainer's board of a test: who may see it, what it shows, what is polled, how a test is opened."""

import gzip
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.attendance.models import Register
from classroom.attendance.rules import Status
from classroom.attendance.services import close_register
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Sitting
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.answering import close_due, heartbeat, submit
from classroom.exams.services.opening import end, pause
from classroom.learners.models import Learner
from tests.desk.counting import statements
from tests.exams.front import JSON, SOON, colleague, needs, read, send, signed_in, status, steps, words_of
from tests.exams.hall import DEADLINE, GRACE, MINUTE, OPENED, SECOND, Hall, device
from tests.exams.making import RIGHT
from tests.factories import StaffFactory, at, make_class, vietnam


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(4)


@pytest.fixture
def trainer(hall: Hall, client: FlaskClient) -> FlaskClient:
    return signed_in(client, hall.trainer)


def board(hall: Hall) -> str:
    return f"/sittings/{hall.sitting}"


def door(hall: Hall) -> str:
    return f"/sessions/{hall.session}/test"


def name(hall: Hall, place: int) -> str:
    return hall.on_board(place).name


# --- what it shows ---


def test_the_board_shows_how_far_the_class_is(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    hall.start(1)
    with at(SOON):
        submit(attempt, device(0))
    assert steps(read(trainer, board(hall))) == [4, 4, 2, 1]


def test_once_the_door_is_shut_nobody_else_may_begin(hall: Hall, trainer: FlaskClient) -> None:
    hall.start(0)
    page = read(trainer, board(hall), OPENED + 14 * MINUTE)
    assert steps(page) == [4, 4, 1, 0]
    assert "còn 1 phút" in page
    page = read(trainer, board(hall), OPENED + 15 * MINUTE)
    assert steps(page) == [4, 1, 1, 0]
    assert "Đã hết giờ vào thi từ 09:15" in page


def test_the_list_says_of_everybody_what_was_answered_saved_and_how_long_is_left(
    hall: Hall, trainer: FlaskClient
) -> None:
    attempt = hall.start(0)
    hall.answer(attempt, 0, RIGHT[Kind.SINGLE], when=OPENED + 30 * SECOND)
    page = read(trainer, board(hall))
    assert "1/7 · lưu 09:00:30 Đang làm còn 44 phút" in words_of(page, name(hall, 0))
    assert "Chưa bắt đầu" in words_of(page, name(hall, 1))


def test_a_finished_test_shows_its_mark_and_how_it_ended(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    for place, kind in enumerate(Kind):
        hall.answer(attempt, place, RIGHT[kind])
    hall.start(1)
    with at(SOON):
        submit(attempt, device(0))
        end(hall.sitting, actor=hall.actor)
    with at(SOON + MINUTE):
        close_due()
    page = read(trainer, board(hall), SOON + MINUTE)
    assert "Đạt 10/10 Đã nộp bài" in words_of(page, name(hall, 0))
    assert "Chưa đạt 0/10 Dừng khi kết thúc" in words_of(page, name(hall, 1))
    assert "đạt 1" in page


def test_whoever_is_not_there_or_may_not_begin_is_told_apart(app: Flask, client: FlaskClient) -> None:
    hall = Hall(3, require_sessions=2)
    trainer = signed_in(client, hall.trainer)
    with at(vietnam(8, 30)):
        hall.mark(0, status=Status.ABSENT)
    page = read(trainer, board(hall))
    assert "Chưa được vào" in words_of(page, name(hall, 1))
    assert "đã dự 1 buổi, cần 2 buổi" in words_of(page, name(hall, 1))
    assert needs(page) == ["b", "b"]
    assert "Cho vào…" in page


def test_a_device_that_asks_comes_first_then_who_is_silent(hall: Hall, trainer: FlaskClient) -> None:
    hall.start(0)
    hall.start(1)
    with pytest.raises(Refusal):
        hall.start(1, by=device("other"))
    later = OPENED + 61 * SECOND
    with at(OPENED + 15 * SECOND):
        heartbeat(hall.on_board(1).attempt, device(1))
    assert needs(read(trainer, board(hall), OPENED + 60 * SECOND)) == ["d"]
    page = read(trainer, board(hall), later)
    assert needs(page) == ["d", "s"]
    assert "mất liên lạc từ 09:00" in page


def test_answers_that_came_too_late_wait_on_the_board(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    hall.answer(attempt, 0, RIGHT[Kind.SINGLE], when=DEADLINE + GRACE + SECOND)
    page = read(trainer, board(hall), DEADLINE + MINUTE)
    assert needs(page) == ["l"]


def test_a_name_is_never_markup(hall: Hall, trainer: FlaskClient) -> None:
    learner = db.session.query(Learner).filter_by(public_id=hall.learners[0]).one()
    learner.name = '<b onclick="x()">Ánh</b>'
    db.session.commit()
    assert "<b onclick" not in read(trainer, board(hall))


# --- the screens of the room ---


def test_the_board_says_when_the_screens_do_not_lead_into_the_test(hall: Hall, trainer: FlaskClient) -> None:
    assert "Chưa kết nối màn chiếu" in read(trainer, board(hall))
    with at(SOON):
        close_register(hall.session, head_count=4, notes="", actor=hall.actor)
    assert "Điểm danh đã đóng nên màn chiếu không hiện mã" in read(trainer, board(hall))


def test_the_screens_are_led_back_to_the_test(hall: Hall, trainer: FlaskClient) -> None:
    db.session.query(Register).filter_by(class_session_id=hall.session_id).update({"showing": "in"})
    db.session.commit()
    assert send(trainer, board(hall) + "/screens") == (303, board(hall))
    db.session.rollback()
    assert hall.register().showing == "test"


# --- polling ---


def poll(client: FlaskClient, hall: Hall, version: str, when: object = SOON) -> int:
    with at(when):  # type: ignore[arg-type]
        return client.get(f"{board(hall)}/poll?v={version}", headers=JSON).status_code


def version_at(client: FlaskClient, hall: Hall, when: object = SOON) -> str:
    with at(when):  # type: ignore[arg-type]
        return str(client.get(f"{board(hall)}/poll", headers=JSON).json["v"])


def test_a_poll_answers_only_when_something_is_new(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    seen = version_at(trainer, hall)
    assert poll(trainer, hall, seen) == 204
    hall.answer(attempt, 0, RIGHT[Kind.SINGLE], when=SOON)
    assert poll(trainer, hall, seen) == 200


@pytest.mark.parametrize("change", ["start", "ask", "pause", "mark", "minute", "silence"])
def test_whatever_the_board_shows_makes_it_new(hall: Hall, trainer: FlaskClient, change: str) -> None:
    before = SOON + 45 * SECOND if change == "minute" else SOON
    when = {"minute": SOON + MINUTE, "silence": SOON + 31 * SECOND}.get(change, SOON + SECOND)
    hall.start(0, when=before)
    seen = version_at(trainer, hall, before)
    assert poll(trainer, hall, seen, before + SECOND) == 204
    with at(when):
        if change == "start":
            hall.start(1, when=when)
        elif change == "pause":
            pause(hall.sitting, actor=hall.actor)
        elif change == "mark":
            hall.mark(2, status=Status.LATE)
        elif change == "ask":
            with pytest.raises(Refusal):
                hall.start(0, by=device("other"), when=when)
    assert poll(trainer, hall, seen, when) == 200


def test_a_poll_is_packed_where_the_browser_unpacks(hall: Hall, trainer: FlaskClient) -> None:
    with at(SOON):
        answer = trainer.get(f"{board(hall)}/poll", headers={**JSON, "Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "test-person" in json.loads(gzip.decompress(answer.data))["html"]


def test_the_board_asks_little_whatever_the_roster(hall: Hall, trainer: FlaskClient) -> None:
    hall.start(0)
    read(trainer, board(hall))
    with statements() as few:
        read(trainer, board(hall))
    big = Hall(30)
    boss = signed_in(trainer.application.test_client(), big.trainer)
    for place in range(10):
        big.start(place)
    read(boss, board(big))
    with statements() as many:
        read(boss, board(big))
    assert len(many) == len(few) <= 18, many


def test_a_poll_with_nothing_new_asks_little(hall: Hall, trainer: FlaskClient) -> None:
    seen = version_at(trainer, hall)
    with statements() as asked:
        assert poll(trainer, hall, seen) == 204
    assert len(asked) <= 6, asked


# --- opening ---


def test_the_way_in_leads_to_the_only_test_and_lists_several(hall: Hall, trainer: FlaskClient) -> None:
    with at(SOON):
        assert trainer.get(door(hall)).location == board(hall)
        end(hall.sitting, actor=hall.actor)
        second = hall.open(retake=True)
    page = read(trainer, door(hall))
    assert board(hall) in page
    assert f"/sittings/{second}" in page
    assert "Thi lại" in page


def test_a_paper_is_opened_with_its_terms_in_words(app: Flask, client: FlaskClient) -> None:
    hall = Hall(3, opened=False, require_sessions=2, attempts_allowed=2)
    trainer = signed_in(client, hall.trainer)
    page = read(trainer, door(hall))
    for words in ("7 câu hỏi, 45 phút", "50 %", "15 phút đầu", "ít nhất 2 buổi", "Được làm 2 lần", "kết quả ngay"):
        assert words in page
    assert "Thi lại" not in page
    code, where = send(trainer, door(hall), paper=hall.paper_id)
    assert code == 303
    db.session.rollback()
    assert where == f"/sittings/{db.session.query(Sitting).one().public_id}"


def test_a_session_without_papers_says_what_to_do(app: Flask, client: FlaskClient) -> None:
    hall = Hall(1, opened=False)
    hall.paper.retired_at = OPENED
    db.session.commit()
    page = read(signed_in(client, hall.trainer), door(hall))
    assert "Khóa này chưa có đề kiểm tra" in page
    assert "Mở bài kiểm tra</button>" not in page


def test_a_paper_that_cannot_be_sat_says_why_and_is_not_opened(app: Flask, client: FlaskClient) -> None:
    hall = Hall(1, opened=False)
    question = hall.paper.parts[0].question
    question.retired_at = OPENED
    db.session.commit()
    trainer = signed_in(client, hall.trainer)
    assert "Chưa mở được" in read(trainer, door(hall))
    assert send(trainer, door(hall), paper=hall.paper_id)[0] == 409
    assert db.session.query(Sitting).count() == 0


def test_a_retake_says_in_numbers_whom_it_is_for(hall: Hall, trainer: FlaskClient) -> None:
    passed, failed = hall.start(0), hall.start(1)
    for place, kind in enumerate(Kind):
        hall.answer(passed, place, RIGHT[kind])
    with at(SOON):
        submit(passed, device(0))
        submit(failed, device(1))
        end(hall.sitting, actor=hall.actor)
    page = read(trainer, door(hall) + "?another=1")
    assert "1 người đã đạt và không vào; 1 người chưa đạt và 2 người chưa thi: 3 người được vào" in page
    code, where = send(trainer, door(hall), paper=hall.paper_id, retake=hall.paper_id)
    assert code == 303
    retake = read(trainer, where)
    assert "đã đạt" in words_of(retake, name(hall, 0))
    assert needs(retake) == []


def test_too_early_is_said_at_once(app: Flask, client: FlaskClient) -> None:
    hall = Hall(1, opened=False)
    code, page = send(signed_in(client, hall.trainer), door(hall), vietnam(6, 30), paper=hall.paper_id)
    assert code == 409
    assert "07:00" in page


# --- ways in, and who may not ---


def test_the_register_the_class_and_today_lead_to_the_test(hall: Hall, trainer: FlaskClient) -> None:
    for path in (f"/sessions/{hall.session}/board", "/today"):
        assert f'href="{door(hall)}"' in read(trainer, path)
    page = read(trainer, f"/classes/{hall.made.public_id}?tab=test")
    assert f'href="{board(hall)}"' in page


def test_the_class_page_counts_who_began_finished_and_passed(hall: Hall, trainer: FlaskClient) -> None:
    passed = hall.start(0)
    hall.start(1)
    for place, kind in enumerate(Kind):
        hall.answer(passed, place, RIGHT[kind])
    with at(SOON):
        submit(passed, device(0))
    page = read(trainer, f"/classes/{hall.made.public_id}?tab=test")
    assert '<td class="num">2</td>' in page.replace(' data-label="Đã vào"', "").replace(' role="cell"', "")


def test_a_reader_sees_and_does_nothing(app: Flask, hall: Hall) -> None:
    viewer = colleague(app, hall, "viewer")
    hall.start(0)
    page = read(viewer, board(hall))
    assert "formaction" not in page
    assert "Kết thúc" not in page
    read(viewer, f"{board(hall)}/learners/{hall.learners[0]}")
    for step in ("pause", "resume", "screens", "more-time", "end", "reopen", "annul", "devices", "devices/give"):
        assert send(viewer, f"{board(hall)}/{step}")[0] == 403
    assert send(viewer, door(hall), paper=hall.paper_id)[0] == 403


def test_a_trainer_of_another_class_finds_nothing(app: Flask, hall: Hall) -> None:
    other = hall.colleague("trainer")
    make_class(trainer=other)
    client = signed_in(app.test_client(), other)
    pages = ("", "/poll", "/more-time", "/ending", "/devices", "/by-pen", f"/learners/{hall.learners[0]}")
    assert {status(client, board(hall) + path) for path in pages} == {404}
    assert status(client, door(hall)) == 404
    for step in ("pause", "resume", "screens", "end", "devices", f"learners/{hall.learners[0]}/more-time"):
        assert send(client, f"{board(hall)}/{step}", minutes="5", reason="x", digits="123456")[0] == 404
    assert hall.sitting_row().paused_at is None


def test_another_organisation_finds_nothing(app: Flask, hall: Hall) -> None:
    client = signed_in(app.test_client(), StaffFactory(role_names=("coordinator",)))
    assert status(client, board(hall)) == 404
    assert send(client, f"{board(hall)}/end")[0] == 404


def test_a_form_without_its_token_changes_nothing(app: Flask, hall: Hall, trainer: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    for step in ("pause", "end", "more-time", "annul", "devices"):
        assert send(trainer, f"{board(hall)}/{step}")[0] == 400
    assert hall.sitting_row().ended_at is None
    assert hall.sitting_row().paused_at is None
