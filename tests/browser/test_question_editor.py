"""A question is written in a real browser, with scripts and without them."""

import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from classroom.accounts import services as accounts
from classroom.core.db import db
from classroom.exams.models import QuestionVersion
from tests.conftest import Visitors
from tests.factories import StaffFactory
from tests.support.axe import check_accessible
from tests.support.drawn import picture

pytestmark = pytest.mark.browser


@pytest.fixture
def token(app: Flask) -> str:
    """The sign-in of a coordinator."""
    made = accounts.start_session(StaffFactory(role_names=("coordinator",)))
    db.session.rollback()
    return made


def office(visitors: Visitors, token: str, **options: Any) -> Page:
    page = visitors(1440, 900, **options)
    page.goto("/sign-in")
    page.context.add_cookies([{"name": "classroom", "value": token, "url": page.url}])
    return page


def newest() -> QuestionVersion:
    db.session.rollback()
    found = db.session.scalars(select(QuestionVersion).order_by(QuestionVersion.id.desc())).first()
    assert found is not None
    return found


def texts(page: Page, name: str) -> list[str]:
    return [field.input_value() for field in page.locator(f'[name="{name}"]').all()]


def press(page: Page, action: str, row: int) -> None:
    page.locator("[data-row]").nth(row).locator(f'button[value^="{action}:"]').click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_options_are_added_moved_and_removed(visitors: Visitors, token: str, scripts: bool) -> None:
    page = office(visitors, token, java_script_enabled=scripts)
    page.goto("/questions/new?kind=single")
    page.get_by_label("Nội dung câu hỏi").fill("Đâu là **trình duyệt**?")
    for place, text in enumerate(["Word", "Excel", "Chrome", "Paint"]):
        page.locator("[name=option-text]").nth(place).fill(text)
    page.locator('input[name="right"]').nth(2).check()
    page.get_by_role("button", name="Thêm phương án").click()
    expect(page.locator("[name=option-text]")).to_have_count(5)
    page.locator("[name=option-text]").nth(4).fill("Zalo")
    press(page, "remove", 1)
    expect(page.locator("[name=option-text]")).to_have_count(4)
    press(page, "up", 1)
    press(page, "down", 2)
    assert texts(page, "option-text") == ["Chrome", "Word", "Zalo", "Paint"]
    expect(page.locator('input[name="right"]').nth(0)).to_be_checked()
    page.get_by_label("Chủ đề").fill("Trình duyệt")
    if scripts:
        check_accessible(page)
    page.locator('button[value="save"]').click()
    expect(page.locator(".keyed-right")).to_contain_text("Chrome")
    options = newest().body["options"]
    assert [(option["text"], option["right"]) for option in options] == [
        ("Chrome", True),
        ("Word", False),
        ("Zalo", False),
        ("Paint", False),
    ]
    assert len({option["id"] for option in options}) == 4
    if scripts:
        check_accessible(page)


def test_the_preview_follows_the_typing(visitors: Visitors, token: str) -> None:
    page = office(visitors, token)
    page.goto("/questions/new?kind=matching")
    shown = page.locator("#preview")
    page.get_by_label("Nội dung câu hỏi").fill("Ghép **phím** <img src=x onerror=alert(1)>")
    expect(shown.locator("strong")).to_have_text("phím")
    expect(shown).to_contain_text("<img src=x onerror=alert(1)>")
    assert shown.locator("img").count() == 0
    page.locator("[name=pair-left]").first.fill("Ctrl+C")
    page.locator("[name=pair-right]").first.fill("Sao chép")
    expect(shown.locator(".keyed-pair").first).to_contain_text("Sao chép")
    check_accessible(page)


def test_a_picture_goes_to_where_the_cursor_is(visitors: Visitors, token: str, tmp_path: Path) -> None:
    file, drawing = tmp_path / "hinh.jpg", tmp_path / "hinh.svg"
    file.write_bytes(picture("JPEG", (300, 200)))
    drawing.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    page = office(visitors, token)
    page.goto("/questions/new?kind=true_false")
    text = page.get_by_label("Nội dung câu hỏi")
    text.fill("Trước\n\nSau")
    text.evaluate("field => field.setSelectionRange(5, 5)")
    page.get_by_text("Thêm hình ảnh").click()
    page.get_by_label("Mô tả hình ảnh").fill("Bàn phím")
    page.set_input_files("[name=picture]", drawing)
    page.locator("[data-send-picture]").click()
    expect(page.locator("[data-picture-said]")).to_contain_text("SVG")
    page.set_input_files("[name=picture]", file)
    page.locator("[data-send-picture]").click()
    expect(page.locator("#preview img")).to_have_attribute("alt", "Bàn phím")
    assert re.fullmatch(r"Trước\n\n!\[Bàn phím\]\(picture:[0-9A-Z]{12}\)\n\nSau", text.input_value())
    expect(page.locator("#preview img")).to_have_js_property("naturalWidth", 300)


def test_enter_in_a_row_goes_to_the_next_one_and_sends_nothing(visitors: Visitors, token: str) -> None:
    page = office(visitors, token)
    page.goto("/questions/new?kind=ordering")
    page.locator("[name=item-text]").first.click()
    for text in ("Một", "Hai", "Ba", "Bốn", "Năm"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    assert texts(page, "item-text") == ["Một", "Hai", "Ba", "Bốn", "Năm", ""]
    expect(page).to_have_url(re.compile(r"kind=ordering"))
