"""Going out and a spot check as they are lived: the trainer switches the screen, phones scan what stands there."""

from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from classroom.attendance.models import Mark, SpotAnswer
from classroom.core.db import db
from classroom.sessions.models import TrainingClass
from tests.browser.test_class_day import PEOPLE, WITHIN_TWO_SECONDS, Day, link_on, signed_in
from tests.conftest import Visitors
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def day(app: Flask) -> Day:
    made = Day()
    db.session.scalars(select(TrainingClass)).one().check_out = True
    db.session.commit()
    return made


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_phone_comes_in_gives_a_sign_and_goes_out(
    day: Day, visitors: Visitors, live_server: Any, scripts: bool
) -> None:
    board = signed_in(visitors(1024, 768), day.trainer, live_server.url)
    screen, phone = visitors(1440, 900), visitors.phone(java_script_enabled=scripts)
    _pair(board, screen, day)
    expect(screen.get_by_role("heading", name="Quét mã để điểm danh", exact=True)).to_be_visible()
    _identify(phone, link_on(screen), day.phones[0])
    expect(phone.locator("h1")).to_contain_text("Đã có mặt lúc")
    _spot_check(board, screen, phone, scripts)
    _go_out(board, screen, phone, scripts)
    db.session.rollback()
    mark = db.session.scalars(select(Mark)).one()
    assert (mark.status, mark.left_at is not None, mark.minutes_estimated) == ("left_early", True, False)
    assert db.session.scalars(select(SpotAnswer.source)).all() == ["room_code"]


def _pair(board: Page, screen: Page, day: Day) -> None:
    screen.goto("/screen")
    digits = screen.locator("[data-digits]")
    expect(digits).not_to_be_empty()
    board.goto(f"/sessions/{day.session}/screen")
    board.get_by_label("Sáu chữ số").fill(digits.inner_text())
    board.get_by_role("button", name="Kết nối màn chiếu").click()
    expect(screen.locator("[data-view=open]")).to_be_visible()


def _identify(phone: Page, link: str, number: str) -> None:
    phone.goto(link)
    phone.get_by_label("Mã học viên").fill(number)
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.locator(".btn-yes").click()


def _scan(phone: Page, screen: Page, scripts: bool) -> None:
    """A phone that is known sends by itself; without scripts there is the button."""
    phone.goto(link_on(screen))
    if not scripts:
        phone.locator(".btn-yes").click()


def _spot_check(board: Page, screen: Page, phone: Page, scripts: bool) -> None:
    board.get_by_role("link", name="Giữa buổi").click()
    check_accessible(board)
    board.get_by_role("button", name="Bắt đầu điểm danh giữa buổi").click()
    expect(board.locator("main")).to_contain_text(PEOPLE[0])
    check_accessible(board)
    expect(screen.get_by_role("heading", name="Điểm danh giữa buổi")).to_be_visible()
    check_accessible(screen)
    _scan(phone, screen, scripts)
    expect(phone.locator("h1")).to_contain_text("Đã ghi nhận có mặt")
    expect(screen.locator("[data-text=came]")).to_have_text("1")
    expect(board.locator("main")).to_contain_text("1/1 người đã trả lời", timeout=WITHIN_TWO_SECONDS)
    expect(board.locator("main")).to_contain_text("Mọi người được hỏi đều đã trả lời")
    board.get_by_role("button", name="Kết thúc ngay").click()
    expect(screen.get_by_role("heading", name="Quét mã để điểm danh", exact=True)).to_be_visible()
    board.get_by_role("link", name="Về bảng điểm danh").click()


def _go_out(board: Page, screen: Page, phone: Page, scripts: bool) -> None:
    board.get_by_role("button", name="Mã ra về").click()
    inside = board.locator("[data-key=inside]")
    expect(inside).to_contain_text(PEOPLE[0], timeout=WITHIN_TWO_SECONDS)
    check_accessible(board)
    expect(screen.get_by_role("heading", name="Ra về: quét mã để ghi giờ về")).to_be_visible()
    check_accessible(screen)
    _scan(phone, screen, scripts)
    expect(phone.locator("h1")).to_contain_text("Đã ghi giờ về")
    expect(inside).not_to_contain_text(PEOPLE[0], timeout=WITHIN_TWO_SECONDS)
    board.get_by_role("button", name="Mã vào lớp").click()
    expect(screen.get_by_role("heading", name="Quét mã để điểm danh", exact=True)).to_be_visible()


def test_the_page_of_spot_checks_renews_itself_and_keeps_what_is_chosen(
    day: Day, visitors: Visitors, live_server: Any
) -> None:
    page, board = (signed_in(visitors(1024, 768), day.trainer, live_server.url) for _ in range(2))
    board.goto(f"/sessions/{day.session}/board")
    page.goto(f"/sessions/{day.session}/spots")
    page.get_by_label("10 phút").check()
    with page.expect_response(lambda answer: "/spots/poll" in answer.url and answer.status == 200):
        board.get_by_role("button", name=f"{PEOPLE[0]} có mặt").click()
    expect(page.get_by_label("10 phút")).to_be_checked()
    board.goto(f"/sessions/{day.session}/spots")
    board.get_by_role("button", name="Bắt đầu điểm danh giữa buổi").click()
    expect(page.locator("main")).to_contain_text("0/1 người đã trả lời", timeout=WITHIN_TWO_SECONDS)
    expect(page.get_by_role("button", name="Bắt đầu điểm danh giữa buổi")).to_be_hidden()
    check_accessible(page)
    board.get_by_role("button", name=f"Tôi nhìn thấy {PEOPLE[0]}").click()
    expect(page.locator("main")).to_contain_text("Mọi người được hỏi đều đã trả lời", timeout=WITHIN_TWO_SECONDS)
    live_server.stop()
    expect(page.locator("[data-link].tone-danger")).to_have_text("Mất kết nối")


def test_on_a_phone_the_actions_of_the_board_keep_their_words_within_and_leave_room_for_names(
    day: Day, visitors: Visitors, live_server: Any
) -> None:
    board = signed_in(visitors(360, 740), day.trainer, live_server.url)
    board.goto(f"/sessions/{day.session}/board")
    buttons = board.locator(".actionbar .btn:visible")
    expect(buttons).to_have_count(8)
    expect(board.get_by_role("link", name="Bài kiểm tra")).to_be_visible()
    assert buttons.evaluate_all("all => all.filter(one => one.scrollWidth > one.clientWidth).length") == 0
    assert board.locator(".actionbar").evaluate("bar => bar.offsetHeight") < 160
