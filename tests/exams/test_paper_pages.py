"""Pages of papers: composing without scripts, the check, the preview, what is printed, and who may do what."""

import io
import re
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from classroom.accounts.models import Organisation
from classroom.core.db import db
from classroom.exams.models import Paper
from classroom.exams.queries.papers import plan_of
from classroom.exams.queries.printed import forms_of
from classroom.exams.rules.kinds import Kind
from classroom.sessions.models import Course
from tests.exams.authoring import browser, followed, fresh_paper
from tests.exams.making import make_paper, make_question, make_sitting, make_topic
from tests.factories import (
    CourseFactory,
    make_class,
    vietnam,
)
from tests.support.pages import check_page

TERMS = {
    "title": "Kiểm tra cuối khóa",
    "instructions": "Không dùng **tài liệu**.",
    "time_limit": "45",
    "entry_window": "",
    "pass_percent": "50",
    "scale": "10",
    "layout": "one",
    "shuffle_questions": "y",
    "attempts_allowed": "2",
    "counts": "last",
    "show_score": "after_end",
    "require_sessions": "0",
    "retake_of": "",
}
pytestmark = pytest.mark.usefixtures("at_eight")


@pytest.fixture
def client(app: Flask, organisation: Organisation) -> FlaskClient:
    return browser(app, organisation)


def at_page(client: FlaskClient, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    check_page(answer.text)
    text: str = answer.text
    return text


def table(paper: Paper, do: str, **typed: Any) -> MultiDict[str, str]:
    """The table of parts as a browser sends it, with these columns overwritten."""
    found = fresh_paper(paper)
    rows = found.parts
    sent: dict[str, Any] = {
        "do": do,
        "seen": found.updated_at.isoformat(),
        "part": [f"question.{p.question.public_id}" if p.question else f"topic.{p.topic.public_id}" for p in rows],
        "draw": [str(part.draw_count) for part in rows],
        "points": [str(part.points.normalize()) for part in rows],
        "position": [str(place) for place in range(1, len(rows) + 1)],
    }
    return MultiDict({**sent, **typed})


def questions_of(paper: Paper) -> list[int | None]:
    return [part.question_id for part in fresh_paper(paper).parts]


def test_an_organisation_without_papers_is_shown_the_first_step(client: FlaskClient) -> None:
    assert "/exam-papers/new" in at_page(client, "/exam-papers")


def test_a_paper_is_set_up_and_leads_to_its_questions(client: FlaskClient, course: Course) -> None:
    at_page(client, f"/exam-papers/new?course={course.public_id}")
    answer = client.post("/exam-papers/new", data={**TERMS, "course": course.public_id})
    assert answer.status_code == 303
    made = db.session.query(Paper).one()
    assert answer.location == f"/exam-papers/{made.public_id}/parts"
    assert (made.entry_window, made.layout, made.counts, made.practice) == (None, "one", "last", False)
    assert (made.shuffle_questions, made.shuffle_options) == (True, False)
    at_page(client, answer.location)


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"time_limit": "0"},
        {"time_limit": "bốn"},
        {"pass_percent": "101"},
        {"course": ""},
        {"layout": "two"},
        {"counts": ""},
        {"retake_of": "0123456789AB"},
        {"title": "a" * 201},
        {"entry_window": "0"},
    ],
)
def test_wrong_terms_are_said_at_the_field_and_nothing_is_lost(
    client: FlaskClient, course: Course, wrong: dict[str, str]
) -> None:
    answer = client.post("/exam-papers/new", data={**TERMS, "course": course.public_id, **wrong})
    assert answer.status_code == 422
    check_page(answer.text)
    assert "Không dùng **tài liệu**." in answer.text
    assert db.session.query(Paper).count() == 0


def test_the_page_says_terms_parts_and_total_in_words(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course, time_limit=30, pass_percent=60, attempts_allowed=2, require_sessions=4)
    page = at_page(client, f"/exam-papers/{paper.public_id}")
    for words in ("30 phút", "60 % (4,2/7 điểm)", "2; tính lượt cao điểm nhất", "người đã dự ít nhất 4 buổi", "7 câu"):
        assert words in page


def test_what_stops_a_paper_is_named_with_a_link_to_the_question(client: FlaskClient, course: Course) -> None:
    good, bad = make_question(course), make_question(course, Kind.NUMERICAL, body={"answers": []})
    paper = make_paper(course, [good, bad])
    page = at_page(client, f"/exam-papers/{paper.public_id}")
    check = page[page.index('id="check"') :]
    assert f'href="/questions/{bad.public_id}"' in check[: check.index("</section>")]
    assert "Phải sửa" in check
    assert f"/exam-papers/{paper.public_id}/preview" not in page
    assert followed(client, f"/exam-papers/{paper.public_id}/preview").status_code == 409


