"""The results of a sitting and one attempt of it, as staff see them."""

import io
from datetime import timedelta
from decimal import Decimal

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from classroom.core.db import db
from classroom.exams.models import Adjustment, Response, StrayAnswer
from classroom.exams.queries.class_list import class_list
from classroom.exams.queries.result_lines import result_lines, totals
from classroom.exams.queries.results import results_of_sitting
from classroom.exams.queries.sitting_facts import get_sitting
from classroom.exams.services.adjusting import adjust
from classroom.exams.services.deciding import annul_attempt
from tests.attendance.counting import counted
from tests.exams.making import make_paper, make_sitting, make_topic
from tests.exams.marking import OPENED, again, figures
from tests.exams.office import Office, rows
from tests.factories import FIRST_DAY, at, make_class
from tests.support.pages import check_page


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(attempts_allowed=2)


def test_the_class_stands_in_vietnamese_order_with_absent_learners_and_attempts_that_do_not_count(
    app: Flask, office: Office
) -> None:
    first = office.sits("Nguyễn Thị Ánh", "aabb")
    office.letters("aaab", learner=first.learner, number=2)
    office.learner("Trần Thị Ân")
    office.sits("Lê Hoàng Anh", "abbb", source="kiosk", finished_how="time")
    page = office.browser(app, "viewer").get(office.path()).text
    check_page(page)
    shown = rows(page)
    assert ["Lê Hoàng Anh" in shown[0], "Ánh" in shown[1], "Ánh" in shown[2], "Trần Thị Ân" in shown[3]] == [True] * 4
    assert shown[0].endswith("1 máy của phòng hết giờ 20 1 /4 2,5 Không đạt")
    assert shown[1].endswith("2 điện thoại tự nộp 20 3 /4 7,5 Đạt")
    assert shown[2].endswith("1 điện thoại tự nộp 20 2 /4 5 Không được tính")
    assert shown[3].endswith("– – – – – Vắng")


def test_the_numbers_are_of_what_counts_and_add_up(app: Flask, office: Office) -> None:
    first = office.sits("Nguyễn Thị Ánh", "aaaa")
    office.letters("bbbb", learner=first.learner, number=2)
    office.sits("Lê Hoàng Anh", "abbb")
    office.sits("Hồ Minh Đức", "aabb")
    annulled = office.sits("Võ Đức Duy", "aaaa")
    annul_attempt(annulled.public_id, "làm hộ", actor=office.actor)
    office.learner("Trần Thị Ân")
    facts = get_sitting(office.actor, office.sitting.public_id)
    numbers = totals(result_lines(results_of_sitting(office.actor, facts.public_id), class_list(facts)))
    assert (numbers.expected, numbers.sat, numbers.absent, numbers.annulled) == (5, 3, 1, 1)
    assert (numbers.passed, numbers.failed, numbers.running) == (2, 1, 0)
    scores = numbers.scores
    assert (scores.least, scores.median, scores.most) == (Decimal("2.5"), 5.0, 10)
    assert scores.mean == pytest.approx(17.5 / 3)
    assert scores.deviation == pytest.approx(3.81881)


def test_the_histogram_parts_who_passed_from_who_did_not_also_within_one_bar(app: Flask) -> None:
    office = Office(questions=20, pass_percent=55)
    office.sits("Nguyễn Thị Ánh", "a" * 11 + "b" * 9)
    office.sits("Lê Hoàng Anh", "a" * 10 + "b" * 10)
    page = office.browser(app, "viewer").get(office.path()).text
    check_page(page)
    assert "đạt từ 5,5" in page
    chart = page.partition('<figure class="chart">')[2].partition("</svg>")[0]
    assert chart.count('class="chart-passed"') == chart.count('class="chart-failed"') == 1
    assert ">2</text>" in chart
    table = " ".join(page.partition('<table class="chart-table">')[2].partition("</table>")[0].split())
    assert '5 đến dưới 6</th><td class="num">1</td><td class="num">1</td>' in table


def test_a_retake_waits_for_nobody_who_passed_before(app: Flask, office: Office) -> None:
    passed = office.sits("Nguyễn Thị Ánh", "aaaa")
    office.sits("Lê Hoàng Anh", "bbbb")
    retake = office.open()
    retake.retake, retake.class_session_id = True, office.made.sessions[1].id
    retake.opened_at = OPENED + timedelta(days=1)
    db.session.commit()
    shown = rows(office.browser(app, "viewer").get(f"/sittings/{retake.public_id}/results").text)
    assert [line.rsplit(" – ")[-1] for line in shown] == ["Vắng", "Đã đạt trước đó"]
    assert passed.learner.name in shown[1]


