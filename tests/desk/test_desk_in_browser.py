"""The desk's pages in a real browser: nothing overflows, nothing shuts anybody out, choosing rows works."""

from collections.abc import Callable
from datetime import datetime

import pytest
import time_machine
from playwright.sync_api import Page, expect

from classroom.accounts import services as accounts
from tests.desk.conftest import Town, mark, settle
from tests.support.axe import check_accessible
from tests.support.serving import LiveServer

pytestmark = pytest.mark.browser
SIZES = ((360, 740), (1024, 768), (1440, 900))

WIDER_THAN_ITS_FRAME = "all => all.filter(one => one.scrollWidth > one.clientWidth).length"
# From the middle of a link, a thumb that lands 21 pixels above or below still finds it.
OUT_OF_REACH = """all => all.filter(link => {
  const {left, top, width, height} = link.getBoundingClientRect();
  return [-21, 21].some(off => document.elementFromPoint(left + width / 2, top + height / 2 + off) !== link);
}).map(link => link.textContent)"""
LOW = "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.textContent)"


def sign_in(page: Page, server: LiveServer, town: Town) -> Page:
    token = accounts.start_session(town.coordinator)
    page.context.add_cookies([{"name": "classroom", "value": token, "url": server.url}])
    return page


def paths(town: Town) -> list[str]:
    here = f"/classes/{town.mine.public_id}"
    tabs = [f"{here}?tab={tab}" for tab in ("timetable", "attendance", "paper")]
    return ["/today", "/inbox", here, *tabs, f"/people/{town.roster()[0].learner.public_id}"]


@pytest.mark.parametrize("size", SIZES)
def test_no_page_of_the_desk_overflows_or_shuts_anybody_out(
    town: Town, midday: datetime, visitors: Callable[..., Page], live_server: LiveServer, size: tuple[int, int]
):
    for enrolment, status in zip(town.roster(), ("present", "late", "excused", "absent"), strict=False):
        mark(town.session(1), enrolment, status)
    settle(town.session(1), signed_off_by=town.trainer, head_count=3)
    with time_machine.travel(midday, tick=True):
        page = sign_in(visitors(*size), live_server, town)
        for path in paths(town):
            page.goto(path)
            assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
            check_accessible(page)


def test_a_phone_shows_every_row_as_a_block_within_reach_of_a_thumb(
    town: Town, midday: datetime, visitors: Callable[..., Page], live_server: LiveServer
):
    for enrolment, status in zip(town.roster(), ("present", "late", "excused", "absent"), strict=False):
        mark(town.session(3), enrolment, status, midday)
    with time_machine.travel(midday, tick=True):
        page = sign_in(visitors(360, 740), live_server, town)
        for path in [*paths(town), f"/sessions/{town.session(3).public_id}/register"]:
            page.goto(path)
            assert page.locator(".table-scroll").evaluate_all(WIDER_THAN_ITS_FRAME) == 0, path
            assert page.locator("tbody td:visible .btn").evaluate_all(LOW) == [], path
            assert page.locator(".crumbs a").evaluate_all(OUT_OF_REACH) == [], path
        first = page.get_by_role("row").nth(1)
        expect(first.get_by_role("rowheader")).to_contain_text(town.roster()[0].learner.name)
        assert first.get_by_role("cell", name="Có mặt", exact=True).get_attribute("data-label") == "Điểm danh"
        expect(page.get_by_role("columnheader", name="Điểm danh")).to_have_count(1)


def test_chosen_rows_go_to_the_page_that_asks_why(
    town: Town, midday: datetime, visitors: Callable[..., Page], live_server: LiveServer
):
    with time_machine.travel(midday, tick=True):
        page = sign_in(visitors(), live_server, town)
        page.goto(f"/classes/{town.mine.public_id}")
        page.get_by_label("Chọn tất cả").check()
        page.get_by_role("button", name="Đưa ra khỏi lớp").click()
        expect(page.get_by_text("Từ bây giờ 12 học viên")).to_be_visible()
        page.get_by_label("Lý do").or_(page.locator("#reason")).first.fill("Hoãn lớp")
        page.get_by_role("button", name="Đưa ra khỏi lớp").click()
        expect(page.get_by_text("Đã đưa 12 học viên ra khỏi lớp.")).to_be_visible()
