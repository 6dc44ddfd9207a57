"""Names leave a tablet whenever it is nobody's, and none comes back; what was not sent yet stays."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from classroom.accounts import services as accounts
from classroom.core.db import db
from tests.browser.tablets import PEOPLE, Door, accounts_tablet, kept_on, pick, sent
from tests.factories import StaffFactory

pytestmark = pytest.mark.browser
DAYS = 86_400_000


def expect_no_names(page: Page) -> None:
    """Neither in the store nor on the page."""
    kept = kept_on(page)
    assert kept["rosters"] == []
    said = str(kept["facts"]) + str(page.content())
    assert [name for name, _number in PEOPLE if name in said] == []
    assert "Lê Văn Thầy" not in said


def test_a_tablet_that_is_revoked_while_it_is_open_knows_nobody(tablet: Page, door: Door) -> None:
    pick(tablet, "Trần Văn Bình")
    sent(tablet)
    accounts.revoke_tablet(accounts_tablet(door), "bị mất", actor=door.office)
    expect(tablet.locator("[data-view=revoked]")).to_be_visible(timeout=40_000)
    expect_no_names(tablet)


def test_a_tablet_whose_holder_is_signed_out_elsewhere_knows_nobody(tablet: Page, door: Door) -> None:
    pick(tablet, "Trần Văn Bình")
    sent(tablet)
    tablet.context.clear_cookies(name="classroom")
    expect(tablet.locator("[data-view=sign-in]")).to_be_visible(timeout=40_000)
    expect_no_names(tablet)


def test_a_tablet_that_the_server_does_not_know_asks_for_a_code_and_keeps_what_waits(tablet: Page, door: Door) -> None:
    tablet.context.clear_cookies(name="tablet")
    pick(tablet, "Trần Văn Bình")
    expect(tablet.locator("[data-view=enrol]")).to_be_visible()
    expect(tablet.locator("[data-part=queue]")).to_have_text("1 chờ gửi")
    expect_no_names(tablet)
    assert [row["item"]["kind"] for row in kept_on(tablet)["queue"]] == ["picked"]


def cookie_of_another(door: Door) -> str:
    """Of a trainer of the same organisation, who has no class."""
    other: Any = StaffFactory(role_names=("trainer",), name="Phan Thị Cô")
    other.organisation_id = door.made.organisation_id
    db.session.commit()
    return accounts.start_session(other)


def test_the_lists_of_one_person_are_not_the_next_ones(tablet: Page, door: Door, live_server: Any) -> None:
    pick(tablet, "Trần Văn Bình")
    sent(tablet)
    cookie = cookie_of_another(door)
    tablet.context.add_cookies([{"name": "classroom", "value": cookie, "url": live_server.url}])
    tablet.goto("/tablet/")
    tablet.reload()
    expect(tablet.locator("[data-part=who]")).to_have_text("Phan Thị Cô")
    expect(tablet.locator("[data-view=choose]")).to_be_visible()
    expect_no_names(tablet)


def test_who_signs_out_without_a_network_is_signed_out_when_it_is_back(tablet: Page, live_server: Any) -> None:
    live_server.stop()
    tablet.get_by_role("button", name="Chọn buổi học").click()
    tablet.get_by_role("button", name="Đăng xuất và xóa").click()
    expect(tablet.locator("[data-view=sign-in]")).to_be_visible()
    live_server.start()
    expect(tablet.locator("[data-part=link]")).to_have_text("Trực tuyến", timeout=40_000)
    tablet.reload()
    expect(tablet.locator("[data-view=sign-in]")).to_be_visible()
    expect_no_names(tablet)


def test_a_sign_out_that_the_server_could_not_take_is_made_up_for(tablet: Page) -> None:
    tablet.route("**/sign-out", lambda route: route.fulfill(status=503, body=""))
    tablet.get_by_role("button", name="Chọn buổi học").click()
    tablet.get_by_role("button", name="Đăng xuất và xóa").click()
    expect(tablet.locator("[data-view=sign-in]")).to_be_visible()
    expect_no_names(tablet)
    tablet.unroute("**/sign-out")
    with tablet.expect_response("**/sign-out"):
        tablet.reload()
    tablet.goto("/today")
    expect(tablet).to_have_url(re.compile("/sign-in"))


def test_a_list_goes_when_its_time_is_over_although_the_page_stays_open(tablet: Page, live_server: Any) -> None:
    live_server.stop()
    tablet.evaluate("(days) => { const right = Date.now; Date.now = () => right() + days; }", 40 * DAYS)
    expect(tablet.locator("[data-view=choose]")).to_be_visible(timeout=40_000)
    assert kept_on(tablet)["rosters"] == []


def test_a_clock_that_jumps_by_months_takes_no_list_away(tablet: Page, live_server: Any) -> None:
    live_server.stop()
    tablet.add_init_script(f"const right = Date.now; Date.now = () => right() + {200 * DAYS};")
    tablet.reload()
    expect(tablet.locator("[data-view=scan]")).to_be_visible(timeout=30_000)
    assert len(kept_on(tablet)["rosters"]) == 1