def test_a_change_by_hand_shows_its_reason_on_the_page_and_in_the_spreadsheet_where_nothing_is_a_formula(
    app: Flask, office: Office
) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "aabb")
    adjust(attempt.public_id, Decimal("0.5"), "=1+1 in mờ", actor=office.actor)
    browser = office.browser(app, "viewer")
    assert "+0,5 điểm: =1+1 in mờ" in rows(browser.get(office.path()).text)[0]
    book = openpyxl.load_workbook(io.BytesIO(browser.get(office.path("results.xlsx")).data))
    heading, row = list(book.worksheets[0].iter_rows(values_only=True))
    assert dict(zip(heading, row, strict=True))["Điểm (thang 10)"] == 6.25
    assert "+0,5 điểm: =1+1 in mờ" in str(row[-1])
    assert all(cell.data_type != "f" for line in book.worksheets[0].iter_rows() for cell in line)
    assert "'+0,5 điểm: =1+1 in mờ" in browser.get(office.path("results.csv")).data.decode("utf-8-sig")


@pytest.mark.sqlite
def test_the_page_needs_as_many_statements_for_twenty_as_for_one(app: Flask) -> None:
    assert _statements(app, 20) == _statements(app, 1) <= 24


def _statements(app: Flask, learners: int) -> int:
    office = Office()
    for number in range(learners):
        adjust(office.sits(f"Lê Văn {number}", "abab").public_id, Decimal(1), "thêm", actor=office.actor)
    browser, path = office.coordinator(app), office.path()
    browser.get(path)
    with counted() as statements:
        assert f"Lê Văn {learners - 1}" in browser.get(path).text
    return len(statements)


def test_the_pages_speak_english_too(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "aa-b")
    adjust(attempt.public_id, Decimal(1), "đề in mờ", actor=office.actor)
    browser = office.coordinator(app)
    browser.set_cookie("language", "en")
    for path in (
        office.path(),
        office.path("analysis"),
        f"/exam-papers/{office.paper.public_id}/analysis",
        f"/attempts/{attempt.public_id}",
        f"{office.ruling_path()}?action=full",
    ):
        check_page(browser.get(path).text, language="en")


# --- who may ---


def test_results_are_for_the_staff_of_the_class_and_for_who_reads_everything(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "aabb")
    paths = [office.path(), office.path("results.xlsx"), office.path("results.pdf"), f"/attempts/{attempt.public_id}"]
    stranger = Office()
    for status, browser in (
        (200, office.browser(app, "viewer")),
        (200, office.browser(app, "trainer", teaches=True)),
        (404, office.browser(app, "trainer")),
        (404, stranger.coordinator(app)),
        (302, app.test_client()),
    ):
        assert [browser.get(path).status_code for path in paths] == [status] * 4


def test_only_who_marks_changes_anything(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "aabb")
    path = f"/attempts/{attempt.public_id}"
    for browser in (office.browser(app, "viewer"), office.browser(app, "trainer", teaches=True)):
        page = browser.get(path).text
        check_page(page)
        assert "<form" not in page.partition("<main")[2]
        for end in ("adjust", "annul", "late", "adjustments/123456789012/annul"):
            assert browser.post(f"{path}/{end}", data={"points": "1", "reason": "x"}).status_code == 403
    assert figures(attempt) == (2, 4, "pass")


# --- one attempt ---


def test_an_attempt_shows_what_was_answered_what_is_right_and_the_points_of_each(any_app: Flask) -> None:
    office = Office()
    attempt = office.sits("Nguyễn Thị Ánh", "ab-a")
    page = office.coordinator(any_app).get(f"/attempts/{attempt.public_id}").text
    check_page(page)
    assert "Nguyễn Thị Ánh" in office.coordinator(any_app).get(office.path()).text
    items = [" ".join(each.split()) for each in page.split('<li class="answered-item">')[1:]]
    assert ["1/1 điểm" in each for each in items] == [True, False, False, True]
    assert "Huế</span></dd>" in items[1]
    assert "Hà Nội</span></dd>" in items[1]
    assert "bỏ trống" in items[2]


def test_no_key_leaves_while_a_question_is_asked_anywhere_but_to_who_marks(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "ab-a")
    other = office.open()  # another class sits the same questions now
    path = f"/attempts/{attempt.public_id}"
    page = office.browser(app, "trainer", teaches=True).get(path).text
    check_page(page)
    assert "Hà Nội" not in page
    assert "chỉ hiện sau khi bài kiểm tra đó kết thúc" in page
    assert "Hà Nội" in office.coordinator(app).get(path).text
    office.end(other)
    assert "Hà Nội" in office.browser(app, "trainer", teaches=True).get(path).text


