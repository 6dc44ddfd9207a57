"""The server has the last word on what a tablet has shown: where they differ, the page says so."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from classroom.attendance import services as attendance
from classroom.core.clock import now
from classroom.core.db import db
from classroom.sessions import services as sessions
from tests.browser.tablets import Door, answers, expect_answer, hold, pick, sent
from tests.support.axe import check_accessible
from tests.support.fakecam import FakeCamera

pytestmark = pytest.mark.browser


def test_an_undo_that_the_server_refuses_is_shown_with_its_reason(tablet: Page, door: Door) -> None:
    pick(tablet, "Trần Văn Bình")
    sent(tablet)
    attendance.close_register(door.session, head_count=1, actor=door.office)
    attendance.sign_off(door.session, actor=door.office)
    tablet.get_by_role("button", name="Hoàn tác Trần Văn Bình").click()
    row = tablet.locator("[data-part=recent] .recent-row")
    expect(row).to_contain_text("Không hoàn tác được")
    expect(tablet.locator(".undone")).to_have_count(0)
    expect(tablet.locator("[data-part=count]")).to_have_text("1 / 3")
    expect(tablet.locator("[data-part=attention-count]")).to_have_text("1 cần xem lại")
    tablet.reload()
    expect(row).to_contain_text("Không hoàn tác được")
    expect(tablet.locator("[data-part=count]")).to_have_text("1 / 3")


def test_a_scan_of_another_session_is_taken_back_in_its_own(tablet: Page, door: Door) -> None:
    pick(tablet, "Trần Văn Bình")
    sent(tablet)
    other = next(one for one in door.made.sessions if one.public_id == door.other)
    other.starts_at, other.ends_at = now() + timedelta(hours=2), now() + timedelta(hours=5)
    db.session.commit()
    tablet.get_by_role("button", name="Chọn buổi học").click()
    tablet.locator(".btn-session", has_text="Ngày 1, chiều").click()
    expect(tablet.locator("[data-part=count]")).to_have_text("0 / 3")
    tablet.get_by_role("button", name="Hoàn tác Trần Văn Bình").click()
    expect(tablet.locator(".undone")).to_have_count(1)
    sent(tablet)
    assert door.statuses() == {"Trần Văn Bình": "unmarked"}
    tablet.get_by_role("button", name="Chọn buổi học").click()
    tablet.locator(".btn-session", has_text="Ngày 1, sáng").click()
    expect(tablet.locator("[data-part=count]")).to_have_text("0 / 3")


def test_refusals_of_scans_without_a_network_stay_until_they_are_put_away(
    tablet: Page, door: Door, live_server: Any
) -> None:
    name = "Hồ Minh Đức"
    place = next(one for one in door.places if one.learner.name == name)
    live_server.stop()
    pick(tablet, name)
    expect_answer(tablet, "success", name)
    for count in range(2, 12):
        pick(tablet, "Trần Văn Bình")
        expect(tablet.locator("[data-part=queue]")).to_have_text(f"{count} chờ gửi")
    expect(tablet.locator("[data-part=recent]")).not_to_contain_text(name)
    expect(tablet.locator("[data-part=count]")).to_have_text("2 / 3")
    sessions.withdraw(place.public_id, "chuyển lớp", actor=door.office)
    live_server.start()
    sent(tablet)
    tablet.locator("[data-part=attention-open]", has_text="1 cần xem lại").click()
    row = tablet.locator("[data-part=attention] .recent-row")
    expect(row).to_contain_text(name)
    expect(row).to_contain_text("Không tính")
    check_accessible(tablet)
    tablet.reload()
    expect(tablet.locator("[data-part=count]")).to_have_text("1 / 2")
    tablet.locator("[data-part=attention-open]").click()
    tablet.get_by_role("button", name=f"Gạt đi {name}").click()
    expect(tablet.locator("[data-part=attention-none]")).to_be_visible()
    tablet.get_by_role("button", name="Về máy quét").last.click()
    expect(tablet.locator("[data-view=scan]")).to_be_visible()
    expect(tablet.locator("[data-part=attention-open]")).to_be_hidden()


def test_whoever_the_tablet_refused_and_the_server_counts_is_said_to_be_counted_in_large(
    tablet: Page, door: Door
) -> None:
    first = next(one for one in door.made.sessions if one.public_id == door.session)
    first.starts_at, first.ends_at = now() + timedelta(hours=2), now() + timedelta(hours=4)
    db.session.commit()
    tablet.reload()
    pick(tablet, "Hồ Minh Đức")
    expect_answer(tablet, "danger", "Chưa mở điểm danh")
    sent(tablet)
    answers(tablet, outcome="accepted", name="Trần Văn Bình", status="present")
    pick(tablet, "Trần Văn Bình")
    expect_answer(tablet, "success", "Đã tính", "Trần Văn Bình")
    expect(tablet.locator("[data-part=count]")).to_have_text("1 / 3")


def test_another_name_than_the_one_shown_is_said_in_large(tablet: Page) -> None:
    answers(
        tablet,
        outcome="accepted",
        code="badge.tied",
        words="Thẻ này của người khác.",
        name="Lê Thị Khác",
        status="present",
    )
    pick(tablet, "Trần Văn Bình")
    expect_answer(tablet, "attention", "Lê Thị Khác", "Trần Văn Bình", "Thẻ này của người khác.")
    expect(tablet.locator("[data-part=recent] .tone-attention")).to_contain_text("Lê Thị Khác")
    expect(tablet.locator("[data-part=attention-count]")).to_have_text("1 cần xem lại")


def test_a_session_that_the_tablet_was_not_given_is_said_without_a_name(tablet: Page) -> None:
    answers(tablet, outcome="quarantined", code="tablet.not_its_class", words="Máy này không phụ trách lớp đó.")
    pick(tablet, "Trần Văn Bình")
    expect_answer(tablet, "attention", "Trần Văn Bình", "Máy này không phụ trách lớp đó.")
    expect(tablet.locator("[data-part=attention-count]")).to_have_text("1 cần xem lại")


def test_what_the_tablet_offers_a_stranger_stays_when_the_server_knows_no_more(
    tablet: Page, camera: FakeCamera
) -> None:
    hold(tablet, camera, "040301099999||Lô Thị Ước|01021990|Nữ|x|y")
    expect(tablet.locator("[data-part=recent] .recent-row")).to_contain_text("Lô Thị Ước")
    sent(tablet)
    expect_answer(tablet, "attention", "không có trong danh sách lớp", "hoặc tìm theo tên")
    tablet.locator("[data-part=ask-walk-in]").click()
    expect(tablet.get_by_label("Số CCCD")).to_have_value("040301099999")
    expect(tablet.locator("[data-part=attention-open]")).to_be_hidden()


def test_a_stranger_whom_the_server_refuses_with_more_words_can_still_be_taken_in(
    tablet: Page, camera: FakeCamera
) -> None:
    answers(tablet, outcome="refused", code="scan.withdrawn", words="Không còn trong danh sách.", name="Lô Thị Ước")
    hold(tablet, camera, "040301099999||Lô Thị Ước|01021990|Nữ|x|y")
    expect_answer(tablet, "danger", "Lô Thị Ước", "Không còn trong danh sách.")
    expect(tablet.locator("[data-part=ask-walk-in]")).to_be_visible()


def test_advice_about_a_code_stays_when_the_server_refuses_it_too(tablet: Page, camera: FakeCamera) -> None:
    hold(tablet, camera, "https://example.org/anything")
    expect(tablet.locator("[data-part=recent] .recent-row")).to_have_count(1)
    sent(tablet)
    expect_answer(tablet, "attention", "Không phải mã của lớp học", "thẻ học viên hoặc thẻ CCCD")


def test_a_refusal_never_says_that_anybody_was_counted(tablet: Page) -> None:
    answers(tablet, outcome="refused", code="badge.replaced", words="Thẻ đã được thay.", name="Lê Thị Khác")
    pick(tablet, "Trần Văn Bình")
    expect_answer(tablet, "danger", "Không tính", "Trần Văn Bình", "Thẻ đã được thay.")
    expect(tablet.locator("[data-part=answer]")).not_to_contain_text("Đã tính")
