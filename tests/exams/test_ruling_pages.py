"""Decide about a question on a page: choose, see who changes, apply with a reason, apply again."""

import io
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from classroom.core.db import db
from classroom.exams.models import Ruling
from classroom.exams.services import renewing
from classroom.exams.views import rulings as rulings_page
from classroom.jobs.models import Job
from classroom.jobs.services import run_queued
from tests.exams.marking import add_version, figures
from tests.exams.office import Office, rows
from tests.support.pages import check_page


@pytest.fixture
def office(app: Flask) -> Office:
    return Office()


def rulings() -> int:
    return db.session.scalar(select(func.count(Ruling.id))) or 0


def done(browser: FlaskClient, path: str, form: dict[str, str]) -> str:
    """The page after a decision."""
    assert browser.post(path, data=form).status_code == 303
    page: str = browser.get(path).text
    return page


def test_the_dry_run_names_who_would_fail_first_and_writes_nothing(app: Flask, office: Office) -> None:
    wins, loses = office.sits("Lê Hoàng Anh", "babb"), office.sits("Nguyễn Thị Ánh", "aabb")
    office.sits("Trần Thị Ân", "caaa")
    office.rekeyed(0)
    page = office.coordinator(app).get(f"{office.ruling_path()}?action=rekey-2").text
    check_page(page)
    assert "2 trong 3 bài có kết quả khác: 1 học viên không còn đạt, thêm 1 học viên đạt." in page
    first, second = rows(page)
    assert "Nguyễn Thị Ánh 2 /4 1 /4 Đạt rồi thành Không đạt" in first
    assert "Lê Hoàng Anh 1 /4 2 /4 Không đạt rồi thành Đạt" in second
    assert [figures(each)[0] for each in (wins, loses)] == [1, 2]
    question = page.partition('<div class="keyed">')[2].partition("</section>")[0]
    assert [option in question for option in ("Hà Nội", "Huế", "Vinh")] == [True] * 3
    assert "Hà Nội<span" in question.partition("keyed-right")[2].partition("</li>")[0]
    assert rulings() == 0


def test_the_key_that_was_decided_on_is_shown_as_the_present_one(app: Flask, office: Office) -> None:
    office.sits("Nguyễn Thị Ánh", "aabb")
    office.rekeyed(0)
    browser, path = office.coordinator(app), office.ruling_path()
    assert "là của phiên bản 1." in browser.get(path).text
    page = done(browser, path, {"action": "rekey-2", "reason": "đáp án sai"})
    assert "là của phiên bản 2." in page
    assert "Huế<span" in page.partition("keyed-right")[2].partition("</li>")[0]


def test_of_many_changes_the_gravest_are_shown_all_are_counted_and_the_spreadsheet_has_them_all(
    app: Flask, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rulings_page, "MOST_SHOWN", 2)
    for name, letters in (
        ("Bế Văn An", "babb"),
        ("Cù Thị Bích", "bbbb"),
        ("Đỗ Văn Chi", "aabb"),
        ("Hà Văn Du", "aaab"),
    ):
        office.sits(name, letters)
    office.rekeyed(0)
    browser, path = office.coordinator(app), office.ruling_path()
    page = browser.get(f"{path}?action=rekey-2").text
    check_page(page)
    assert "4 trong 4 bài có kết quả khác: 1 học viên không còn đạt, thêm 1 học viên đạt." in page
    assert ["Đỗ Văn Chi" in row or "Bế Văn An" in row for row in rows(page)] == [True, True]
    assert "Chỉ hiện 2 trong 4 bài" in page
    sheet = browser.get(f"{path}.xlsx?action=rekey-2")
    heading, *lines = openpyxl.load_workbook(io.BytesIO(sheet.data)).worksheets[0].iter_rows(values_only=True)
    named = [dict(zip(heading, line, strict=True)) for line in lines]
    assert [line["Họ và tên"] for line in named][:2] == ["Đỗ Văn Chi", "Bế Văn An"]
    assert len(named) == 4
    first = named[0]
    assert (first["Số điểm trước"], first["Kết quả trước"]) == (2, "Đạt")
    assert (first["Số điểm sau"], first["Kết quả sau"]) == (1, "Không đạt")
    assert browser.get(f"{path}.xlsx?action=other").status_code == 422
    assert rulings() == 0


def test_points_on_the_page_have_two_places_at_most(app: Flask) -> None:
    office = Office(questions=3)
    for part in office.paper.parts:
        part.points = Decimal("0.33333")
    sitting = office.open()
    office.letters("abb", sitting=sitting, learner=office.learner("Nguyễn Thị Ánh"))
    page = office.coordinator(app).get(f"{office.ruling_path()}?action=drop").text
    assert "0,33 /1" in rows(page)[0]


def test_who_finds_the_key_wrong_is_led_to_the_question(app: Flask, office: Office) -> None:
    office.sits("Nguyễn Thị Ánh", "aabb")
    question = office.ruling_path().split("/")[-2]
    assert f'href="/questions/{question}/edit"' in office.coordinator(app).get(office.ruling_path()).text


def test_it_is_applied_with_a_reason_and_a_second_time_changes_nothing(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "aabb")
    office.rekeyed(0)
    browser, path = office.coordinator(app), office.ruling_path()
    form = {"action": "rekey-2", "reason": "đáp án sai"}
    refused = browser.post(path, data={**form, "reason": " "})
    assert refused.status_code == 422
    check_page(refused.text)
    assert "Nguyễn Thị Ánh" in refused.text
    assert rulings() == 0
    assert "1 trong 1 bài có kết quả khác" in done(browser, path, form)
    assert figures(attempt) == (1, 4, "fail")
    again = done(browser, path, form)
    check_page(again)
    assert "Không có gì thay đổi" in again
    assert rulings() == 1
    assert "Không kết quả nào thay đổi" in browser.get(f"{path}?action=rekey-2").text


