"""A tablet at the door in a real browser: its camera reads badges and cards, with the server there and gone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from classroom.accounts import services as accounts
from classroom.attendance.models import Mark, Scan, TabletItem
from classroom.core.clock import now
from classroom.core.db import db
from classroom.sessions import services as sessions
from classroom.sessions.queries import badges
from tests.browser.tablets import (
    CARD,
    CARD_2024,
    PEOPLE,
    Door,
    accounts_tablet,
    expect_answer,
    hold,
    kept_on,
    prepared,
    rows,
    sent,
)
from tests.conftest import Visitors
from tests.support.axe import check_accessible
from tests.support.fakecam import FakeCamera
from tests.support.proxy import Cut, CuttingProxy

pytestmark = pytest.mark.browser


def test_badge_cards_and_names_check_in_and_the_server_knows(tablet: Page, door: Door, camera: FakeCamera) -> None:
    check_accessible(tablet)
    hold(tablet, camera, f"https://lop.nghean.gov.vn/B/{door.badge['Trần Văn Bình']}", turned=17)
    expect_answer(tablet, "success", "Có mặt", "Trần Văn Bình", "Trạm Y tế xã Đô Lương")
    check_accessible(tablet)
    hold(tablet, camera, CARD)
    expect_answer(tablet, "success", "Nguyễn Thị Ánh Tuyết")
    hold(tablet, camera, CARD_2024)
    expect_answer(tablet, "success", "Hồ Minh Đức")
    sent(tablet)
    assert door.statuses() == dict.fromkeys((name for name, _ in PEOPLE), "present")
    expect(tablet.locator("[data-part=count]")).to_have_text("3 / 3")
    hold(tablet, camera, CARD)
    expect_answer(tablet, "attention", "Đã có mặt")


def test_each_other_code_is_told_kindly_and_kept(tablet: Page, door: Door, camera: FakeCamera) -> None:
    name = "Trần Văn Bình"
    old, learner = door.badge[name], next(one.learner for one in door.places if one.learner.name == name)
    sessions.reissue_badge(learner.public_id, "mất thẻ", actor=door.office)
    tablet.reload()
    for text, tone, words in (
        (f"https://x.vn/B/{old}", "danger", f"Thẻ cũ: {name}"),
        (f"https://x.vn/B/{old[:9]}", "danger", "cắt mất"),
        ("00020101021138540010A00000072701240006970436", "attention", "chuyển khoản"),
        ("DN4010123456789|4e677579e1bb85n|07/03/1985|2|a|b|c|d|e|f", "attention", "bảo hiểm y tế"),
        (f"https://x.vn/A/{door.session}.I0000001.ABCDEFGH", "attention", "màn chiếu"),
        (f"https://x.vn/sessions/{door.other}/board", "attention", "buổi khác"),
        (f"https://x.vn/sessions/{door.session}/board", "attention", "của buổi này"),
        ("https://example.org/anything", "attention", "Không phải mã của lớp học"),
        ("040185012345||Ai Đó|99999999|Nam|x|y", "danger", "Không đọc được thẻ"),
    ):
        hold(tablet, camera, text)
        expect_answer(tablet, tone, words)
    sent(tablet)
    db.session.rollback()
    refusals = db.session.scalars(select(Scan.refusal).order_by(Scan.id)).all()
    foreign, truncated = "scan.foreign_code", "scan.truncated"
    assert list(refusals) == ["badge.replaced", truncated, *[foreign] * 4, "scan.card_unreadable"]
    assert door.statuses() == {}


def test_a_card_under_another_name_counts_and_says_so(tablet: Page, door: Door, camera: FakeCamera) -> None:
    hold(tablet, camera, CARD.replace("Nguyễn Thị Ánh Tuyết", "Lê Thị Khác"))
    expect_answer(tablet, "attention", "Lê Thị Khác", "Nguyễn Thị Ánh Tuyết")
    sent(tablet)
    assert door.statuses() == {"Nguyễn Thị Ánh Tuyết": "present"}


def test_a_stranger_is_taken_in_by_the_card_with_a_blank_badge(tablet: Page, door: Door, camera: FakeCamera) -> None:
    blank = sessions.make_blanks(door.made.public_id, 1, actor=door.office)[0].code
    tablet.reload()
    hold(tablet, camera, f"https://x.vn/B/{blank}")
    expect_answer(tablet, "attention", "Thẻ trống")
    tablet.get_by_role("button", name="Chọn học viên").click()
    check_accessible(tablet)
    tablet.get_by_role("button", name="Không có trong danh sách").click()
    check_accessible(tablet)
    tablet.get_by_label("Họ và tên").fill("Vừ Y Mới")
    tablet.get_by_label("Ngày sinh").fill("7/3/1985")
    tablet.get_by_role("button", name="Nhận vào lớp").last.click()
    expect_answer(tablet, "success", "Đã nhận vào lớp", "Vừ Y Mới")
    hold(tablet, camera, "040301099999||Lô Thị Ước|01021990|Nữ|x|y")
    expect_answer(tablet, "attention", "không có trong danh sách lớp", "Lô Thị Ước")
    tablet.locator("[data-part=ask-walk-in]").click()
    expect(tablet.get_by_label("Số CCCD")).to_have_value("040301099999")
    expect(tablet.get_by_label("Ngày sinh")).to_have_value("01/02/1990")
    tablet.get_by_role("button", name="Nhận vào lớp").last.click()
    expect_answer(tablet, "success", "Lô Thị Ước")
    sent(tablet)
    assert door.statuses() == {"Vừ Y Mới": "present", "Lô Thị Ước": "present"}
    found = badges.find_badge(door.made.organisation_id, blank)
    assert found is not None
    assert found.learner is not None
    assert (found.learner.name, found.learner.birth_year) == ("Vừ Y Mới", 1985)


def test_a_name_is_found_without_accents_and_taken_back(tablet: Page, door: Door) -> None:
    tablet.get_by_role("button", name="Tìm tên").last.click()
    tablet.get_by_label("Tên, đơn vị hoặc mã học viên").fill("tran van")
    tablet.locator(".btn-person", has_text="Trần Văn Bình").click()
    expect_answer(tablet, "success", "Trần Văn Bình")
    sent(tablet)
    assert door.statuses() == {"Trần Văn Bình": "present"}
    tablet.get_by_role("button", name="Hoàn tác Trần Văn Bình").click()
    expect(tablet.locator(".recent-row.undone")).to_have_count(1)
    sent(tablet)
    assert door.statuses() == {"Trần Văn Bình": "unmarked"}
    expect(tablet.locator("[data-part=count]")).to_have_text("0 / 3")


def test_with_the_server_gone_it_opens_scans_survives_the_tab_and_delivers_once(
    tablet: Page, door: Door, camera: FakeCamera, live_server: Any
) -> None:
    address, context = tablet.url, tablet.context
    live_server.stop()
    tablet.goto("about:blank")
    tablet.goto(address)
    expect(tablet.locator("[data-view=scan]")).to_be_visible(timeout=30_000)
    expect(tablet.locator("[data-part=link]")).to_have_text("Mất mạng")
    hold(tablet, camera, f"https://x.vn/B/{door.badge['Trần Văn Bình']}")
    expect_answer(tablet, "success", "Trần Văn Bình")
    hold(tablet, camera, CARD)
    expect_answer(tablet, "success", "Nguyễn Thị Ánh Tuyết")
    expect(tablet.locator("[data-part=queue]")).to_have_text("2 chờ gửi")
    tablet.close()
    again = context.new_page()
    again.goto(address)
    expect(again.locator("[data-part=queue]")).to_have_text("2 chờ gửi", timeout=30_000)
    expect(again.locator(".recent-row")).to_have_count(2)
    assert rows(TabletItem) == 0
    live_server.start()
    sent(again)
    assert door.statuses() == {"Trần Văn Bình": "present", "Nguyễn Thị Ánh Tuyết": "present"}
    assert (rows(TabletItem), rows(Scan)) == (2, 2)


def test_an_answer_that_is_lost_on_the_way_back_makes_no_second_row(
    door: Door, visitors: Visitors, live_server: Any, camera: FakeCamera
) -> None:
    with CuttingProxy(live_server.port) as proxy:
        page = prepared(door, visitors, live_server, root=f"http://localhost:{proxy.port}")
        cuts = (Cut.REPLY, Cut.MIDDLE, Cut.REQUEST)
        for count, (cut, name) in enumerate(zip(cuts, door.badge, strict=True), 1):
            proxy.cuts["/tablet/items"] = cut
            hold(page, camera, f"https://x.vn/B/{door.badge[name]}")
            expect(page.locator(".recent-row")).to_have_count(count)
            sent(page)
            assert "/tablet/items" not in proxy.cuts
    assert len(proxy.swallowed) == 2
    assert rows(TabletItem) == rows(Scan) == 3
    assert set(door.statuses().values()) == {"present"}


def test_two_tablets_offline_merge_and_the_earliest_scan_counts(
    tablet: Page, door: Door, visitors: Visitors, camera: FakeCamera, live_server: Any
) -> None:
    other = prepared(door, visitors, live_server, "Máy 08")
    live_server.stop()
    for page in (tablet, other):
        hold(page, camera, CARD_2024)
        expect_answer(page, "success", "Hồ Minh Đức")
        page.locator("[data-part=pause]").click()
    live_server.start()
    for page in (other, tablet):
        sent(page)
    db.session.rollback()
    first = db.session.scalars(select(Scan.scanned_at).order_by(Scan.scanned_at)).first()
    assert db.session.scalars(select(Mark.arrived_at)).all() == [first]
    assert rows(TabletItem) == 2


def test_a_revoked_tablet_erases_its_lists_and_still_delivers(
    tablet: Page, door: Door, camera: FakeCamera, live_server: Any
) -> None:
    live_server.stop()
    hold(tablet, camera, CARD)
    expect_answer(tablet, "success")
    accounts.revoke_tablet(accounts_tablet(door), "bị mất", actor=door.office)
    live_server.start()
    tablet.reload()
    expect(tablet.locator("[data-view=revoked]")).to_be_visible(timeout=30_000)
    check_accessible(tablet)
    sent(tablet)
    assert kept_on(tablet)["rosters"] == []
    db.session.rollback()
    assert db.session.scalars(select(Scan.outcome)).all() == ["quarantined"]


def test_the_tablet_holds_no_numbers_and_after_sign_out_no_lists(tablet: Page, door: Door, camera: FakeCamera) -> None:
    hold(tablet, camera, CARD)
    expect_answer(tablet, "success")
    sent(tablet)
    kept = str(kept_on(tablet))
    assert "Nguyễn Thị Ánh Tuyết" in kept
    assert "Xóm 5" not in kept
    for _name, number in PEOPLE:
        assert number not in kept
    for place in door.places:
        assert str(place.learner.phone)[3:] not in kept
    tablet.get_by_role("button", name="Chọn buổi học").click()
    tablet.get_by_role("button", name="Đăng xuất và xóa").click()
    expect(tablet.locator("[data-view=sign-in]")).to_be_visible()
    kept = str(kept_on(tablet))
    for name, _number in PEOPLE:
        assert name not in kept


def test_signing_out_elsewhere_erases_the_lists_but_not_what_waits(
    tablet: Page, door: Door, camera: FakeCamera, live_server: Any
) -> None:
    live_server.stop()
    hold(tablet, camera, CARD)
    expect_answer(tablet, "success")
    tablet.context.clear_cookies(name="classroom")
    tablet.context.clear_cookies(name="tablet")
    live_server.start()
    tablet.reload()
    expect(tablet.locator("[data-view=enrol]")).to_be_visible(timeout=30_000)
    expect(tablet.locator("[data-part=queue]")).to_have_text("1 chờ gửi")
    tablet.locator("#code").fill(door.code("Máy 07 mới"))
    tablet.locator("[data-part=enrol] button").click()
    expect(tablet.locator("[data-view=sign-in]")).to_be_visible()
    assert kept_on(tablet)["rosters"] == []


def test_a_camera_that_is_refused_says_what_to_do_and_names_still_work(
    door: Door, visitors: Visitors, live_server: Any
) -> None:
    page = prepared(door, visitors, live_server)
    page.context.clear_permissions()
    page.locator("[data-part=start]").click()
    expect_answer(page, "danger", "Camera chưa dùng được")
    page.get_by_role("button", name="Tìm tên").last.click()
    page.get_by_label("Tên, đơn vị hoặc mã học viên").fill("ho minh")
    page.locator(".btn-person").first.click()
    expect_answer(page, "success", "Hồ Minh Đức")


def test_a_full_store_stops_scanning_and_loses_nothing(tablet: Page, door: Door, camera: FakeCamera) -> None:
    tablet.evaluate(
        """() => { IDBObjectStore.prototype.add = () => { throw new DOMException("full", "QuotaExceededError"); }; }"""
    )
    hold(tablet, camera, CARD)
    expect_answer(tablet, "danger", "Máy đã đầy")
    expect(tablet.locator("[data-part=start]")).to_be_visible()
    assert door.statuses() == {}


def test_the_evening_before_the_tablet_says_whether_it_is_fit(tablet: Page) -> None:
    tablet.goto("/tablet/#check")
    tablet.reload()
    expect(tablet.locator(".finding")).to_have_count(6)
    check_accessible(tablet)
    for words in ("máy chủ trả lời", "đúng giờ", "trang vẫn mở", "3 học viên của L01", "dùng được"):
        expect(tablet.locator("[data-part=findings]")).to_contain_text(words)
    tablet.context.clear_permissions()
    tablet.get_by_role("button", name="Xem lại").click()
    expect(tablet.locator("[data-part=verdict]")).to_have_text("Chưa sẵn sàng: xem dưới đây.")


def test_a_clock_ten_minutes_ahead_does_no_harm(
    door: Door, visitors: Visitors, live_server: Any, camera: FakeCamera
) -> None:
    page = prepared(door, visitors, live_server)
    page.add_init_script("const right = Date.now; Date.now = () => right() + 600000;")
    page.reload()
    expect(page.locator("[data-view=scan]")).to_be_visible()
    hold(page, camera, CARD)
    expect_answer(page, "success", "Có mặt")
    sent(page)
    assert door.statuses() == {"Nguyễn Thị Ánh Tuyết": "present"}
    db.session.rollback()
    scan = db.session.scalars(select(Scan)).one()
    assert abs((scan.scanned_at - now()).total_seconds()) < 60
    assert scan.device_at is not None
    assert 500 < (scan.device_at - scan.scanned_at).total_seconds() < 700
