"""What a trainer does on the board of a test: pause, more time, let in, hand over, devices of the room, the end."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.attendance.rules import Status
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.exams.models import Kiosk
from classroom.exams.rules.kinds import Kind
from classroom.exams.services.answering import close_due, submit
from classroom.exams.services.kiosks import ask_pairing
from classroom.exams.services.opening import end
from classroom.sessions.queries.badges import living_badges_of_class
from classroom.sessions.services import issue_badges
from tests.exams.front import JSON, SOON, colleague, needs, read, send, signed_in, steps, words_of
from tests.exams.hall import DEADLINE, GRACE, MINUTE, OPENED, SECOND, Hall, device
from tests.exams.making import RIGHT
from tests.factories import FIRST_DAY, at, sign_in, vietnam


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall(4)


@pytest.fixture
def trainer(hall: Hall, client: FlaskClient) -> FlaskClient:
    return signed_in(client, hall.trainer)


@pytest.fixture
def coordinator(app: Flask, hall: Hall) -> FlaskClient:
    return colleague(app, hall, "coordinator")


def board(hall: Hall) -> str:
    return f"/sittings/{hall.sitting}"


def of(hall: Hall, place: int) -> str:
    return f"{board(hall)}/learners/{hall.learners[place]}"


# --- the whole room ---


def test_a_pause_shows_and_its_time_comes_back(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    send(trainer, board(hall) + "/pause")
    page = read(trainer, board(hall), SOON + 5 * MINUTE)
    assert "Tạm dừng" in page
    assert "còn 44 phút" in page
    send(trainer, board(hall) + "/resume", SOON + 5 * MINUTE)
    assert hall.row(attempt).deadline_at == DEADLINE + 5 * MINUTE


def test_a_tap_by_script_answers_in_words_also_when_it_is_refused(hall: Hall, trainer: FlaskClient) -> None:
    with at(SOON):
        assert "tạm dừng" in trainer.post(board(hall) + "/pause", headers=JSON).json["message"]
        end(hall.sitting, actor=hall.actor)
        answer = trainer.post(board(hall) + "/pause", headers=JSON)
    assert answer.status_code == 409
    assert "Bài kiểm tra đã kết thúc" in answer.json["message"]


@pytest.mark.parametrize(("form", "minutes"), [({"minutes": "10"}, 10), ({"minutes": "5", "typed_minutes": "7"}, 7)])
def test_everybody_who_writes_gets_more_time(
    hall: Hall, trainer: FlaskClient, form: dict[str, str], minutes: int
) -> None:
    attempt = hall.start(0)
    assert "1 học viên đang làm bài" in read(trainer, board(hall) + "/more-time")
    assert send(trainer, board(hall) + "/more-time", **form) == (303, board(hall))
    assert hall.row(attempt).deadline_at == DEADLINE + minutes * MINUTE


@pytest.mark.parametrize("typed", ["0", "121", "x", "-5", "²", "1e1", "9999"])
def test_minutes_that_are_none_are_refused_in_words(hall: Hall, trainer: FlaskClient, typed: str) -> None:
    attempt = hall.start(0)
    code, page = send(trainer, board(hall) + "/more-time", minutes="5", typed_minutes=typed, reason="chuông reo")
    assert code == 422
    assert "chuông reo" in page
    assert hall.row(attempt).deadline_at == DEADLINE


def test_the_end_is_foretold_in_numbers_and_can_be_taken_back(hall: Hall, trainer: FlaskClient) -> None:
    writing, finished = hall.start(0), hall.start(1)
    with at(SOON):
        submit(finished, device(1))
    page = read(trainer, board(hall) + "/ending")
    assert "Kết thúc và dừng bài của 1 học viên" in page
    assert send(trainer, board(hall) + "/end") == (303, board(hall))
    with at(SOON + MINUTE):
        close_due()
    assert hall.row(writing).finished_how == "ended"
    later = SOON + 2 * MINUTE
    assert send(trainer, board(hall) + "/reopen", later, reason=" ")[0] == 422
    assert send(trainer, board(hall) + "/reopen", later, reason="nhầm")[1] == board(hall) + "/more-time"
    assert "1 bài đã bị dừng khi kết thúc cũng được làm tiếp" in read(trainer, board(hall) + "/more-time", later)
    send(trainer, board(hall) + "/more-time", later, minutes="15")
    assert hall.row(writing).state == "running"
    assert hall.row(finished).state == "finished"


def test_only_a_coordinator_annuls_a_whole_test(hall: Hall, trainer: FlaskClient, coordinator: FlaskClient) -> None:
    attempt = hall.start(0)
    assert "Hủy cả đợt" not in read(trainer, board(hall) + "/ending")
    assert send(trainer, board(hall) + "/annul", reason="x")[0] == 403
    assert send(coordinator, board(hall) + "/annul", reason="")[0] == 422
    assert send(coordinator, board(hall) + "/annul", reason="sai đề")[0] == 303
    assert hall.row(attempt).state == "annulled"
    page = read(trainer, board(hall))
    assert "Đã hủy" in page
    assert "formaction" not in page


# --- devices ---


def test_a_device_that_asks_is_let_or_refused(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    for how, holder, when in (("refuse", device(0), SOON), ("give", device("other"), SOON + 5 * SECOND)):
        with pytest.raises(Refusal):
            hall.start(0, by=device("other"), when=when)
        (asking,) = hall.asking()
        assert asking in read(trainer, board(hall), when)
        send(trainer, f"{board(hall)}/devices/{how}", when + SECOND, device=asking)
        assert hall.row(attempt).device_hash == holder
        assert "d" not in needs(read(trainer, board(hall), when + 2 * SECOND))


@pytest.mark.parametrize("how", ["name", "code", "code link", "badge", "badge link"])
def test_a_learner_gets_a_device_of_the_room(hall: Hall, trainer: FlaskClient, how: str) -> None:
    row = hall.on_board(2)
    with at(OPENED):
        issue_badges(hall.made.public_id, actor=hall.somebody("coordinator"))
    badge = next(b.code for place, b in living_badges_of_class(hall.made.id) if place.learner.public_id == row.learner)
    typed = {
        "name": row.name.split()[-1] + " hoc",
        "code": row.code,
        "code link": f"https://lop.example/L/{row.code}",
        "badge": badge,
        "badge link": f"HTTPS://LOP.EXAMPLE/B/{badge}",
    }[how]
    page = read(trainer, f"{board(hall)}/devices?q={typed}")
    assert row.name in page
    assert ("Sáu chữ số" in page) is (how != "name")
    assert hall.facts().kiosk_pin in page
    with at(SOON):
        _token, kiosk = ask_pairing()
    digits = kiosk.pairing_code
    assert send(trainer, f"{board(hall)}/devices", digits=f"{digits[:3]} {digits[3:]}", learner=row.learner)[0] == 303
    assert hall.on_board(2).source == "kiosk"
    assert row.name in read(trainer, f"{board(hall)}/devices")
    used = db.session.query(Kiosk).one().public_id
    send(trainer, f"{board(hall)}/devices/release", kiosk=used)
    db.session.rollback()
    assert db.session.query(Kiosk).one().left_at is not None
    assert hall.on_board(2).state == "running"


def test_wrong_digits_are_said_and_the_learner_stays_chosen(hall: Hall, trainer: FlaskClient) -> None:
    code, page = send(trainer, f"{board(hall)}/devices", digits="000000", learner=hall.learners[0])
    assert code == 422
    assert "sáu chữ số này" in page
    assert hall.on_board(0).name in page


def test_whom_nobody_knows_is_said(hall: Hall, trainer: FlaskClient) -> None:
    assert "Không có ai tên như vậy" in read(trainer, f"{board(hall)}/devices?q=zzzz")


# --- one learner ---


def test_one_learner_gets_more_time_also_after_handing_in(hall: Hall, trainer: FlaskClient) -> None:
    attempt = hall.start(0)
    send(trainer, of(hall, 0) + "/more-time", minutes="10")
    assert hall.row(attempt).deadline_at == DEADLINE + 10 * MINUTE
    with at(SOON):
        submit(attempt, device(0))
    assert send(trainer, of(hall, 0) + "/more-time", minutes="10", reason="")[0] == 422
    assert hall.row(attempt).state == "finished"
    assert send(trainer, of(hall, 0) + "/more-time", minutes="10", reason="bấm nhầm")[0] == 303
    assert hall.row(attempt).state == "running"


def test_somebody_is_let_in_with_a_reason_and_more_minutes(app: Flask, client: FlaskClient) -> None:
    hall = Hall(2, require_sessions=3)
    trainer = signed_in(client, hall.trainer)
    assert needs(read(trainer, board(hall))) == ["b", "b"]
    code, page = send(trainer, of(hall, 0) + "/let-in", reason="", extra_minutes="15")
    assert code == 422
    assert 'value="15"' in page
    assert send(trainer, of(hall, 0) + "/let-in", reason="học bù", extra_minutes="15")[0] == 303
    assert needs(read(trainer, board(hall))) == ["b"]
    assert hall.row(hall.start(0)).deadline_at == DEADLINE + 15 * MINUTE


def test_late_answers_count_only_by_a_coordinator(hall: Hall, trainer: FlaskClient, coordinator: FlaskClient) -> None:
    attempt = hall.start(0)
    late, then = DEADLINE + GRACE + SECOND, DEADLINE + MINUTE
    hall.answer(attempt, 0, RIGHT[Kind.SINGLE], when=late)
    assert "Câu 1, nhận lúc 09:45:11" in read(trainer, of(hall, 0), then)
    assert send(trainer, of(hall, 0) + "/late", then, reason="mạng")[0] == 403
    page = read(coordinator, of(hall, 0), then)
    stray = page.partition('name="stray" value="')[2].partition('"')[0]
    assert send(coordinator, of(hall, 0) + "/late", then, stray=stray, reason="mạng hỏng")[0] == 303
    assert hall.answers(attempt) == {0: RIGHT[Kind.SINGLE]}
    assert "1/7" in words_of(read(coordinator, board(hall), then), hall.on_board(0).name)


def test_an_attempt_is_annulled_by_a_coordinator_and_only_the_one_that_was_seen(
    hall: Hall, trainer: FlaskClient, coordinator: FlaskClient
) -> None:
    attempt = hall.start(0)
    assert "Hủy bài làm" not in read(trainer, of(hall, 0))
    assert send(trainer, of(hall, 0) + "/annul", attempt=attempt, reason="x")[0] == 403
    assert send(coordinator, of(hall, 0) + "/annul", attempt="ANOTHERONE12", reason="x")[0] == 409
    assert send(coordinator, of(hall, 0) + "/annul", attempt=attempt, reason=" ")[0] == 422
    assert hall.row(attempt).state == "running"
    assert send(coordinator, of(hall, 0) + "/annul", attempt=attempt, reason="nhầm người")[0] == 303
    assert hall.row(attempt).state == "annulled"
    assert hall.on_board(0).state == "ready"


def test_a_learner_of_elsewhere_has_no_page(hall: Hall, trainer: FlaskClient) -> None:
    stranger = Hall(1)
    with at(SOON):
        assert trainer.get(f"{board(hall)}/learners/{stranger.learners[0]}").status_code == 404


def test_the_day_after_the_end_stays_and_nobody_is_offered_to_take_it_back(
    hall: Hall, trainer: FlaskClient, coordinator: FlaskClient
) -> None:
    send(trainer, board(hall) + "/end")
    tomorrow = vietnam(9, day=FIRST_DAY.replace(day=FIRST_DAY.day + 1))
    with at(tomorrow):
        sign_in(trainer, hall.trainer)
    assert send(trainer, board(hall) + "/reopen", tomorrow, reason="x")[0] == 409
    page, ending = (read(trainer, board(hall) + end, tomorrow) for end in ("", "/ending"))
    assert "Kết thúc nhầm" not in page + ending
    assert "/ending" not in page
    assert 'action="' + board(hall) + '/reopen"' not in ending
    with at(tomorrow):
        sign_in(coordinator, hall.colleague("coordinator"))
    assert "Mở nhầm?" in read(coordinator, board(hall), tomorrow)


def test_while_the_same_test_is_open_again_the_former_end_stays(hall: Hall, trainer: FlaskClient) -> None:
    send(trainer, board(hall) + "/end")
    assert "Kết thúc nhầm" in read(trainer, board(hall))
    with at(SOON):
        hall.open()
    assert "Kết thúc nhầm" not in read(trainer, board(hall))


def test_right_after_the_end_the_board_says_that_last_answers_are_taken(hall: Hall, trainer: FlaskClient) -> None:
    hall.start(0), hall.start(1)
    assert "câu trả lời cuối" not in read(trainer, board(hall))
    send(trainer, board(hall) + "/end")
    page = read(trainer, board(hall))
    assert "đang nhận câu trả lời cuối của 2 học viên" in page
    assert len(steps(page)) == 3
    assert "câu trả lời cuối" in read(trainer, board(hall) + "/ending")
    with at(SOON + GRACE + SECOND):
        close_due()
    page = read(trainer, board(hall), SOON + MINUTE)
    assert "câu trả lời cuối" not in page
    assert steps(page)[3] == 2


def test_whoever_was_marked_absent_again_is_no_longer_in_the_room(hall: Hall, trainer: FlaskClient) -> None:
    with at(SOON):
        hall.mark(1, status=Status.ABSENT)
    assert "Vắng mặt" in words_of(read(trainer, board(hall)), hall.on_board(1).name)
