"""The scanner opens with what is kept, or says what to do; and fits on whatever tablet it opens on."""

import re
import sys
from typing import Any

import pytest
from flask import render_template
from playwright.sync_api import Page, expect

from tests.browser.tablets import Door, answers, pick, prepared
from tests.conftest import Visitors
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser
NO_STORE = """IDBFactory.prototype.open = () => { throw new DOMException("blocked", "SecurityError"); };"""
FULL = """IDBObjectStore.prototype.put = () => { throw new DOMException("full", "QuotaExceededError"); };"""


@pytest.mark.parametrize(("trouble", "words"), [(NO_STORE, "chế độ ẩn danh"), (FULL, "Bộ nhớ của máy đã đầy")])
def test_a_store_that_cannot_be_used_is_said_with_what_to_do(tablet: Page, trouble: str, words: str) -> None:
    tablet.add_init_script(trouble)
    tablet.reload()
    expect(tablet.locator("[data-view=broken]")).to_contain_text(words)
    expect(tablet.get_by_role("button", name="Thử lại")).to_be_visible()
    check_accessible(tablet)


def test_a_page_of_a_newer_build_is_not_kept_with_the_files_of_the_older(
    tablet: Page, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def newer(name: str) -> str:
        return re.sub(r"/tablet-(\w+\.js)", r"/tablet-NEWER-\1", render_template(name))

    monkeypatch.setattr(sys.modules["classroom.attendance.views.tablet_pages"], "render_template", newer)
    address = tablet.url
    tablet.goto("about:blank")
    tablet.goto(address)
    expect(tablet.locator("script[src*=NEWER]")).to_have_count(1)
    live_server.stop()
    tablet.goto("about:blank")
    tablet.goto(address)
    expect(tablet.locator("[data-view=scan]")).to_be_visible(timeout=30_000)


def test_a_tablet_asks_the_browser_to_keep_its_store_when_it_is_let_in(visitors: Visitors, door: Door) -> None:
    page = visitors(1024, 768)
    page.add_init_script(
        """navigator.storage.persisted = async () => false;
        navigator.storage.persist = async () => { document.documentElement.dataset.asked = "yes"; return true; };"""
    )
    page.goto(f"/tablet/#code={door.code()}")
    expect(page.locator("[data-view=enrol]")).to_be_visible()
    expect(page.locator("html[data-asked]")).to_have_count(0)
    page.locator("[data-part=enrol] button").click()
    expect(page.locator("html[data-asked=yes]")).to_have_count(1)


@pytest.mark.parametrize(("width", "height"), [(360, 740), (768, 1024), (1024, 768)])
def test_no_view_is_wider_than_the_tablet(
    visitors: Visitors, door: Door, live_server: Any, width: int, height: int
) -> None:
    page = prepared(door, visitors, live_server)
    page.set_viewport_size({"width": width, "height": height})
    answers(page, outcome="refused", code="scan.too_late", words="Điểm danh đã kết thúc lúc 09:30.")
    pick(page, "Hồ Minh Đức")
    expect(page.locator("[data-part=attention-open]")).to_be_visible()
    page.unroute("**/tablet/items")
    live_server.stop()
    pick(page, "Trần Văn Bình")
    expect(page.locator("[data-part=why]")).to_be_visible()
    for view, open_it in (
        ("scan", None),
        ("attention", "cần xem lại"),
        ("scan", "Về máy quét"),
        ("find", "Tìm tên"),
        ("walk-in", "Không có trong danh sách"),
        ("choose", "Chọn buổi học"),
    ):
        if open_it:
            page.get_by_role("button", name=open_it).filter(visible=True).last.click()
        expect(page.locator(f"[data-view={view}]")).to_be_visible()
        wide, there = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
        assert wide <= there, view
