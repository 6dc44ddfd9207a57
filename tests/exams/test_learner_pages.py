"""A test on learners' phones, page by page, as a browser without scripts sees it; and what a script sends."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from classroom.attendance.models import Register
from classroom.attendance.rules import Purpose
from classroom.core.db import db
from classroom.exams.models import Attempt, QuestionVersion, Sitting
from classroom.exams.services.devices import hand_over
from classroom.exams.services.extending import let_in
from classroom.exams.services.running import end, pause, resume
from classroom.learners.models import Learner
from classroom.sessions.models import ClassSession
from tests.attendance.phoning import Phone, code_of
from tests.exams.hall import DEADLINE, OPENED, Hall
from tests.factories import at

MINUTE = timedelta(minutes=1)
#: What only the key holds: no page of a running attempt may say it.
SECRETS = ('"right"', "tolerance", "percent", "weight", "feedback")


class Sitter:
    """A learner with a phone, from the room's code on."""

    def __init__(self, hall: Hall, app: Flask, place: int = 0) -> None:
        self.hall, self.phone, self.place = hall, Phone(app), place
        self.client = self.phone.client

    @property
    def learner(self) -> Learner:
        return db.session.scalars(select(Learner).where(Learner.public_id == self.hall.learners[self.place])).one()

    def come(self, when: datetime = OPENED) -> str:
        """Scan, say who one is, stand before the first question: the page's text."""
        with at(when):
            self.phone.open(code_of(self._session(), purpose=Purpose.TEST))
            try:
                self.phone.press("identify", who=self.learner.code)
                answer = self.client.post("/checkin/confirm", data=self.phone.form("confirm"))
            except (KeyError, StopIteration, AssertionError, IndexError):
                answer = self.client.post("/checkin/mark", data=self.phone.form("mark"))
            return self.follow(answer)

    def begin(self, when: datetime = OPENED) -> str:
        page = self.come(when)
        with at(when):
            return self.follow(self.client.post("/t/begin", data={"seat": field(page, "seat")}))

    @property
    def attempt(self) -> str:
        """The attempt's address, `/t/…`."""
        db.session.rollback()
        found = db.session.scalars(select(Attempt).where(Attempt.learner_id == self.learner.id).order_by(Attempt.id))
        return "/t/" + list(found)[-1].public_id

    def look(self, when: datetime, page: str = "") -> TestResponse:
        with at(when):
            return self.client.get(self.attempt + page)

    def send(self, when: datetime, answers: Any, proof: str | None = None) -> TestResponse:
        """As the script does."""
        proof = proof if proof is not None else self.proof(when)
        with at(when):
            return self.client.post(
                self.attempt + "/save",
                data=json.dumps({"answers": answers}),
                headers={"Content-Type": "application/json", "Accept": "application/json", "X-Proof": proof},
            )

    def proof(self, when: datetime = OPENED) -> str:
        return data(self.look(when).text, "proof")

    def follow(self, answer: TestResponse) -> str:
        for _ in range(5):
            if answer.status_code != 303:
                break
            answer = self.client.get(answer.location)
        self.last = answer
        return answer.text

    def _session(self) -> ClassSession:
        return db.session.scalars(select(ClassSession).where(ClassSession.public_id == self.hall.session)).one()


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, page[:2000]
    return found[1]