def test_a_paper_that_was_sat_says_how_often(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    trained = make_class(course=course)
    for place in (0, 1):
        make_sitting(paper, trained.sessions[place], vietnam(8))
    for address in ("", "/edit", "/parts"):
        assert "Đã có 2 lần kiểm tra dùng đề này" in at_page(client, f"/exam-papers/{paper.public_id}{address}")


def test_a_paper_leads_to_the_figures_of_its_questions_once_it_was_sat(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    figures = f'href="/exam-papers/{paper.public_id}/analysis"'
    assert figures not in at_page(client, f"/exam-papers/{paper.public_id}")
    make_sitting(paper, make_class(course=course).sessions[0], vietnam(8))
    assert figures in at_page(client, f"/exam-papers/{paper.public_id}")


# --- the table of parts ---


def test_lines_are_moved_removed_and_weighed_by_buttons_alone(client: FlaskClient, course: Course) -> None:
    one, two, three = (make_question(course) for _ in range(3))
    paper = make_paper(course, [one, two, three])
    address = f"/exam-papers/{paper.public_id}/parts"
    at_page(client, address)
    for do, typed, order in (
        ("down.0", {}, [two, one, three]),
        ("up.2", {}, [two, three, one]),
        ("up.0", {}, [two, three, one]),
        ("save", {"position": ["3", "1", "2"]}, [three, one, two]),
        ("save", {"position": ["9", "x", "0,5"]}, [two, three, one]),
        ("save", {"remove": ["1"]}, [two, one]),
    ):
        assert client.post(address, data=table(paper, do, **typed)).status_code == 303
        assert questions_of(paper) == [each.id for each in order], do
    client.post(address, data=table(paper, "done", points=["0,25", "2"]))
    assert [part.points for part in fresh_paper(paper).parts] == [Decimal("0.25"), Decimal(2)]


def test_a_draw_from_a_topic_is_added_and_what_was_typed_is_kept_with_it(client: FlaskClient, course: Course) -> None:
    topic = make_topic(course.organisation_id)
    for _ in range(3):
        make_question(course, topic=topic)
    paper = make_paper(course, [make_question(course)])
    address = f"/exam-papers/{paper.public_id}/parts"
    new = {"new_topic": topic.public_id, "new_draw": "3", "new_points": "0,5"}
    client.post(address, data=table(paper, "topic", points=["4"], **new))
    found = fresh_paper(paper)
    assert [(part.draw_count, part.points) for part in found.parts] == [(1, Decimal(4)), (3, Decimal("0.5"))]
    assert "chủ đề có 3 câu" in at_page(client, address)
    assert plan_of(found).total == Decimal("5.5")


@pytest.mark.parametrize("typed", [{"points": ["0"]}, {"points": ["một"]}, {"points": ["-1"]}, {"points": [""]}])
def test_a_line_that_makes_no_sense_is_shown_again_as_it_was_typed(
    client: FlaskClient, course: Course, typed: dict[str, list[str]]
) -> None:
    paper = make_paper(course, [make_question(course)])
    answer = client.post(f"/exam-papers/{paper.public_id}/parts", data=table(paper, "save", **typed))
    assert answer.status_code == 422
    check_page(answer.text)
    assert f'name="points" value="{typed["points"][0]}"' in answer.text
    assert [part.points for part in fresh_paper(paper).parts] == [Decimal(1)]


def test_of_two_tables_sent_one_after_the_other_the_second_is_told(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course, [make_question(course), make_question(course)])
    stale = table(paper, "save", remove=["0"])
    address = f"/exam-papers/{paper.public_id}/parts"
    assert client.post(address, data=stale).status_code == 303
    answer = client.post(address, data=stale)
    assert answer.status_code == 409
    check_page(answer.text)
    assert len(fresh_paper(paper).parts) == 1


def test_a_form_that_was_never_shown_does_not_empty_the_paper(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    for sent in ({}, {"seen": "heute"}, {"seen": "2026-10-12T08:00:00"}):
        assert client.post(f"/exam-papers/{paper.public_id}/parts", data=sent).status_code == 409
    assert len(fresh_paper(paper).parts) == len(Kind)


def test_questions_are_found_without_accents_and_put_at_the_end(client: FlaskClient, course: Course) -> None:
    first = make_question(course)
    wanted = make_question(course, Kind.TRUE_FALSE, text="Mật khẩu nên dài.")
    paper = make_paper(course, [first])
    address = f"/exam-papers/{paper.public_id}/questions"
    page = at_page(client, f"{address}?q=mat+khau")
    assert wanted.public_id in page
    assert first.public_id not in at_page(client, address)
    assert "Không có câu hỏi" in at_page(client, f"{address}?q=khongcogi")
    assert client.post(address, data={"chosen": [wanted.public_id], "points": "1,5"}).status_code == 303
    assert [(part.question_id, part.points) for part in fresh_paper(paper).parts] == [
        (first.id, Decimal(1)),
        (wanted.id, Decimal("1.5")),
    ]


def test_points_that_make_no_sense_keep_the_choice(client: FlaskClient, course: Course) -> None:
    wanted = make_question(course)
    paper = make_paper(course, [make_question(course)])
    answer = client.post(
        f"/exam-papers/{paper.public_id}/questions", data={"chosen": [wanted.public_id], "points": "0"}
    )
    assert answer.status_code == 422
    check_page(answer.text)
    assert re.search(f'value="{wanted.public_id}"[^>]* checked', answer.text)


# --- the preview ---


def test_each_preview_is_a_fresh_draw_and_its_address_shows_it_again(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course, [make_question(course, text=f"Câu {n}?") for n in range(9)], shuffle_questions=True)
    address = f"/exam-papers/{paper.public_id}/preview"
    drawn = [client.get(address).location for _ in range(2)]
    assert drawn[0] != drawn[1]
    order = [re.findall(r"Câu \d\?", at_page(client, each)) for each in (*drawn, drawn[0])]
    assert order[0] == order[2] != order[1]
    assert sorted(order[0]) == sorted(order[1])
    assert client.get(f"{address}?seed=zz").status_code == 303


@pytest.mark.parametrize("layout", ["one", "all"])
def test_the_preview_shows_every_kind_and_no_key(client: FlaskClient, course: Course, layout: str) -> None:
    paper = make_paper(course, layout=layout, instructions="Không dùng **tài liệu**.")
    page = at_page(client, client.get(f"/exam-papers/{paper.public_id}/preview").location)
    for kind in Kind:
        assert f'data-kind="{kind.value}"' in page
    assert "<strong>tài liệu</strong>" in page
    assert "3.14" not in page.replace("3,14", "")
    assert " checked" not in page


# --- copies, putting away ---


def test_a_retake_paper_is_made_and_points_to_its_first(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    address = f"/exam-papers/{paper.public_id}/copy"
    assert "(thi lại)" in at_page(client, f"{address}?retake=1")
    answer = client.post(address, data={"title": "Thi lại", "course": course.public_id, "retake": "y"})
    page = at_page(client, answer.location)
    assert f'href="/exam-papers/{paper.public_id}"' in page
    assert "Thi lại" in at_page(client, f"/exam-papers/{paper.public_id}")
    other = CourseFactory(programme=course.programme)
    refused = client.post(address, data={"title": "Thi lại", "course": other.public_id, "retake": "y"})
    assert refused.status_code == 422
    check_page(refused.text)


def test_a_paper_is_retired_and_brought_back(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    address = f"/exam-papers/{paper.public_id}"
    assert client.post(f"{address}/retire", data={"retired": "1"}).status_code == 303
    assert "ngừng dùng" in at_page(client, address)
    assert "/parts" not in client.get(address).text
    assert client.post(f"{address}/retire", data={"retired": "0"}).status_code == 303
    assert fresh_paper(paper).retired_at is None


# --- printed forms ---


def test_forms_are_drawn_printed_and_annulled(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    address = f"/exam-papers/{paper.public_id}/forms"
    at_page(client, address)
    assert client.post(address, data={"count": "2"}).status_code == 303
    page = at_page(client, address)
    assert ["101" in page, "102" in page] == [True, True]
    form = forms_of(fresh_paper(paper))[0]
    pdf = client.get(f"{address}/{form.public_id}/paper.pdf")
    assert (pdf.status_code, pdf.mimetype) == (200, "application/pdf")
    assert "Mã đề: 101" in pypdf.PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text()
    key = client.get(f"{address}/key.pdf")
    assert "MÃ ĐỀ 102" in pypdf.PdfReader(io.BytesIO(key.data)).pages[1].extract_text()
    annul = f"{address}/{form.public_id}/annul"
    at_page(client, annul)
    assert client.post(annul, data={"reason": " "}).status_code == 422
    assert client.post(annul, data={"reason": "in mờ"}).status_code == 303
    assert "Đã hủy" in at_page(client, address)


@pytest.mark.parametrize("count", ["0", "9", "hai", ""])
def test_a_number_of_forms_that_makes_no_sense_is_said(client: FlaskClient, course: Course, count: str) -> None:
    paper = make_paper(course)
    answer = client.post(f"/exam-papers/{paper.public_id}/forms", data={"count": count})
    assert answer.status_code == 422
    check_page(answer.text)
    assert forms_of(fresh_paper(paper)) == []


def test_without_a_form_there_is_no_key(client: FlaskClient, course: Course) -> None:
    paper = make_paper(course)
    assert client.get(f"/exam-papers/{paper.public_id}/forms/key.pdf").status_code == 404
