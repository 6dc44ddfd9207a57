"""Pages of the question bank."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.exams.models import Question, QuestionVersion, Topic
from classroom.exams.queries import bank as queries
from classroom.exams.rules.kinds import Content, Kind
from classroom.exams.services import bank
from classroom.exams.services.bank import Place
from classroom.sessions.models import Course
from tests.exams.authoring import XSS, how_many, single
from tests.exams.making import make_paper
from tests.factories import (
    CourseFactory,
    ProgrammeFactory,
)
from tests.support.pages import check_page

pytestmark = pytest.mark.usefixtures("at_eight")


def newest() -> QuestionVersion:
    db.session.rollback()
    found = db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id.desc())).first()
    assert found is not None
    return found


# --- writing ---


def test_the_kind_is_chosen_first(desk: FlaskClient) -> None:
    page = desk.get("/questions/new")
    check_page(page.text)
    for kind in Kind:
        assert f"/questions/new?kind={kind.value}" in page.text
        form = desk.get(f"/questions/new?kind={kind.value}")
        assert form.status_code == 200
        check_page(form.text)


def test_a_question_is_added_and_shown_with_its_key(desk: FlaskClient) -> None:
    answer = desk.post("/questions/new", data=single())
    assert answer.status_code == 303
    assert newest().body == {
        "options": [{"id": "k", "text": "Word", "right": False}, {"id": "m", "text": "Chrome", "right": True}]
    }
    page = desk.get(answer.location)
    check_page(page.text)
    assert re.search(r"keyed-right.*Chrome", page.text, re.DOTALL)
    assert not re.search(r"keyed-right[^/]*Word", page.text)


def test_save_and_write_another_keeps_kind_and_topic(desk: FlaskClient) -> None:
    answer = desk.post("/questions/new", data=single(do="another"))
    page = desk.get(answer.location).text
    assert 'name="kind" value="single"' in page
    assert 'value="Trình duyệt"' in page


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"text": " "}, "text", "Hãy nhập nội dung câu hỏi"),
        ({"right": ""}, "options", "đáp án nào đúng"),
        ({"option-text": ["Word", "Word", ""]}, "options", "Hai dòng giống nhau"),
        ({"option-text": ["", "Chrome", ""]}, "options", "ít nhất 2 dòng"),
        ({"option-weight": ["x", "100", ""]}, "options", "Tỷ lệ điểm phải là số"),
        ({"title": "a" * 201}, "title", "Tối đa 200 ký tự"),
        ({"feedback": "a" * 8001}, "feedback", "Tối đa 8000 ký tự"),
        ({"text": "![x](picture:000000000000)"}, "text", "Không có hình ảnh 000000000000"),
        ({"topic": "a" * 121}, "topic", "tối đa 120 ký tự"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(
    desk: FlaskClient, changes: dict[str, Any], field: str, words: str
) -> None:
    sent = single(**{"title": "Tên riêng", **changes})
    answer = desk.post("/questions/new", data=sent)
    assert answer.status_code == 422
    check_page(answer.text)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-error"' in answer.text
    assert words in answer.text
    assert sent["topic"] in answer.text
    assert sent["title"] in answer.text
    assert all(text in answer.text for text in sent["option-text"])
    if sent["right"]:
        assert re.search(r'type="radio" name="right" value="m" checked', answer.text)
    assert how_many(Question) == 0


def test_every_code_of_a_flaw_has_words() -> None:
    from pathlib import Path

    from classroom.exams.rules import kinds
    from classroom.web.words import REFUSALS

    codes = set(re.findall(r'"(question\.\w+)"', Path(kinds.__file__).read_text("utf-8")))
    assert len(codes) > 10
    assert codes <= REFUSALS.keys()


@pytest.mark.parametrize("path", ["/questions/new", "edit"])
def test_rows_are_worked_on_without_scripts(desk: FlaskClient, question: str, path: str) -> None:
    url = path if path != "edit" else f"/questions/{question}/edit"

    def texts(do: str) -> list[str]:
        page = desk.post(url, data=single(do=do, number="2"))
        assert page.status_code == 200
        check_page(page.text)
        return re.findall(r'name="option-text"[^>]*>([^<]*)</textarea>', page.text)

    assert texts("add:option") == ["Word", "Chrome", "", ""]
    assert texts("up:option:1") == ["Chrome", "Word", ""]
    assert texts("down:option:0") == ["Chrome", "Word", ""]
    assert texts("remove:option:0") == ["Chrome", ""]
    assert how_many(QuestionVersion) == 2


def test_the_preview_shows_what_stands_on_the_page_and_saves_nothing(desk: FlaskClient) -> None:
    page = desk.post("/questions/new", data=single(do="preview", text="**Đậm** " + XSS))
    check_page(page.text)
    part = desk.post("/questions/preview", data=single(text="**Đậm** " + XSS))
    for text in (page.text, part.text):
        assert "<strong>Đậm</strong> &lt;script&gt;alert(1)&lt;/script&gt;" in text
        assert XSS not in text
    assert "<html" not in part.text
    assert how_many(Question) == 0


@pytest.mark.parametrize("kind", list(Kind))
def test_the_preview_bears_half_a_question_of_every_kind(desk: FlaskClient, kind: Kind) -> None:
    names = ("option", "answer", "pair", "extra", "item")
    half = {"kind": kind.value, **{f"{name}-id": "a" for name in names}, **{f"{name}-text": "x" for name in names}}
    assert desk.post("/questions/preview", data=half).status_code == 200
    assert desk.post("/questions/preview", data={"kind": kind.value}).status_code == 200
    assert desk.post("/questions/preview", data={"kind": "essay"}).status_code == 400


# --- versions ---


def test_an_edit_makes_a_version_and_the_earlier_one_can_be_read_and_taken_again(
    desk: FlaskClient, question: str
) -> None:
    form = desk.get(f"/questions/{question}/edit")
    check_page(form.text)
    assert "Thủ đô nước ta?" in form.text
    first = desk.get(f"/questions/{question}?version=1")
    check_page(first.text)
    assert "<strong>Việt Nam</strong>" in first.text
    assert "<strong>Việt Nam</strong>" not in desk.get(f"/questions/{question}").text
    assert "Thủ đô của **Việt Nam**?" in desk.get(f"/questions/{question}/edit?version=1").text
    assert desk.get(f"/questions/{question}?version=3").status_code == 404
    answer = desk.post(f"/questions/{question}/edit", data=single(number="2", note="làm rõ"))
    assert answer.status_code == 303
    assert (newest().number, newest().note) == (3, "làm rõ")


def test_saving_without_a_change_says_so(desk: FlaskClient, question: str) -> None:
    options = {
        "option-id": ["a", "b", "c"],
        "option-text": ["Hà Nội", "Huế", "Vinh"],
        "right": "a",
        "text": "Thủ đô nước ta?",
        "number": "2",
    }
    answer = desk.post(f"/questions/{question}/edit", data=single(**options))
    assert "không tạo phiên bản mới" in desk.get(answer.location).text
    assert how_many(QuestionVersion) == 2


def test_who_was_overtaken_is_told_keeps_the_text_and_may_save_on_top(desk: FlaskClient, question: str) -> None:
    answer = desk.post(f"/questions/{question}/edit", data=single(number="1"))
    assert answer.status_code == 409
    assert "đã lưu phiên bản 2" in answer.text
    assert "Đâu là trình duyệt?" in answer.text
    assert 'name="number" value="2"' in answer.text
    assert desk.post(f"/questions/{question}/edit", data=single(number="2")).status_code == 303
    assert newest().number == 3


def test_a_question_goes_out_of_use_and_comes_back(desk: FlaskClient, question: str) -> None:
    desk.post(f"/questions/{question}/retire", data={"retired": "1"})
    assert "Thủ đô nước ta?" not in desk.get("/questions").text
    assert "Thủ đô nước ta?" in desk.get("/questions?retired=1").text
    assert "ngừng dùng từ ngày 12/10/2026" in desk.get(f"/questions/{question}").text
    desk.post(f"/questions/{question}/retire", data={"retired": "0"})
    assert "Thủ đô nước ta?" in desk.get("/questions").text


# --- lists and topics ---


def test_questions_are_searched_by_words_and_narrowed(desk: FlaskClient, question: str) -> None:
    page = desk.get("/questions")
    check_page(page.text)
    assert question in page.text
    assert question in desk.get("/questions?q=THU+do").text
    assert question not in desk.get("/questions?q=khong+co").text
    assert question not in desk.get("/questions?kind=matching").text
    assert question in desk.get("/questions?kind=nonsense&course=&topic=").text
    check_page(desk.get(f"/questions?q={XSS}").text)


def test_the_page_of_a_question_names_the_papers_it_is_in(desk: FlaskClient, actor: Actor, question: str) -> None:
    course: Course = CourseFactory(programme=ProgrammeFactory(organisation_id=actor.organisation_id))
    paper = make_paper(course, [queries.get_question(actor, question)], title="Đề cuối khóa").public_id
    assert f'/exam-papers/{paper}">Đề cuối khóa</a>' in desk.get(f"/questions/{question}").text


def test_topics_are_added_renamed_and_merged(desk: FlaskClient, question: str) -> None:
    check_page(desk.get("/questions/topics").text)
    assert desk.post("/questions/topics", data={"name": "Bản đồ"}).status_code == 303
    taken = desk.post("/questions/topics", data={"name": "BAN DO"})
    assert taken.status_code == 409
    assert "Đã có chủ đề" in taken.text
    assert 'value="BAN DO"' in taken.text
    db.session.rollback()
    geography, maps = (
        db.session.scalars(select(Topic.public_id).where(Topic.name == name)).one() for name in ("Địa lý", "Bản đồ")
    )
    page = desk.get(f"/questions/topics/{geography}")
    check_page(page.text)
    assert "1 câu hỏi chuyển sang chủ đề kia" in page.text
    assert desk.post(f"/questions/topics/{geography}", data={"name": " "}).status_code == 422
    assert desk.post(f"/questions/topics/{geography}", data={"name": "Địa lí"}).status_code == 303
    assert desk.post(f"/questions/topics/{geography}/merge", data={"into": ""}).status_code == 422
    assert desk.post(f"/questions/topics/{geography}/merge", data={"into": maps}).status_code == 303
    assert desk.get(f"/questions/topics/{geography}").status_code == 404
    assert question in desk.get(f"/questions?topic={maps}").text


def test_the_list_asks_the_database_no_more_often_when_it_grows(app: Flask, desk: FlaskClient, actor: Actor) -> None:
    def queries_made() -> int:
        seen: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
        desk.get("/questions")
        return len(seen)

    for number in range(2):
        bank.add_question(
            Content(Kind.TRUE_FALSE, f"{number}", {"right": True}), Place(topic=f"T{number}"), actor=actor
        )
    few = queries_made()
    for number in range(8):
        bank.add_question(
            Content(Kind.TRUE_FALSE, f"{number}", {"right": True}), Place(topic=f"U{number}"), actor=actor
        )
    assert queries_made() <= few