def data(page: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', page)
    assert found, page[:2000]
    return found[1]


@pytest.fixture
def hall(app: Flask) -> Hall:
    return Hall()


@pytest.fixture
def sitter(hall: Hall, app: Flask) -> Sitter:
    return Sitter(hall, app)


def test_a_phone_comes_in_by_the_room_code_and_begins(sitter: Sitter) -> None:
    page = sitter.come()
    assert sitter.learner.name in page
    assert "45 phút" in page
    page = sitter.begin()
    assert page.count('class="one-question"') == 7
    assert "Thủ đô của Việt Nam là thành phố nào?" in page
    assert sitter.last.headers["Cache-Control"] == "no-store"


def test_a_reload_shows_the_same_questions_in_the_same_order_with_the_same_answers(app: Flask) -> None:
    sitter = Sitter(Hall(shuffle_questions=True), app)
    first = sitter.begin()
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": None}, {"i": 3, "s": 1, "a": None}])
    again = sitter.look(OPENED).text
    texts = re.compile(r'class="question-text"[^>]*>(.*?)</div>', re.DOTALL)
    options = re.compile(r'<input type="(?:radio|checkbox)" name="i\d" value="(\w+)"')
    assert texts.findall(first) == texts.findall(again)
    assert options.findall(first) == options.findall(again)


def test_no_page_of_a_running_attempt_holds_a_key(sitter: Sitter) -> None:
    db.session.execute(update(QuestionVersion).values(feedback="Đáp án nằm ở đây"))
    db.session.commit()
    pages = [sitter.begin(), sitter.look(OPENED, "/review").text, sitter.send(OPENED, []).text]
    for page in pages:
        assert not [secret for secret in SECRETS if secret in page]
        assert "Đáp án nằm ở đây" not in page
        assert "3.14" not in re.sub(r"<svg.*?</svg>", "", page)


def test_answers_of_the_script_are_acknowledged_one_by_one(sitter: Sitter) -> None:
    sitter.begin()
    told = sitter.send(
        OPENED + MINUTE,
        [{"i": 0, "s": 1, "a": {"choice": "b"}}, {"i": 1, "s": 1, "a": {"choices": ["nonsense"]}}],
    ).get_json()
    assert told["saved"] == [[0, 1]]
    assert told["refused"] == [[1, "answer.shape"]]
    assert told["state"] == "running"
    assert told["deadline"] == round(DEADLINE.timestamp() * 1000)
    assert told["time"] == "09:01:00"
    assert "checked" in sitter.look(OPENED + MINUTE).text


@pytest.mark.parametrize(
    "answers",
    [
        "nonsense",
        None,
        [1],
        [{"i": "0", "s": 1}],
        [{"i": 0, "s": 1.5}],
        [{"i": True, "s": 1}],
        [{"i": 0, "s": 1}] * 201,
        {"i": 0},
    ],
)
def test_what_is_no_list_of_answers_is_refused_and_keeps_nothing(sitter: Sitter, answers: Any) -> None:
    sitter.begin()
    answer = sitter.send(OPENED + MINUTE, answers)
    assert answer.status_code == 422
    assert answer.get_json()["error"] == "answer.shape"
    assert sitter.hall.answers(sitter.attempt.removeprefix("/t/")) == {}


def test_an_item_that_the_attempt_does_not_have_is_refused(sitter: Sitter) -> None:
    sitter.begin()
    told = sitter.send(OPENED + MINUTE, [{"i": 7, "s": 1, "a": None}, {"i": -1, "s": 1, "a": None}]).get_json()
    assert told["saved"] == []
    assert [code for _, code in told["refused"]] == ["answer.position", "answer.position"]


def test_a_page_of_another_site_cannot_write(sitter: Sitter) -> None:
    sitter.begin()
    assert sitter.send(OPENED, [{"i": 0, "s": 1, "a": {"choice": "a"}}], proof="").status_code == 403
    assert sitter.send(OPENED, [], proof="FORGED").status_code == 403
    with at(OPENED):
        assert sitter.client.post(sitter.attempt + "/submit", data={"proof": "FORGED"}).status_code == 403
    assert sitter.hall.row(sitter.attempt.removeprefix("/t/")).state == "running"


def test_every_question_can_be_answered_without_scripts(sitter: Sitter) -> None:
    page = sitter.begin()
    proof = field(page, "proof")
    given: list[dict[str, Any]] = [
        {"i0": "a"},
        {"i1": ["a", "b"]},
        {"i2": "true"},
        {"i3": "3,14"},
        {"i4": "hà nội"},
        {"i5-a": "a", "i5-b": "b", "i5-c": "c"},
        {"i6-a": "1", "i6-b": "2", "i6-c": "3"},
    ]
    with at(OPENED + MINUTE):
        for position, fields in enumerate(given):
            form = {"proof": proof, "question": str(position), **fields}
            answer = sitter.client.post(sitter.attempt + "/answer", data=form)
            assert answer.status_code == 303, answer.text
            assert answer.location.endswith(f"#q{min(position + 2, 7)}")
        assert "Đã lưu" in sitter.client.get(sitter.attempt + "?saved=1").text
        assert "Đã trả lời cả 7 câu" in sitter.client.get(sitter.attempt + "/review").text
        page = sitter.follow(sitter.client.post(sitter.attempt + "/submit", data={"proof": proof}))
    assert "Đạt" in page
    assert "<strong>10</strong> / 10" in page


def test_two_lines_in_one_place_are_said_and_nothing_typed_is_lost(sitter: Sitter) -> None:
    page = sitter.begin()
    form = {"proof": field(page, "proof"), "question": "6", "i6-a": "1", "i6-b": "1", "i6-c": "3"}
    with at(OPENED + MINUTE):
        answer = sitter.client.post(sitter.attempt + "/answer", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_review_names_what_is_not_answered(sitter: Sitter) -> None:
    sitter.begin()
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": {"choice": "a"}}])
    page = sitter.look(OPENED + MINUTE, "/review").text
    assert "Còn 6 câu chưa trả lời" in page
    assert 'href="' + sitter.attempt + '#q2"' in page
    assert '#q1"' not in page


def test_after_the_time_the_page_shows_the_result_of_what_was_saved(sitter: Sitter) -> None:
    sitter.begin()
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": {"choice": "a"}}])
    page = sitter.look(DEADLINE + timedelta(seconds=11))
    assert page.status_code == 303
    with at(DEADLINE + timedelta(seconds=12)):
        shown = sitter.follow(page)
    assert "Hết giờ lúc 09:45" in shown
    assert "Chưa đạt" in shown
    told = sitter.send(DEADLINE + timedelta(seconds=20), [{"i": 0, "s": 2, "a": {"choice": "b"}}], proof="").status_code
    assert told == 403


def test_a_pause_stands_on_the_page_and_comes_with_every_answer(sitter: Sitter) -> None:
    sitter.begin()
    proof = sitter.proof()
    with at(OPENED + 5 * MINUTE):
        pause(sitter.hall.sitting, actor=sitter.hall.actor)
    page = sitter.look(OPENED + 10 * MINUTE).text
    assert 'data-paused="1"' in page
    assert "fieldset" in page
    assert "disabled" in page
    told = sitter.send(OPENED + 10 * MINUTE, [], proof).get_json()
    assert told["paused"] is True
    assert told["deadline"] - told["now"] == 40 * 60 * 1000
    with at(OPENED + 15 * MINUTE):
        resume(sitter.hall.sitting, actor=sitter.hall.actor)
    told = sitter.send(OPENED + 15 * MINUTE, [], proof).get_json()
    assert told["paused"] is False
    assert told["deadline"] == round((DEADLINE + 10 * MINUTE).timestamp() * 1000)


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
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": {"choice": "b"}}], proof)
    second = Sitter(hall, app)
    page = second.begin(OPENED + 2 * MINUTE)
    assert "đang mở trên máy khác" in page
    assert second.last.headers["Refresh"]
    with at(OPENED + 2 * MINUTE):
        assert second.client.get(sitter.attempt).status_code == 404
        waiting = second.last.request.full_path if hasattr(second.last.request, "full_path") else ""
        hand_over(hall.sitting, hall.asking()[0], actor=hall.actor)
        page = second.follow(second.client.get(waiting or second.last.request.path))
    assert 'value="b" checked' in page
    late = sitter.send(OPENED + 3 * MINUTE, [{"i": 0, "s": 9, "a": {"choice": "c"}}], proof)
    assert late.status_code == 409
    assert late.get_json()["error"] == "attempt.other_device"
    assert "máy khác" in sitter.look(OPENED + 3 * MINUTE).text
    assert hall.answers(sitter.attempt.removeprefix("/t/"))[0] == {"choice": "b"}


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


def test_question_text_cannot_become_markup(app: Flask) -> None:
    hall = Hall()
    evil = '<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) "><svg onload=alert(1)>'
    body = {"options": [{"id": "a", "text": evil, "right": True}, {"id": "b", "text": "b", "right": False}]}
    db.session.execute(update(QuestionVersion).where(QuestionVersion.kind == "single").values(text=evil, body=body))
    db.session.commit()
    page = Sitter(hall, app).begin()
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "<svg onload" not in page
    assert "&lt;script&gt;" in page
