"""What happens at the door itself: several badges at once, badges given away, walk-ins while people leave."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from classroom.attendance.models import Scan
from classroom.core.clock import now
from classroom.core.db import db
from classroom.sessions import services as sessions
from tests.browser.tablets import Door, expect_answer, hold, pick, sent
from tests.support.fakecam import FakeCamera, picture_of

pytestmark = pytest.mark.browser


def test_two_badges_that_take_turns_in_view_are_two_scans(tablet: Page, door: Door, camera: FakeCamera) -> None:
    names = ("Trần Văn Bình", "Hồ Minh Đức")
    camera.show(*(picture_of(f"https://x.vn/B/{door.badge[name]}") for name in names), rate=4)
    tablet.locator("[data-part=start]").click()
    tablet.evaluate(
        """() => new Promise((seen) => {
          const video = document.querySelector("video");
          const enough = () => video.getVideoPlaybackQuality().totalVideoFrames > 20;
          const look = () => enough() ? seen() : requestAnimationFrame(look);
          look();
        })"""
    )
    expect(tablet.locator("[data-part=recent] .recent-row")).to_have_count(2)
    sent(tablet)
    assert door.statuses() == dict.fromkeys(names, "present")


def test_a_badge_given_away_without_a_network_is_not_blank_after_the_tab_was_closed(
    tablet: Page, door: Door, camera: FakeCamera, live_server: Any
) -> None:
    blank = sessions.make_blanks(door.made.public_id, 1, actor=door.office)[0].code
    tablet.reload()
    expect(tablet.locator("[data-view=scan]")).to_be_visible()
    live_server.stop()
    hold(tablet, camera, f"https://x.vn/B/{blank}")
    expect_answer(tablet, "attention", "Thẻ trống")
    tablet.get_by_role("button", name="Chọn học viên").click()
    tablet.get_by_label("Tên, đơn vị hoặc mã học viên").fill("tran van")
    tablet.locator(".btn-person").click()
    expect_answer(tablet, "success", "Trần Văn Bình")
    tablet.reload()
    expect(tablet.locator("[data-view=scan]")).to_be_visible(timeout=30_000)
    hold(tablet, camera, f"https://x.vn/B/{blank}")
    expect_answer(tablet, "attention", "Đã có mặt", "Trần Văn Bình")


def take_in(page: Page, name: str) -> None:
    page.get_by_role("button", name="Đến thêm").click()
    page.get_by_label("Họ và tên").fill(name)
    page.get_by_role("button", name="Nhận vào lớp").last.click()


def test_a_walk_in_comes_although_others_are_going(tablet: Page, door: Door) -> None:
    door.made.check_out = True
    db.session.commit()
    tablet.reload()
    tablet.get_by_role("button", name="Ra về").click()
    take_in(tablet, "Vừ Y Mới")
    expect_answer(tablet, "success", "Đã nhận vào lớp", "Vừ Y Mới")
    sent(tablet)
    db.session.rollback()
    assert db.session.scalars(select(Scan.direction)).all() == ["in"]
    assert door.statuses() == {"Vừ Y Mới": "present"}


def test_a_walk_in_before_check_in_opens_is_told_so(tablet: Page, door: Door) -> None:
    first = next(one for one in door.made.sessions if one.public_id == door.session)
    first.starts_at, first.ends_at = now() + timedelta(hours=2), now() + timedelta(hours=4)
    db.session.commit()
    tablet.reload()
    take_in(tablet, "Vừ Y Mới")
    expect_answer(tablet, "danger", "Chưa mở điểm danh", "Vừ Y Mới")
    expect(tablet.locator("[data-view=scan]")).to_be_visible()
    sent(tablet)
    assert door.statuses() == {}


def test_one_who_is_taken_back_may_be_scanned_again_at_once(tablet: Page, door: Door) -> None:
    pick(tablet, "Trần Văn Bình")
    tablet.get_by_role("button", name="Hoàn tác Trần Văn Bình").click()
    expect(tablet.locator("[data-part=count]")).to_have_text("0 / 3")
    pick(tablet, "Trần Văn Bình")
    expect_answer(tablet, "success", "Trần Văn Bình")
    sent(tablet)
    assert door.statuses() == {"Trần Văn Bình": "present"}