def test_no_key_leaves_while_another_class_of_the_course_is_still_to_sit_it(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "ab-a")
    path = f"/attempts/{attempt.public_id}"
    with at(OPENED + timedelta(days=1)):
        trainer, coordinator = office.browser(app, "trainer", teaches=True), office.coordinator(app)
        assert "Hà Nội" in trainer.get(path).text  # no class has half-days to come
        later = make_class(course=office.course, days=1, first_day=FIRST_DAY + timedelta(days=9))
        page = trainer.get(path).text
        check_page(page)
        assert "Hà Nội" not in page
        assert "còn lớp khác chưa làm bài" in page
        assert trainer.get(office.path("analysis")).status_code == 403
        assert "Hà Nội" in coordinator.get(path).text
        office.end(make_sitting(office.paper, later.sessions[0], OPENED))
        assert "Hà Nội" in trainer.get(path).text
        make_class(days=1, first_day=FIRST_DAY + timedelta(days=9))
        assert "Hà Nội" in trainer.get(path).text  # of another course


def test_a_question_that_may_be_drawn_for_a_class_to_come_keeps_its_key(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "ab-a")
    path = f"/attempts/{attempt.public_id}"
    with at(OPENED + timedelta(days=1)):
        trainer = office.browser(app, "trainer", teaches=True)
        later = make_class(course=office.course, days=1, first_day=FIRST_DAY + timedelta(days=9))
        office.end(make_sitting(office.paper, later.sessions[0], OPENED))
        drawing = make_paper(office.course, [office.questions[0]])
        topic = make_topic(office.course.organisation_id)
        office.questions[0].topic_id = topic.id
        drawing.parts[0].question, drawing.parts[0].topic_id = None, topic.id
        db.session.commit()
        assert "Hà Nội" not in trainer.get(path).text
        drawing.retired_at = OPENED
        db.session.commit()
        assert "Hà Nội" in trainer.get(path).text


def test_points_are_changed_with_a_reason_and_taken_back(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "abbb")
    browser, path = office.coordinator(app), f"/attempts/{attempt.public_id}"
    form = {"points": "+1,5", "reason": "đề in mờ", "seen": "1.00000"}
    assert browser.post(f"{path}/adjust", data=form).status_code == 303
    assert figures(attempt) == (Decimal("2.5"), 4, "pass")
    page = browser.get(path).text
    check_page(page)
    assert "<strong>+1,5</strong> · đề in mờ" in page
    change = db.session.scalars(select(Adjustment)).one()
    back = f"{path}/adjustments/{change.public_id}/annul"
    assert browser.post(back, data={"reason": "nhầm"}).status_code == 303
    assert figures(attempt) == (1, 4, "fail")
    refused = browser.post(back, data={"reason": "nhầm"})
    assert refused.status_code == 409
    check_page(refused.text)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"points": "hai", "reason": "x"}, "Xin ghi số điểm"),
        ({"points": "1", "reason": " "}, "lý do"),
        ({"points": "9", "reason": "x"}, "tối đa 4"),
        ({"points": "1", "reason": "giữ lại", "seen": "3"}, "vừa"),
    ],
)
def test_what_cannot_be_is_said_at_the_form_and_what_was_typed_stays(
    app: Flask, office: Office, form: dict[str, str], said: str
) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "abbb")
    answer = office.coordinator(app).post(f"/attempts/{attempt.public_id}/adjust", data=form)
    assert answer.status_code in {409, 422}
    check_page(answer.text)
    assert said in answer.text.partition('id="adjust"')[2].partition("</section>")[0]
    assert f'value="{form["points"]}"' in answer.text
    assert figures(attempt) == (1, 4, "fail")


def test_a_late_answer_counts_when_the_coordinator_says_so(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "abbb")
    late = StrayAnswer(
        attempt_id=attempt.id, position=1, answer={"choice": "a"}, sequence=5, kind="late", received_at=OPENED
    )
    db.session.add(late)
    db.session.commit()
    browser, path = office.coordinator(app), f"/attempts/{attempt.public_id}"
    page = browser.get(path).text
    check_page(page)
    assert "đến muộn" in page
    assert browser.post(f"{path}/late", data={"reason": "mạng đứt"}).status_code == 422
    assert browser.post(f"{path}/late", data={"stray": str(late.id), "reason": "mạng đứt"}).status_code == 303
    assert figures(attempt) == (2, 4, "pass")
    assert db.session.scalars(select(Response.answer).where(Response.position == 1)).one() == {"choice": "a"}
    assert "được tính từ" in browser.get(path).text


def test_an_annulled_attempt_stays_readable_and_says_why(app: Flask, office: Office) -> None:
    attempt = office.sits("Nguyễn Thị Ánh", "aaaa")
    browser, path = office.coordinator(app), f"/attempts/{attempt.public_id}"
    assert browser.post(f"{path}/annul", data={"reason": ""}).status_code == 422
    assert again(attempt).state == "finished"
    assert browser.post(f"{path}/annul", data={"reason": "làm hộ"}).status_code == 303
    page = browser.get(path).text
    check_page(page)
    assert "không được tính: làm hộ" in page
    assert rows(browser.get(office.path()).text)[0].endswith("Đã hủy")
