"""A tablet whose line to the server is bad: it says why in words, and delivers whatever can be delivered."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from classroom.accounts import services as accounts
from classroom.attendance.models import Scan
from tests.browser.tablets import PEOPLE, Door, accounts_tablet, items_of, pick, rows, sent
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser


def test_a_server_that_asks_to_wait_is_amber_and_said(tablet: Page, door: Door) -> None:
    tablet.route("**/tablet/items", lambda route: route.fulfill(status=429, json={}))
    pick(tablet, "Trần Văn Bình")
    expect(tablet.locator("[data-part=link].tone-attention")).to_have_text("Chưa gửi được")
    expect(tablet.locator("[data-part=why]")).to_contain_text("yêu cầu chờ một lát. Máy sẽ tự gửi sau. 1 lượt chờ từ")
    check_accessible(tablet)
    tablet.unroute("**/tablet/items")
    sent(tablet)
    expect(tablet.locator("[data-part=link].tone-success")).to_have_text("Trực tuyến")
    expect(tablet.locator("[data-part=why]")).to_be_hidden()


def test_a_refusal_that_is_not_the_servers_own_erases_nothing(tablet: Page) -> None:
    tablet.route("**/tablet/state?*", lambda route: route.fulfill(status=403, body="<h1>Wi-Fi</h1>"))
    expect(tablet.locator("[data-part=link].tone-attention")).to_have_text("Chưa gửi được", timeout=40_000)
    expect(tablet.locator("[data-part=why]")).to_contain_text("Wi-Fi")
    expect(tablet.locator("[data-view=scan]")).to_be_visible()
    expect(tablet.locator("[data-part=count]")).to_have_text("0 / 3")


def test_a_slow_link_takes_smaller_parts(tablet: Page, door: Door, live_server: Any) -> None:
    tablet.add_init_script(
        "const later = setTimeout; window.setTimeout = (work, ms) => later(work, ms === 15000 ? 1000 : ms);"
    )
    tablet.reload()
    live_server.stop()
    for name, _number in (*PEOPLE, PEOPLE[0]):
        pick(tablet, name)
    expect(tablet.locator("[data-part=queue]")).to_have_text("4 chờ gửi")
    sizes: list[int] = []

    def creep(route: Route) -> None:
        sizes.append(len(items_of(route)))
        if sizes[-1] <= 2:
            route.continue_()

    tablet.route("**/tablet/items", creep)
    live_server.start()
    sent(tablet)
    assert sizes[-3:] == [4, 2, 2]
    assert len(door.statuses()) == 3


def test_an_item_that_the_server_cannot_take_holds_up_no_other(tablet: Page, door: Door, live_server: Any) -> None:
    bad = next(place.public_id for place in door.places if place.learner.name == PEOPLE[0][0])
    live_server.stop()
    for name, _number in PEOPLE:
        pick(tablet, name)

    def choke(route: Route) -> None:
        if any(item["enrolment"] == bad for item in items_of(route)):
            route.fulfill(status=500, json={})
        else:
            route.continue_()

    tablet.route("**/tablet/items", choke)
    live_server.start()
    expect(tablet.locator("[data-part=queue]")).to_have_text("1 chờ gửi", timeout=30_000)
    expect(tablet.locator("[data-part=why]")).to_contain_text("chưa nhận được một số lượt", timeout=30_000)
    expect(tablet.locator("[data-part=why]")).to_contain_text("1 lượt chờ từ")
    assert door.statuses() == {name: "present" for name, _number in PEOPLE[1:]}


def test_an_item_that_is_not_decided_yet_waits_alone(tablet: Page, door: Door) -> None:
    tablet.route(
        "**/tablet/items",
        lambda route: route.fulfill(
            json={
                "answers": [
                    {"uuid": item["uuid"], "final": number > 0, "outcome": "accepted", "code": "", "words": ""}
                    for number, item in enumerate(items_of(route))
                ]
            }
        ),
    )
    pick(tablet, "Trần Văn Bình")
    expect(tablet.locator("[data-part=why]")).to_contain_text("1 lượt chờ từ")
    pick(tablet, "Hồ Minh Đức")
    expect(tablet.locator("[data-part=recent] .recent-waits")).to_have_count(1)
    expect(tablet.locator("[data-part=recent] .recent-row").last.locator(".recent-waits")).to_have_count(1)
    expect(tablet.locator("[data-part=link].tone-success")).to_have_count(0)


def test_being_unknown_in_the_middle_of_an_upload_loses_nothing_and_counts_nothing_twice(
    tablet: Page, door: Door, live_server: Any
) -> None:
    live_server.stop()
    for name, _number in (*PEOPLE, PEOPLE[0]):
        pick(tablet, name)
    expect(tablet.locator("[data-part=queue]")).to_have_text("4 chờ gửi")
    sizes: list[int] = []

    def break_off(route: Route) -> None:
        sizes.append(len(items_of(route)))
        if len(sizes) == 1:
            route.fulfill(status=413, json={})
        elif len(sizes) == 2:
            route.continue_()
        else:
            route.fulfill(status=401, json={"error": "tablet.unknown"})

    tablet.route("**/tablet/items", break_off)
    live_server.start()
    expect(tablet.locator("[data-part=queue]")).to_have_text("2 chờ gửi", timeout=30_000)
    expect(tablet.locator("[data-part=link].tone-attention")).to_have_text("Chưa gửi được")
    tablet.context.clear_cookies(name="tablet")
    expect(tablet.locator("[data-view=enrol]")).to_be_visible(timeout=40_000)
    assert sizes[:2] == [4, 2]
    assert len(door.statuses()) == 2
    tablet.unroute("**/tablet/items")
    code = accounts.renew_code(accounts_tablet(door), actor=door.office)[1]
    tablet.goto(f"/tablet/#code={code}")
    tablet.reload()
    tablet.locator("[data-part=enrol] button").click()
    expect(tablet.locator("[data-view=enrol]")).to_be_hidden()
    sent(tablet)
    assert door.statuses() == dict.fromkeys((name for name, _ in PEOPLE), "present")
    assert rows(Scan) == 4