def test_a_decision_shows_on_the_results_and_in_the_analysis(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "bbaa")
    browser = office.coordinator(app)
    browser.post(office.ruling_path(), data={"action": "drop", "reason": "chưa dạy"})
    results = browser.get(office.path()).text
    assert "Câu hỏi không được tính điểm" in results
    assert "chưa dạy" in results
    assert "Câu hỏi không được tính điểm" in rows(browser.get(office.path("analysis")).text)[0]
    assert "không tính điểm" in browser.get(f"/attempts/{attempt.public_id}").text


@pytest.mark.parametrize("action", ["", "other", "rekey", "rekey-", "rekey-x", "rekey-²", "rekey-7"])
def test_what_cannot_be_chosen_is_refused_in_words(app: Flask, office: Office, action: str) -> None:
    office.sits("Nguyễn Thị Ánh", "aabb")
    browser, path = office.coordinator(app), office.ruling_path()
    for answer in (
        browser.get(path, query_string={"action": action}),
        browser.post(path, data={"action": action, "reason": "x"}),
    ):
        assert answer.status_code == 422
        check_page(answer.text)
        assert "Xin" in answer.text or "Chọn" in answer.text
    assert rulings() == 0


def test_a_key_with_other_options_is_refused_with_what_to_do_instead(app: Flask, office: Office) -> None:
    office.sits("Nguyễn Thị Ánh", "aabb")
    add_version(
        office.questions[0],
        {"options": [{"id": "x", "text": "1", "right": True}, {"id": "y", "text": "2", "right": False}]},
    )
    answer = office.coordinator(app).get(f"{office.ruling_path()}?action=rekey-2")
    assert answer.status_code == 409
    check_page(answer.text)
    assert "không có cùng" in answer.text or "phương án" in answer.text


def test_only_who_marks_decides(app: Flask, office: Office) -> None:
    office.sits("Nguyễn Thị Ánh", "aabb")
    for browser in (office.browser(app, "viewer"), office.browser(app, "trainer", teaches=True)):
        assert browser.get(office.ruling_path()).status_code == 403
        assert browser.get(f"{office.ruling_path()}.xlsx?action=full").status_code == 403
        assert browser.post(office.ruling_path(), data={"action": "full", "reason": "x"}).status_code == 403
        assert "Quyết định về câu hỏi này" not in browser.get(office.path("analysis")).text
    assert Office().coordinator(app).get(office.ruling_path()).status_code == 404
    assert rulings() == 0


@pytest.fixture
def two_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renewing, "AT_ONCE", 1)


@pytest.mark.usefixtures("two_are_many")
def test_what_many_have_sat_is_marked_by_a_job_and_every_page_of_results_says_so_until_it_is_done(
    app: Flask, office: Office
) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "babb")
    office.sits("Lê Hoàng Anh", "aabb")
    browser, path = office.coordinator(app), office.ruling_path()
    paper = path.rpartition("/questions/")[0]
    pages = (path, office.path(), office.path("analysis"), f"{paper}/analysis", f"/attempts/{attempt.public_id}")
    said = "Đang chấm lại bài"
    assert [said in browser.get(each).text for each in pages] == [False] * 5
    page = done(browser, path, {"action": "full", "reason": "đề chưa rõ"})
    check_page(page)
    assert "đang được chấm lại" in page
    assert "Đang chờ đến lượt" in page
    for each in pages:
        shown = browser.get(each).text
        check_page(shown)
        assert said in shown
        assert "data-living" in shown
    assert figures(attempt)[0] == 1
    [job] = run_queued()
    assert job.state == "done"
    assert figures(attempt)[0] == 2
    assert [said in browser.get(each).text for each in pages] == [False] * 5
    assert "đã chấm lại 2 bài" in browser.get(path).text


@pytest.mark.usefixtures("two_are_many")
def test_what_is_refused_while_the_job_runs_stays_to_be_read(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "babb")
    office.sits("Lê Hoàng Anh", "aabb")
    browser, path = office.coordinator(app), f"/attempts/{attempt.public_id}"
    done(browser, office.ruling_path(), {"action": "full", "reason": "đề chưa rõ"})
    assert 'http-equiv="refresh"' in browser.get(path).text
    refused = browser.post(f"{path}/annul", data={"reason": ""})
    assert refused.status_code == 422
    check_page(refused.text)
    assert "data-living data-stay" in refused.text
    assert f'<a href="{path}">Làm mới</a>' in refused.text
    assert 'http-equiv="refresh"' not in refused.text


@pytest.mark.usefixtures("two_are_many")
def test_where_the_job_was_stopped_pages_say_how_it_is_finished(app: Flask, office: Office) -> None:
    office.sits("Nguyễn Thị Ánh", "babb")
    office.sits("Lê Hoàng Anh", "aabb")
    browser, path = office.coordinator(app), office.ruling_path()
    form = {"action": "full", "reason": "đề chưa rõ"}
    done(browser, path, form)
    job = db.session.scalars(select(Job)).one()
    assert browser.post(f"/jobs/{job.public_id}/cancel").status_code == 303
    for each in (path, office.path()):
        page = browser.get(each).text
        check_page(page)
        assert "đã dừng giữa chừng" in page
        assert "data-living" not in page
    done(browser, path, form)
    run_queued()
    assert "đã dừng giữa chừng" not in browser.get(office.path()).text
