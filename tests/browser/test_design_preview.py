"""The preview of a design follows what is chosen, and says why it cannot; without scripts, by a button."""

import io
import re
from base64 import b64decode
from typing import Any

import pytest
from flask import Flask
from PIL import Image, ImageChops
from playwright.sync_api import Locator, Page, expect

from classroom.accounts.models import Staff
from tests.browser.desks import desk
from tests.conftest import Visitors
from tests.factories import StaffFactory
from tests.support.axe import check_accessible
from tests.support.drawn import picture

pytestmark = pytest.mark.browser
DRAWN = re.compile(r"^data:image/png;base64,")
NO_PICTURE = "Đây không phải hình ảnh PNG hoặc JPEG."
CHOOSE_AGAIN = "Biểu trưng chưa được lưu: hãy chọn lại tệp trước khi lưu mẫu."
PALE = "Màu này quá nhạt, in ra giấy không đọc được."


@pytest.fixture
def staff(app: Flask) -> Staff:
    return StaffFactory()


def design_page(visitors: Visitors, staff: Staff, url: str, **options: Any) -> Page:
    page = desk(visitors, staff, url, **options)
    page.goto("/certificates/designs/default")
    return page


def preview(page: Page) -> Locator:
    return page.get_by_role("img", name="Xem trước giấy chứng nhận")


def said(page: Page) -> Locator:
    return page.locator("[data-say]")


def seen(page: Page) -> Image.Image:
    """The picture as it stands on the page, once it has been drawn."""
    expect(said(page)).to_be_empty()
    source = preview(page).get_attribute("src") or ""
    if source.startswith("data:"):
        content = b64decode(source.partition(",")[2])
    else:
        content = page.context.request.get(source).body()
    return Image.open(io.BytesIO(content)).convert("RGB")


def drawn_anew(page: Page, before: str | None) -> None:
    """Wait until the page shows another picture."""
    expect(preview(page)).to_have_attribute("src", DRAWN)
    if before:
        expect(preview(page)).not_to_have_attribute("src", before)


def change(page: Page, field: str) -> None:
    """Do one thing to the design."""
    match field:
        case "wording":
            page.get_by_label("Nội dung chứng nhận").fill("Đã học xong {course}")
        case "title":
            page.get_by_label("Tiêu đề").fill("GIẤY KHEN")
        case "frame":
            page.get_by_label("Giản dị, dải màu trên và dưới").check()
        case "colour":
            page.locator("[name=main]").fill("#0b3d5c")
        case "long":
            page.get_by_label("Với họ tên rất dài").check()
        case "emblem":
            emblem = {"name": "a.png", "mimeType": "image/png", "buffer": picture(size=(200, 200))}
            page.set_input_files("[name=logo]", emblem)


@pytest.mark.parametrize("field", ["wording", "title", "frame", "colour", "long", "emblem"])
def test_the_picture_follows_each_choice(visitors: Visitors, staff: Staff, live_server: Any, field: str) -> None:
    page = design_page(visitors, staff, live_server.url)
    first, source = seen(page), preview(page).get_attribute("src")
    change(page, field)
    drawn_anew(page, source)
    assert ImageChops.difference(first, seen(page)).getbbox() is not None


def test_what_was_seen_is_what_is_saved(visitors: Visitors, staff: Staff, live_server: Any) -> None:
    page = design_page(visitors, staff, live_server.url)
    source = preview(page).get_attribute("src")
    for field in ("wording", "frame", "colour", "emblem"):
        change(page, field)
        drawn_anew(page, source)
        expect(said(page)).to_be_empty()
        source = preview(page).get_attribute("src")
    shown = seen(page)
    check_accessible(page)
    page.get_by_role("button", name="Lưu mẫu").click()
    expect(page.locator(".flash")).to_contain_text("Đã lưu mẫu")
    assert ImageChops.difference(shown, seen(page)).getbbox() is None


def test_what_cannot_be_printed_is_said_and_the_last_picture_stays(
    visitors: Visitors, staff: Staff, live_server: Any
) -> None:
    page = design_page(visitors, staff, live_server.url)
    source = preview(page).get_attribute("src")
    page.get_by_label("Nội dung chứng nhận").fill("Ông {ten} đã học xong")
    expect(said(page)).to_have_text("Không có dữ liệu nào để điền vào {ten}.")
    page.get_by_label("Nội dung chứng nhận").fill("Đã học xong")
    drawn_anew(page, source)
    expect(said(page)).to_be_empty()
    page.locator("[name=main]").fill("#ffff00")
    expect(said(page)).to_have_text(PALE)
    page.locator("[name=main]").fill("#0b3d5c")
    expect(said(page)).to_be_empty()
    page.get_by_label("Tiêu đề").fill("")
    expect(said(page)).to_have_text("Nội dung đang nhập chưa in được như vậy.")


@pytest.mark.parametrize("name", ["bieu-trung.png", "bieu-trung.jpg"])
def test_a_picture_that_is_none_is_refused_by_the_preview_and_by_saving(
    visitors: Visitors, staff: Staff, live_server: Any, name: str
) -> None:
    page = design_page(visitors, staff, live_server.url)
    source = preview(page).get_attribute("src")
    page.set_input_files("[name=logo]", {"name": name, "mimeType": "image/png", "buffer": b"%PDF-1.7 no picture"})
    expect(said(page)).to_contain_text(NO_PICTURE)
    expect(preview(page)).to_have_attribute("src", source or "")
    change(page, "title")
    expect(said(page)).to_contain_text(NO_PICTURE)
    page.get_by_role("button", name="Lưu mẫu").click()
    expect(page.locator(".error-summary")).to_contain_text(NO_PICTURE)
    expect(page.locator("#logo-error")).to_contain_text(NO_PICTURE)
    expect(page.get_by_label("Tiêu đề")).to_have_value("GIẤY KHEN")
    check_accessible(page)


def test_a_preview_that_cannot_be_had_is_said(visitors: Visitors, staff: Staff, live_server: Any) -> None:
    page = design_page(visitors, staff, live_server.url)
    page.route("**/preview", lambda route: route.abort())
    change(page, "title")
    expect(said(page)).to_have_text("Nội dung đang nhập chưa in được như vậy.")


def test_a_newer_question_takes_the_place_of_an_earlier_one(visitors: Visitors, staff: Staff, live_server: Any) -> None:
    page = design_page(visitors, staff, live_server.url)
    page.route("**/preview", lambda _route: None, times=1)
    with page.expect_request("**/preview"):
        change(page, "title")
    expect(said(page)).to_have_text("Đang vẽ…")
    with page.expect_event("requestfailed"):
        change(page, "colour")
    drawn_anew(page, None)
    expect(said(page)).to_be_empty()


def test_without_scripts_a_button_draws_what_is_typed_and_keeps_it(
    visitors: Visitors, staff: Staff, live_server: Any
) -> None:
    page = design_page(visitors, staff, live_server.url, java_script_enabled=False)
    first = seen(page)
    for field in ("wording", "frame", "colour", "emblem"):
        change(page, field)
    page.get_by_role("button", name="Xem trước").click()
    drawn_anew(page, None)
    shown = seen(page)
    expect(page.locator("main")).to_contain_text(CHOOSE_AGAIN)
    change(page, "emblem")
    assert ImageChops.difference(first, shown).getbbox() is not None
    expect(page.get_by_label("Nội dung chứng nhận")).to_have_value("Đã học xong {course}")
    page.get_by_role("button", name="Lưu mẫu").click()
    expect(page.locator(".flash")).to_contain_text("Đã lưu mẫu")
    assert ImageChops.difference(shown, seen(page)).getbbox() is None
