"""Item analysis as pages and as a report: figures, charts, who may see the key."""

import io
from decimal import Decimal
from itertools import pairwise

import pypdf
import pytest
from flask import Flask

from classroom.exams.rules.charts import BOTTOM, HEIGHT, Point, bins_of, draw_histogram, draw_scatter
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.spelling import per_cent, points, rounded, short, signed
from tests.attendance.counting import counted
from tests.exams.making import RIGHT, make_paper, make_question
from tests.exams.office import Office, rows
from tests.support.pages import check_page

#: The golden case of the design: who had which of three questions right.
GOLDEN = ("aaa", "aab", "abb", "bab", "bbb", "aaa")


@pytest.fixture
def office(app: Flask) -> Office:
    return Office(questions=3)


def golden(office: Office) -> None:
    for number, letters in enumerate(GOLDEN):
        office.sits(f"Lê Văn {number}", letters)


def test_the_page_shows_the_figures_of_the_golden_case(any_app: Flask) -> None:
    office = Office(questions=3)
    golden(office)
    page = office.browser(any_app, "viewer").get(office.path("analysis")).text
    check_page(page)
    first, _second, third = rows(page)
    assert first.startswith("1 Câu hỏi 1? 6 66,7 % 43,3 % 50,0 % 32,6 %")
    assert third.startswith("3 Câu hỏi 3? 6 33,3 % 63,2 % 100,0 % 34,8 %")
    whole = " ".join(page.partition('<dl class="facts facts-two">')[2].partition("</dl>")[0].split())
    for value in ("1,67", "1,21", "68,2 %", "56,4 %", "0,68", "−0,08", "−1,55"):
        assert f"<strong>{value}</strong>" in whole
    assert "Chỉ có 6 kết quả: dưới 30" in page


def test_what_is_undefined_is_a_dash_and_has_no_place_in_the_scatter(app: Flask, office: Office) -> None:
    office.sits("Nguyễn Thị Ánh", "aab")
    page = office.browser(app, "viewer").get(office.path("analysis")).text
    check_page(page)
    assert rows(page)[0] == "1 Câu hỏi 1? 1 100,0 % – – – –"
    assert "chỉ số không tính được: câu 1, 2, 3" in page


def test_each_answer_has_its_share_its_mean_and_the_key_is_marked_in_words(app: Flask, office: Office) -> None:
    golden(office)
    page = office.browser(app, "viewer").get(office.path("analysis")).text
    block = page.partition('id="q1"')[2].partition("</section>")[0]
    answers = [" ".join(row.split()) for row in block.split("<tr")[2:]]
    assert "Hà Nội" in answers[0]
    assert "đúng" in answers[0]
    assert answers[0].count("chart-passed") == 1
    assert '<td class="num">4</td><td class="num">67 %</td><td class="num">2,25</td>' in answers[0].replace("\xa0", " ")
    assert "đúng" not in answers[1]
    assert '<td class="num">0</td><td class="num">0 %</td><td class="num">–</td>' in answers[2].replace("\xa0", " ")


def test_every_kind_of_question_has_its_answers_in_words(app: Flask) -> None:
    office = Office()
    office.paper = make_paper(office.course, [make_question(office.course, kind) for kind in Kind])
    office.sitting = office.open(office.paper)
    office.made = office.class_of(office.sitting)
    office.end()
    office.answered([RIGHT[kind] for kind in Kind], learner=office.learner("Nguyễn Thị Ánh"))
    office.answered([None] * 7, learner=office.learner("Lê Hoàng Anh"))
    browser = office.browser(app, "viewer")
    page = browser.get(office.path("analysis")).text
    check_page(page)
    for words in ("Chrome", "Đúng", "3.14", "hà nội", "Ctrl+C → Sao chép", "(1)", "Mở trình duyệt", "Bỏ trống"):
        assert words in page
    assert "Ctrl+C → Sao chép" in words_of(browser.get(office.path("analysis.pdf")).data)


def test_a_question_worth_a_look_is_named_in_the_scatter_and_has_advice_in_plain_words(
    app: Flask, office: Office
) -> None:
    for number in range(12):
        office.sits(f"Lê Văn {number}", "aab" if number < 6 else "bba")
    page = office.browser(app, "viewer").get(office.path("analysis")).text
    chart = page.partition('class="chart-odd"')[2]
    assert "Câu 3</text>" in chart
    assert "Học viên làm tốt cả bài lại làm" in rows(page)[2]


def test_the_analysis_of_a_paper_is_over_all_its_classes(app: Flask, office: Office) -> None:
    golden(office)
    other = office.open()
    office.end(other)
    office.letters("aab", sitting=other)
    path = f"/exam-papers/{office.paper.public_id}/analysis"
    page = office.coordinator(app).get(path).text
    check_page(page)
    assert "2 lượt kiểm tra" in page
    assert rows(page)[0].startswith("1 Câu hỏi 1? 7 ")
    assert office.browser(app, "viewer").get(path).status_code == 200
    assert office.browser(app, "trainer", teaches=True).get(path).status_code == 403
    assert office.browser(app, "trainer", teaches=True).get(office.path("analysis")).status_code == 200
    assert office.browser(app, "trainer").get(office.path("analysis")).status_code == 404
    assert Office().coordinator(app).get(path).status_code == 404


