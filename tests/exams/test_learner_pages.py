"""A test on learners' phones, page by page, as a browser without scripts sees it; and what a script sends."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from classroom.core.db import db
from classroom.exams.models import QuestionVersion
from classroom.exams.services.running import pause, resume
from tests.exams.hall import DEADLINE, OPENED, Hall
from tests.exams.sitter import Sitter, field
from tests.factories import at

MINUTE = timedelta(minutes=1)
#: What only the key holds: no page of a running attempt may say it.
SECRETS = ('"right"', "tolerance", "percent", "weight", "feedback")


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
        [{"i": 0, "s": 1, "a": sitter.choice(0, "b")}, {"i": 1, "s": 1, "a": {"choices": ["nonsense"]}}],
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
    assert sitter.send(OPENED, [{"i": 0, "s": 1, "a": sitter.choice(0, "a")}], proof="").status_code == 403
    assert sitter.send(OPENED, [], proof="FORGED").status_code == 403
    with at(OPENED):
        assert sitter.client.post(sitter.attempt + "/submit", data={"proof": "FORGED"}).status_code == 403
    assert sitter.hall.row(sitter.attempt.removeprefix("/t/")).state == "running"


def test_every_question_can_be_answered_without_scripts(sitter: Sitter) -> None:
    page = sitter.begin()
    proof = field(page, "proof")
    given: list[dict[str, Any]] = [
        {"i0": sitter.named(0, "a")},
        {"i1": sitter.named(1, "a", "b")},
        {"i2": "true"},
        {"i3": "3,14"},
        {"i4": "hà nội"},
        dict(zip(("i5-1", "i5-2", "i5-3"), sitter.named(5, "a", "b", "c"), strict=True)),
        dict(zip((f"i6-{name}" for name in sitter.named(6, "a", "b", "c")), "123", strict=True)),
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
    form = {"proof": field(page, "proof"), "question": "6", "i6-1": "1", "i6-2": "1", "i6-3": "3"}
    with at(OPENED + MINUTE):
        answer = sitter.client.post(sitter.attempt + "/answer", data=form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text


def test_the_review_names_what_is_not_answered(sitter: Sitter) -> None:
    sitter.begin()
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": sitter.choice(0, "a")}])
    page = sitter.look(OPENED + MINUTE, "/review").text
    assert "Còn 6 câu chưa trả lời" in page
    assert 'href="' + sitter.attempt + '#q2"' in page
    assert '#q1"' not in page


def test_after_the_time_the_page_shows_the_result_of_what_was_saved(sitter: Sitter) -> None:
    sitter.begin()
    sitter.send(OPENED + MINUTE, [{"i": 0, "s": 1, "a": sitter.choice(0, "a")}])
    page = sitter.look(DEADLINE + timedelta(seconds=11))
    assert page.status_code == 303
    with at(DEADLINE + timedelta(seconds=12)):
        shown = sitter.follow(page)
    assert "Hết giờ lúc 09:45" in shown
    assert "Chưa đạt" in shown
    told = sitter.send(
        DEADLINE + timedelta(seconds=20), [{"i": 0, "s": 2, "a": sitter.choice(0, "b")}], proof=""
    ).status_code
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


def test_the_names_of_parts_tell_nothing_of_what_belongs_together(app: Flask) -> None:
    """Both sides of a pair share an id, and things to put in order are numbered as they belong: pages count anew."""
    sitter = Sitter(Hall(shuffle_options=True), app)
    page = sitter.begin()
    lefts = re.findall(r'<select id="i5-(\w+)"', page)
    rights = re.findall(r'<option value="(\w+)"', page[page.index('id="i5-1"') : page.index('id="i5-2"')])
    assert lefts == ["1", "2", "3"]
    assert rights == ["1", "2", "3", "4"]
    assert re.findall(r'<select id="i6-(\w+)"', page) == ["1", "2", "3"]
    assert re.findall(r'name="i0" value="(\w+)"', page) == ["1", "2", "3"]
    assert sitter.hall.row(sitter.attempt.removeprefix("/t/")).items[6]["o"] != ["a", "b", "c"]


def test_what_belongs_together_does_not_stand_in_the_same_order_where_options_are_not_shuffled(app: Flask) -> None:
    hall = Hall(shuffle_options=False)
    orders = set()
    for place in range(3):
        sitter = Sitter(hall, app, place)
        sitter.begin()
        orders.add(tuple(hall.row(sitter.attempt.removeprefix("/t/")).items[5]["o"]))
    assert len(orders) > 1


def test_brackets_without_end_are_refused(sitter: Sitter) -> None:
    sitter.begin()
    headers = {"Content-Type": "application/json", "Accept": "application/json", "X-Proof": sitter.proof()}
    with at(OPENED):
        answer = sitter.client.post(sitter.attempt + "/save", data="[" * 100_000, headers=headers)
    assert answer.status_code == 422
