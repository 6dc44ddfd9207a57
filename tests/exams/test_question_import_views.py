"""The pages of an import of questions, and those of the way out."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import func, select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.sheets import SheetLimits, read_table
from classroom.exams.models import Question, QuestionImport, Topic
from classroom.exams.rules.imports.gift import parse_gift
from classroom.exams.rules.imports.sheet import parse_sheets
from classroom.exams.rules.kinds import Kind
from tests.exams.making import make_question
from tests.factories import CourseFactory, ProgrammeFactory, StaffFactory, sign_in
from tests.support.pages import check_page

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "questions"
URL = "/questions/import"
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{7}"


@pytest.fixture
def staff(app: Flask) -> StaffFactory:
    return StaffFactory(role_names=("coordinator",))


@pytest.fixture
def browser_of(client: FlaskClient, staff: StaffFactory) -> FlaskClient:
    return sign_in(client, staff)


def send(client: FlaskClient, content: bytes | str, name: str = "cau-hoi.txt", **fields: str):
    data = content if isinstance(content, bytes) else content.encode()
    return client.post(URL, data={"file": (io.BytesIO(data), name), **fields})


def page_of(client: FlaskClient, answer) -> str:
    assert answer.status_code == 303
    page = client.get(answer.headers["Location"])
    check_page(page.text)
    return page.text


def confirm(client: FlaskClient, location: str, **fields: str):
    digest = re.search(r'name="digest" value="(\w+)"', client.get(location).text)[1]
    return client.post(f"{location}/confirm", data={"digest": digest, **fields})


def questions() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(Question.id)))


def test_a_file_is_shown_with_its_right_answers_and_then_confirmed(
    browser_of: FlaskClient, staff: StaffFactory
) -> None:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id))
    check_page(browser_of.get(URL).text)
    sent = send(browser_of, (SAMPLES / "tin-hoc.gift").read_bytes(), course=course.public_id)
    page = page_of(browser_of, sent)
    right = re.findall(r'class="draft-right">.*?<span class="value" translate="no">(.*?)</span>', page)
    assert {"Song.Lam-xanh-27-buoi", "SUM", "14", "từ 3,1 đến 3,2", "Ctrl+C → Sao chép"} - {*right} == {
        "từ 3,1 đến 3,2"
    }
    assert "Nhập 8 câu hỏi" in page
    assert "Chủ đề: Bảng tính" in page
    assert questions() == 0
    done = confirm(browser_of, sent.headers["Location"])
    assert "Đã đưa 8 câu hỏi vào ngân hàng" in page_of(browser_of, done)
    assert questions() == 8
    assert db.session.scalars(select(Question.course_id)).first() == course.id
    check_page(browser_of.get(URL).text)


def test_every_kind_of_question_has_a_page(browser_of: FlaskClient) -> None:
    examples = load_workbook(io.BytesIO(browser_of.get(f"{URL}/template.xlsx").data))
    examples.remove(examples["Câu hỏi"])
    examples["Ví dụ"].title = "Câu hỏi"
    target = io.BytesIO()
    examples.save(target)
    page = page_of(browser_of, send(browser_of, target.getvalue(), "mau.xlsx"))
    for words in (
        "Một đáp án đúng",
        "Nhiều đáp án đúng",
        "Đúng – sai",
        "Điền số",
        "Trả lời ngắn",
        "Ghép đôi",
        "Sắp xếp thứ tự",
    ):
        assert words in page
    assert "3,14 ± 0,005" in page
    assert "Chấp nhận câu trả lời không dấu." in page


def test_bad_lines_are_shown_with_number_words_and_text_and_need_a_tick(browser_of: FlaskClient) -> None:
    sent = send(browser_of, (SAMPLES / "hong.gift").read_bytes())
    page = page_of(browser_of, sent)
    for part in ("Dòng 3", "tự luận", "Trình bày cách tạo mật khẩu mạnh. {}", "Dòng 11", "H* N*"):
        assert part in page
    refused = confirm(browser_of, sent.headers["Location"])
    assert (refused.status_code, "Nhập các câu còn lại" in refused.text, questions()) == (409, True, 0)
    check_page(refused.text)
    confirm(browser_of, sent.headers["Location"], others="1")
    assert questions() == 1


def test_a_line_with_several_faults_stands_there_once_with_all_of_them_and_counts_as_one(
    browser_of: FlaskClient,
) -> None:
    page = page_of(browser_of, send(browser_of, "Thủ đô? {~Hà Nội ~Hà Nội}\n\nHai? {T}"))
    (line,) = re.findall(r'<div class="problem-place">.*?</li>', page, re.DOTALL)
    assert "Dòng 1" in line
    assert line.count("Thủ đô? {~Hà Nội ~Hà Nội}") == 1
    assert "giống nhau" in line
    assert "đáp án nào đúng" in line
    assert re.search(r"1</div>\s*<div class=\"stat-label\">dòng không nhập được", page)
    assert "1 dòng không được nhập." in page


def test_a_second_press_of_the_button_imports_once(browser_of: FlaskClient) -> None:
    location = send(browser_of, "Một {T}").headers["Location"]
    digest = re.search(r'name="digest" value="(\w+)"', browser_of.get(location).text)[1]
    for _ in range(2):
        assert browser_of.post(f"{location}/confirm", data={"digest": digest}).status_code == 303
    assert questions() == 1


def test_what_is_there_already_is_shown(browser_of: FlaskClient) -> None:
    confirm(browser_of, send(browser_of, "Một {T}").headers["Location"])
    page = page_of(browser_of, send(browser_of, "Một {T}\n\nHai {T}\n\nHai {T}"))
    assert "Ngân hàng đã có câu hỏi này." in page
    assert "Trùng với câu hỏi ở dòng 3." in page


def test_a_file_is_put_aside_or_read_another_way(browser_of: FlaskClient) -> None:
    location = send(browser_of, (SAMPLES / "soan-voi.txt").read_bytes()).headers["Location"]
    other = browser_of.post(f"{location}/format", data={"format": "gift"})
    assert "GIFT (Moodle)" in page_of(browser_of, other)
    wrong = browser_of.post(f"{location}/format", data={"format": "sheet"})
    assert (wrong.status_code, "dòng tiêu đề" in wrong.text) == (422, True)
    check_page(wrong.text)
    assert browser_of.post(f"{location}/drop").status_code == 303
    assert browser_of.get(location).status_code == 302
    assert browser_of.post(f"{location}/confirm", data={"digest": "x"}).status_code == 409
    assert questions() == 0


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.txt", "không có nội dung"),
        (b"MZ\x90\0\x03", "a.txt", "không phải là tệp văn bản"),
        (b"\xff\xfe\x00\xd8", "a.txt", "Không đọc được bảng mã"),
        (b"%PDF-1.7", "a.xlsx", "không phải là tệp Excel"),
        ("Kính gửi".encode(), "a.txt", "không giống GIFT"),
        (b"x {T}\n\n" * 1001, "a.gift", "1000 câu hỏi"),
        (b"Loai,Cot\n", "a.csv", "dòng tiêu đề"),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_is_not_kept(
    browser_of: FlaskClient, content: bytes, name: str, words: str
) -> None:
    answer = send(browser_of, content, name)
    assert (answer.status_code, words in answer.text) == (422, True)
    check_page(answer.text)
    assert db.session.scalar(select(func.count(QuestionImport.id))) == 0


def test_no_file_and_a_file_beyond_measure_are_refused(app: Flask, browser_of: FlaskClient) -> None:
    assert "Trước hết hãy chọn tệp" in browser_of.post(URL, data={}).text
    app.config["SHEET_UPLOAD_LIMIT"] = 1000
    assert send(browser_of, "x {T}\n\n" * 200).status_code == 422
    app.config["MAX_CONTENT_LENGTH"] = 1000
    assert send(browser_of, "x {T}\n\n" * 200).status_code == 413


def test_what_people_type_stays_text(browser_of: FlaskClient) -> None:
    hidden = HOSTILE.replace("{", "\\{").replace("}", "\\}").replace("=", "\\=")
    gift = (
        f"$CATEGORY: {hidden}\n\n::{hidden}::[plain]{hidden} {{=[plain]{hidden}#[plain]{hidden} ~x####[plain]{hidden}}}"
    )
    gift += f"\n\n[html]{hidden} {{T}}\n\nx {{=[plain]{hidden} -> {hidden} =b -> c}}\n\nx {{=[plain]{hidden}}}"
    sent = send(browser_of, gift, f"{HOSTILE[:25]}.gift", format="gift")
    page = page_of(browser_of, sent)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    confirm(browser_of, sent.headers["Location"], others="1")
    for url in (URL, "/questions/export", sent.headers["Location"]):
        shown = browser_of.get(url).text
        check_page(shown)
        assert "<script>alert" not in shown


def test_questions_are_taken_out_as_gift_and_as_a_sheet(browser_of: FlaskClient, staff: StaffFactory) -> None:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id))
    keys = [make_question(course, kind, text=f"Câu {kind.value}").public_id for kind in Kind]
    page = browser_of.get("/questions/export").text
    check_page(page)
    assert "Đang chọn 7 câu hỏi." in page
    assert "1 câu hỏi không hợp với định dạng này" in page
    assert "Câu ordering" in page
    gift = browser_of.post("/questions/export", data={"format": "gift", "course": course.public_id})
    assert gift.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert gift.headers["Content-Disposition"] == "attachment; filename=cau-hoi.gift"
    assert len(parse_gift(gift.text).drafts) == 6
    assert "// Định dạng GIFT không chứa được câu hỏi này (Sắp xếp thứ tự): Câu ordering" in gift.text
    sheet = browser_of.post("/questions/export", data={"format": "sheet"})
    assert len(parse_sheets(read_table(sheet.data, "a.xlsx", SheetLimits())).drafts) == 7
    some = browser_of.post("/questions/export", data={"format": "gift", "chosen": keys[:2]})
    assert len(parse_gift(some.text).drafts) == 2
    facts = db.session.scalars(
        select(AuditEntry.facts).where(AuditEntry.action == "question.exported").order_by(AuditEntry.id)
    ).all()
    assert [(one["format"], one["count"], one["left_out"]) for one in facts] == [
        ("gift", 6, 1), ("sheet", 7, 0), ("gift", 2, 0),
    ]  # fmt: skip


def test_the_chosen_questions_and_the_filter_reach_the_download(browser_of: FlaskClient, staff: StaffFactory) -> None:
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=staff.organisation_id))
    one, _ = (make_question(course, kind).public_id for kind in (Kind.SINGLE, Kind.MULTIPLE))
    page = browser_of.get("/questions/export", query_string={"chosen": one}).text
    assert f'name="chosen" value="{one}"' in page
    assert "Đang chọn 1 câu hỏi." in page
    filtered = browser_of.get("/questions/export", query_string={"kind": "multiple", "q": "thủ đô"}).text
    assert 'name="kind" value="multiple"' in filtered
    assert "Đang chọn 1 câu hỏi." in filtered
    nothing = browser_of.get("/questions/export", query_string={"q": "không có"})
    check_page(nothing.text)
    assert "Không có câu hỏi để xuất" in nothing.text
    assert "Không có câu hỏi để xuất" in browser_of.post("/questions/export", data={"q": "không có"}).text


def test_the_template_is_a_spreadsheet(browser_of: FlaskClient) -> None:
    answer = browser_of.get(f"{URL}/template.xlsx")
    assert "mau-cau-hoi.xlsx" in answer.headers["Content-Disposition"]
    assert load_workbook(io.BytesIO(answer.data)).sheetnames == ["Câu hỏi", "Ví dụ", "Hướng dẫn"]


def test_pages_with_answers_are_kept_by_no_cache(browser_of: FlaskClient) -> None:
    location = send(browser_of, "Một {T}").headers["Location"]
    for url in (location, URL, "/questions/export"):
        assert "no-store" in browser_of.get(url).headers["Cache-Control"]
    assert "no-store" in browser_of.post("/questions/export", data={"format": "gift"}).headers["Cache-Control"]


def test_a_trainer_and_a_stranger_get_nowhere(app: Flask, browser_of: FlaskClient) -> None:
    location = send(browser_of, "Một {T}").headers["Location"]
    trainer = sign_in(app.test_client(), StaffFactory(role_names=("trainer",)))
    assert {trainer.get(url).status_code for url in (URL, location, "/questions/export")} == {403}
    stranger = sign_in(app.test_client(), StaffFactory(role_names=("coordinator",)))
    assert stranger.get(location).status_code == 404
    for step in ("confirm", "drop", "format"):
        assert stranger.post(f"{location}/{step}", data={"format": "gift"}).status_code == 404
    assert db.session.scalar(select(func.count(Topic.id))) == 0
