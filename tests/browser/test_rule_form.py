"""The form of a course's rule says who would pass: while one fills it in, or by a button without scripts."""

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Locator, Page, expect

from classroom.accounts.models import Organisation, Staff
from classroom.core.db import db
from tests.browser.desks import desk
from tests.conftest import Visitors
from tests.factories import StaffFactory
from tests.support.axe import check_accessible
from tests.support.deciding import Deciding

pytestmark = pytest.mark.browser
ASKED = re.compile(r"/rule/count\?")
OF_SIX = re.compile(r"/rule/count\?(.*&)?sessions=6(&|$)")


class Course:
    """Three learners of a class: one attended all six half-days, one five, one three."""

    def __init__(self) -> None:
        deciding = Deciding()
        for attended in (6, 5, 3):
            deciding.in_class(attended, letters="")
        organisation = db.session.get_one(Organisation, deciding.course.organisation_id)
        self.staff: Staff = StaffFactory(organisation=organisation)
        self.address = f"/certificates/courses/{deciding.course.public_id}/rule"


@pytest.fixture
def course(app: Flask) -> Course:
    return Course()


def form_of(visitors: Visitors, course: Course, url: str, **options: Any) -> Page:
    """The form with nothing chosen but the way through the class."""
    page = desk(visitors, course.staff, url, **options)
    page.goto(course.address)
    page.get_by_label("Học trực tiếp tại lớp").check()
    page.get_by_label("Bài kiểm tra phải đạt").select_option("")
    page.get_by_label("Học trực tuyến bằng tài khoản của một đợt").uncheck()
    page.get_by_label("Dự lớp trực tiếp, kiểm tra trực tuyến").uncheck()
    return page


def half_days(page: Page, count: str) -> None:
    page.get_by_label("Số buổi tham dự tối thiểu").fill(count)


def count(page: Page) -> Locator:
    return page.locator("[data-count]")


def test_the_count_follows_what_is_filled_in(course: Course, visitors: Visitors, live_server: Any) -> None:
    page = form_of(visitors, course, live_server.url)
    for asked, words in (("6", "1/3 người đạt."), ("5", "2/3 người đạt."), ("3", "3/3 người đạt.")):
        half_days(page, asked)
        expect(count(page)).to_have_text(words)
    half_days(page, "7")
    expect(count(page)).to_have_text("Lớp của khóa này chỉ có 6 buổi.")
    page.get_by_label("Học trực tiếp tại lớp").uncheck()
    page.get_by_label("Học trực tuyến bằng tài khoản của một đợt").check()
    expect(count(page)).to_have_text("0/3 người đạt.")
    check_accessible(page)


def test_what_stands_out_is_marked_before_it_is_saved(course: Course, visitors: Visitors, live_server: Any) -> None:
    page = form_of(visitors, course, live_server.url)
    for asked, words, odd in (
        ("5", "2/3", ""),
        ("3", "3/3", " rule-odd"),
        ("6", "1/3", ""),
        ("7", "chỉ có 6", " rule-odd"),
    ):
        half_days(page, asked)
        expect(count(page)).to_contain_text(words)
        expect(count(page)).to_have_attribute("class", f"rule-count{odd}")


def test_the_note_alone_counts_nothing_and_is_not_sent(course: Course, visitors: Visitors, live_server: Any) -> None:
    page = form_of(visitors, course, live_server.url)
    half_days(page, "5")
    expect(count(page)).to_have_text("2/3 người đạt.")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ASKED.search(request.url) else None)
    page.clock.install()
    page.get_by_label("Vì sao thay đổi điều kiện?").fill("Theo biên bản riêng")
    page.clock.run_for(2_000)
    half_days(page, "6")
    page.clock.run_for(2_000)
    expect(count(page)).to_have_text("1/3 người đạt.")
    assert len(asked) == 1
    assert "note=" not in asked[0]
    assert "csrf_token" not in asked[0]


def test_an_answer_that_comes_late_does_not_hide_a_newer_one(
    course: Course, visitors: Visitors, live_server: Any
) -> None:
    page = form_of(visitors, course, live_server.url)
    half_days(page, "5")
    expect(count(page)).to_have_text("2/3 người đạt.")
    held: list[Any] = []
    page.route(OF_SIX, lambda route: held.append(route))
    with page.expect_request(OF_SIX):
        half_days(page, "6")
    half_days(page, "3")
    expect(count(page)).to_have_text("3/3 người đạt.")
    with page.expect_response(OF_SIX):
        held[0].continue_()
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    expect(count(page)).to_have_text("3/3 người đạt.")


def test_a_count_that_cannot_be_had_leaves_no_old_number(course: Course, visitors: Visitors, live_server: Any) -> None:
    page = form_of(visitors, course, live_server.url)
    half_days(page, "5")
    expect(count(page)).to_have_text("2/3 người đạt.")
    page.route(ASKED, lambda route: route.abort())
    half_days(page, "6")
    expect(count(page)).to_be_empty()
    page.unroute(ASKED)
    half_days(page, "3")
    expect(count(page)).to_have_text("3/3 người đạt.")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_button_counts_and_keeps_what_was_filled_in(
    course: Course, visitors: Visitors, live_server: Any, scripts: bool
) -> None:
    page = form_of(visitors, course, live_server.url, java_script_enabled=scripts)
    half_days(page, "5")
    page.get_by_label("Vì sao thay đổi điều kiện?").fill("Theo kế hoạch 12")
    page.get_by_role("button", name="Xem trước").click()
    expect(count(page)).to_have_text("2/3 người đạt.")
    expect(page.get_by_label("Số buổi tham dự tối thiểu")).to_have_value("5")
    expect(page.get_by_label("Vì sao thay đổi điều kiện?")).to_have_value("Theo kế hoạch 12")
    expect(page.locator("main")).to_contain_text("Đây là đề xuất")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_rule_by_which_everybody_passes_is_asked_about_and_stands_in_words(
    course: Course, visitors: Visitors, live_server: Any, scripts: bool
) -> None:
    page = form_of(visitors, course, live_server.url, java_script_enabled=scripts)
    half_days(page, "3")
    page.get_by_role("button", name="Lưu điều kiện").click()
    expect(page.get_by_role("alert")).to_contain_text("cả 3 người đều đạt. Vẫn lưu?")
    page.get_by_role("button", name="Vẫn lưu").click()
    in_words = page.locator("main section.card").first
    expect(in_words).to_contain_text("tham dự ít nhất 3 trong 6 buổi theo kế hoạch")
    expect(in_words).to_contain_text("Phiên bản 1")
    half_days(page, "5")
    page.get_by_role("button", name="Lưu điều kiện").click()
    expect(in_words).to_contain_text("tham dự ít nhất 5 trong 6 buổi theo kế hoạch")
    expect(in_words).to_contain_text("Phiên bản 2")
