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