@pytest.mark.parametrize("end", ["analysis", "analysis.pdf"])
def test_while_a_question_is_asked_anywhere_only_who_marks_sees_keys(app: Flask, office: Office, end: str) -> None:
    golden(office)
    #: Another paper of another class, with one of the questions.
    other = office.open(make_paper(office.course, [office.questions[1]]))
    paths = [office.path(end), f"/exam-papers/{office.paper.public_id}/{end}"]
    viewer = office.browser(app, "viewer")
    for path in paths:
        refused = viewer.get(path)
        assert refused.status_code == 403
        assert "Hà Nội" not in refused.text
        assert office.coordinator(app).get(path).status_code == 200
    assert office.browser(app, "trainer", teaches=True).get(paths[0]).status_code == 403
    office.end(other)
    assert [viewer.get(path).status_code for path in paths] == [200, 200]


@pytest.mark.sqlite
def test_the_analysis_needs_as_many_statements_for_twenty_as_for_one(app: Flask) -> None:
    assert _statements(app, 20) == _statements(app, 1) <= 22


def _statements(app: Flask, learners: int) -> int:
    office = Office(questions=3)
    for number in range(learners):
        office.sits(f"Lê Văn {number}", GOLDEN[number % 6])
    browser, path = office.coordinator(app), office.path("analysis")
    browser.get(path)
    with counted() as statements:
        assert browser.get(path).status_code == 200
    return len(statements)


def test_an_empty_analysis_says_what_is_missing(app: Flask, office: Office) -> None:
    for path in (office.path("analysis"), f"/exam-papers/{office.paper.public_id}/analysis"):
        page = office.coordinator(app).get(path).text
        check_page(page)
        assert "Chưa có gì để phân tích" in page


# --- the report ---


def words_of(paper: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(paper)).pages)


def test_the_report_has_the_same_figures_charts_and_answers(app: Flask, office: Office) -> None:
    golden(office)
    answer = office.browser(app, "viewer").get(office.path("analysis.pdf"))
    assert answer.mimetype == "application/pdf"
    words = words_of(answer.data).replace("\xa0", " ")
    assert "BÁO CÁO PHÂN TÍCH CÂU HỎI KIỂM TRA" in words
    assert "Dưới 30 bài được tính" in words
    assert "Hệ số nhất quán nội tại: 68,2 %" in words
    assert "đạt từ 5" in words
    assert "3 Câu hỏi 3? 6 33,3 % 63,2 % 100,0 % 34,8 %" in words
    assert "Hà Nội đúng 4 67 % 2,25" in words


# --- where things stand ---


def test_bars_stand_on_each_other_and_the_pass_line_where_the_pass_mark_is() -> None:
    mark = (Decimal(5), Decimal(10))
    drawn = draw_histogram(bins_of([mark], [mark, mark], 10), 10, 55)
    (column,) = [each for each in drawn.columns if each.bin.count]
    assert (column.bin.low, column.bin.failed, column.bin.passed) == (5, 1, 2)
    assert column.base == HEIGHT - BOTTOM > column.failed_y > column.passed_y
    assert column.x < drawn.pass_x < column.x + column.width
    assert drawn.pass_at == Decimal("5.5")
    assert [count for count, _ in drawn.ticks] == [0, 1, 2, 3]


def test_a_histogram_of_thousands_has_few_ticks() -> None:
    mark = (Decimal(5), Decimal(10))
    drawn = draw_histogram(bins_of([], [mark] * 4321, 10), 10, 50)
    assert [count for count, _ in drawn.ticks] == [0, 1000, 2000, 3000, 4000, 5000]


def test_names_in_the_scatter_give_way_to_each_other_and_stay_within_the_drawing() -> None:
    drawn = draw_scatter(
        [Point(number, 99.0, -35.0, odd=True) for number in range(1, 5)] + [Point(9, 50.0, 50.0, False)]
    )
    assert [each for each, _ in drawn.ys][:2] == [-40, -20]
    names = [spot for spot in drawn.spots if spot.point.odd]
    heights = sorted(spot.label_y for spot in names)
    assert all(later - earlier >= 18 for earlier, later in pairwise(heights))
    assert all(spot.label_before for spot in names)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (points(Decimal("7.50000")), "7,5"),
        (points(Decimal("10.00000")), "10"),
        (points(Decimal("-0.5")), "−0,5"),
        (points(Decimal(0)), "0"),
        (points(None), "–"),
        (short(Decimal("6.58333")), "6,58"),
        (short(Decimal("0.005")), "0,01"),
        (signed(Decimal("0.5")), "+0,5"),
        (signed(Decimal(-1)), "−1"),
        (rounded(-0.004), "0,00"),
        (rounded(2.675, 2), "2,68"),
        (rounded(None), "–"),
        (per_cent(66.666), "66,7\N{NO-BREAK SPACE}%"),
        (per_cent(None), "–"),
    ],
)
def test_numbers_are_written_as_readers_write_them(written: str, words: str) -> None:
    assert written == words
