"""What the trainer sees and types on a tablet or a phone at the door."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from classroom.core.db import db
from classroom.learners.models import Learner
from tests.browser.tablets import Door, expect_answer, hold, pick, prepared, sent
from tests.conftest import CHROMIUM_FLAGS, Visitors
from tests.support.axe import check_accessible
from tests.support.fakecam import FakeCamera
from tools.system import find_chromium

pytestmark = pytest.mark.browser


@pytest.fixture
def without_camera(browser: Browser, live_server: Any) -> Iterator[Visitors]:
    """A browser on a machine that has no camera."""
    bare = browser.browser_type.launch(executable_path=find_chromium(), args=list(CHROMIUM_FLAGS))
    visitors = Visitors(bare, live_server.url)
    yield visitors
    visitors.close()
    bare.close()
    assert visitors.problems == []


def box(part: Locator) -> dict[str, float]:
    found = part.bounding_box()
    assert found is not None
    return {**found, "bottom": found["y"] + found["height"]}


def test_a_tablet_without_a_camera_says_so_and_names_still_work(
    without_camera: Visitors, door: Door, live_server: Any
) -> None:
    page = prepared(door, without_camera, live_server)
    page.locator("[data-part=start]").click()
    expect_answer(page, "danger", "Camera chưa dùng được", "Không thấy camera", "tìm học viên theo tên")
    expect(page.locator("[data-part=start]")).to_be_visible()
    check_accessible(page)
    pick(page, "Hồ Minh Đức")
    expect_answer(page, "success", "Hồ Minh Đức")
    page.goto("/tablet/#check")
    page.reload()
    expect(page.locator(".finding.tone-danger")).to_contain_text("Không thấy camera")
    expect(page.locator("[data-part=verdict].tone-danger")).to_be_visible()


def test_on_a_phone_the_answer_and_what_it_offers_stand_above_the_tools(tablet: Page, camera: FakeCamera) -> None:
    tablet.set_viewport_size({"width": 360, "height": 740})
    hold(tablet, camera, "040301099999||Công Tằng Tôn Nữ Hoàng Thị Ngọc Khuê|01021990|Nữ|x|y")
    expect(tablet.locator("[data-part=ask-walk-in]")).to_be_visible()
    sent(tablet)
    assert box(tablet.locator("[data-part=ask-walk-in]"))["bottom"] <= box(tablet.locator(".tools"))["y"]


@pytest.mark.parametrize(("width", "height"), [(360, 740), (1024, 768)])
def test_the_answer_stays_in_view_while_the_last_ten_are_looked_through(tablet: Page, width: int, height: int) -> None:
    tablet.set_viewport_size({"width": width, "height": height})
    for _ in range(5):
        for name in ("Trần Văn Bình", "Hồ Minh Đức"):
            pick(tablet, name)
    tablet.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert tablet.evaluate("scrollY") > 0
    answer = box(tablet.locator("[data-part=answer]"))
    assert answer["y"] >= 0
    assert answer["bottom"] < box(tablet.locator(".tools"))["y"]


def test_a_short_name_comes_before_those_that_only_contain_its_letters(
    door: Door, visitors: Visitors, live_server: Any
) -> None:
    door.enrol("Vừ Y", "040085000099")
    page = prepared(door, visitors, live_server)
    page.get_by_role("button", name="Tìm tên").last.click()
    page.get_by_label("Tên, đơn vị hoặc mã học viên").fill("y")
    expect(page.locator(".btn-person strong")).to_have_text(
        ["Vừ Y", "Trần Văn Bình", "Hồ Minh Đức", "Nguyễn Thị Ánh Tuyết"]
    )


def test_a_search_that_matches_more_than_it_shows_says_how_many(
    door: Door, visitors: Visitors, live_server: Any
) -> None:
    for number in range(32):
        door.enrol(f"Lò Thị Mây {number}", f"0400850001{number:02d}")
    door.enrol("Vừ Y", "040085000099")
    page = prepared(door, visitors, live_server)
    page.get_by_role("button", name="Tìm tên").last.click()
    page.get_by_label("Tên, đơn vị hoặc mã học viên").fill("may")
    expect(page.locator(".btn-person")).to_have_count(30)
    expect(page.locator("[data-part=found-more]")).to_have_text("Còn 2 người khớp. Hãy gõ thêm chữ.")
    page.get_by_label("Tên, đơn vị hoặc mã học viên").fill("vu y")
    expect(page.locator("[data-part=found-more]")).to_be_hidden()


def test_what_the_server_could_not_read_of_a_walk_in_is_not_taken(tablet: Page, door: Door) -> None:
    tablet.get_by_role("button", name="Đến thêm").click()
    for label, name, bad, good in (
        ("Họ và tên", "name", "117", "Vừ Y Mới"),
        ("Ngày sinh", "born", "31/02/1990", "1990"),
        ("Số CCCD", "number", "12345", "040301099999"),
        ("Điện thoại", "phone", "091234567", "+84 912.345.678"),
    ):
        tablet.get_by_label(label).fill(bad)
        tablet.get_by_role("button", name="Nhận vào lớp").last.click()
        expect(tablet.locator(f"[data-view=walk-in] [name={name}]:user-invalid")).to_be_focused()
        tablet.get_by_label(label).fill(good)
    tablet.get_by_role("button", name="Nhận vào lớp").last.click()
    expect_answer(tablet, "success", "Đã nhận vào lớp", "Vừ Y Mới")
    sent(tablet)
    assert door.statuses() == {"Vừ Y Mới": "present"}
    assert db.session.scalars(select(Learner.phone).where(Learner.name == "Vừ Y Mới")).all() == ["+84912345678"]


def test_before_anybody_is_signed_in_no_choice_of_sessions_is_offered(visitors: Visitors, door: Door) -> None:
    page = visitors(1024, 768)
    page.goto(f"/tablet/#code={door.code()}")
    expect(page.locator("[data-view=enrol]")).to_be_visible()
    expect(page.get_by_role("button", name="Chọn buổi học")).to_be_hidden()
    page.locator("[data-part=enrol] button").click()
    expect(page.locator("[data-view=sign-in]")).to_be_visible()
    expect(page.get_by_role("button", name="Chọn buổi học")).to_be_hidden()
    expect(page.locator("[data-part=session]")).to_have_text("Máy quét")
