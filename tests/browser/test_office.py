"""A coordinator's morning in a real browser: from nothing to a class of 107 with its papers."""

import io
import re
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from classroom.accounts import services as accounts
from classroom.core.db import db
from tests.conftest import Visitors
from tests.factories import StaffFactory
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser
LIST = Path(__file__).resolve().parents[1] / "data" / "rosters" / "L02.xlsx"
FORMS = "main form:has(button.btn-primary)"


@pytest.fixture
def office(app: Flask, visitors: Visitors) -> Page:
    """A coordinator signed in on a desktop, in an organisation that has nothing yet."""
    staff = StaffFactory(role_names=("coordinator",), name="Phạm Thị Điều")
    StaffFactory(role_names=("trainer",), name="Lê Văn Thầy", organisation=staff.organisation)
    token = accounts.start_session(staff)
    db.session.rollback()
    page = visitors(1440, 900)
    page.goto("/sign-in")
    page.context.add_cookies([{"name": "classroom", "value": token, "url": page.url}])
    return page


def send(page: Page, **values: str) -> None:
    """Fill the form of the page by the names of its fields and send it."""
    form = page.locator(FORMS).first
    for name, value in values.items():
        form.locator(f'[name="{name}"]').fill(value)
    form.locator("button.btn-primary").first.click()


def make_programme(page: Page) -> None:
    page.goto("/programmes/new")
    send(page, name="Bồi dưỡng kỹ năng số")
    page.goto(programme(page) + "/courses/new")
    check_accessible(page)
    send(page, name="Kỹ năng số cho cán bộ cơ sở")


def programme(page: Page) -> str:
    page.goto("/programmes")
    address = page.locator('main a[href^="/programmes/"]:not([href$="/new"])').first.get_attribute("href")
    assert address
    return address


def make_room(page: Page) -> None:
    page.goto("/venues/new")
    send(page, name="Trung tâm Văn hóa tỉnh", address="Số 3 đường Ví Dụ")
    form = page.locator('main form[action$="/rooms"]')
    form.locator('[name="name"]').fill("Hội trường A")
    form.locator('[name="seats"]').fill("150")
    form.locator("button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("Hội trường A")
    check_accessible(page)


def make_class(page: Page) -> str:
    """Class L02 with 120 seats, meant; the address of its page."""
    page.goto(programme(page) + "/classes/new")
    page.fill('[name="code"]', "L02")
    page.fill('[name="capacity"]', "120")
    page.select_option('[name="room"]', index=1)
    page.select_option('[name="trainer"]', label="Lê Văn Thầy")
    page.fill('[name="starts_on"]', "12/10/2026")
    page.click('button[value="plan"]')
    expect(page.locator(".plan-row")).to_have_count(6)
    check_accessible(page)
    page.click('button[value="create"]')
    page.check('[name="knowingly"]')  # asked for only where there are more than 100
    check_accessible(page)
    page.click('button[value="create"]')
    expect(page).to_have_url(re.compile(r"/classes/[0-9A-Z]{12}"))
    return page.url.partition("?")[0]


def import_list(page: Page) -> None:
    """The office's letter, with every proposal taken and what stays unclear left out."""
    page.set_input_files('input[type="file"]', LIST)
    page.select_option('[name="target"]', label="Lớp L02")
    page.click("main button.btn-primary")
    check_accessible(page)
    page.click('button[value="next"]')
    check_accessible(page)
    while page.locator('button[value^="accept-all:"]').count():
        page.locator('button[value^="accept-all:"]').first.click()
    page.goto(page.url.partition("?")[0].replace("/problems", "/confirm"))
    check_accessible(page)
    page.click('button[value="import"]')
    expect(page.locator("main")).to_contain_text("107")


def test_from_nothing_to_a_class_of_107_and_its_papers(office: Page) -> None:
    make_programme(office)
    make_room(office)
    class_page = make_class(office)
    office.goto(programme(office) + "/import")
    check_accessible(office)
    import_list(office)

    office.goto(class_page)
    expect(office.locator("main table tbody tr")).to_have_count(107)
    for tab in ("roster", "timetable", "attendance", "paper"):
        office.goto(f"{class_page}?tab={tab}")
        check_accessible(office)
    paper = office.context.request.get(f"{class_page}/roster.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.body())).pages)
    assert re.sub(r"\s+", " ", text).count("Hoàng Thị Kim Hồng") == 1


def test_the_same_list_again_changes_nothing(office: Page) -> None:
    make_programme(office)
    make_room(office)
    class_page = make_class(office)
    for _ in range(2):
        office.goto(programme(office) + "/import")
        office.set_input_files('input[type="file"]', LIST)
        office.select_option('[name="target"]', label="Lớp L02")
        office.click("main button.btn-primary")
        office.click('button[value="next"]')
        office.goto(office.url.partition("?")[0].replace("/problems", "/confirm"))
        if office.locator('button[value="import"]').count():
            office.click('button[value="import"]')
    expect(office.locator('button[value="import"]')).to_have_count(0)
    office.goto(class_page)
    expect(office.locator("main table tbody tr")).to_have_count(107)
