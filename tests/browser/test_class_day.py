"""A half-day as it is lived: coordinator, trainer, screen and phones, each in a browser of its own."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page, expect

from classroom.accounts import services as accounts
from classroom.core.clock import now, today
from classroom.core.db import db
from classroom.core.names import fold, sort_key
from classroom.sessions.models import TrainingClass
from tests.conftest import Visitors
from tests.factories import EnrolmentFactory, LearnerFactory, StaffFactory, make_class
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser
PEOPLE = ("Nguyễn Thị Ánh", "Trần Văn Bình", "Hoàng Thị Lan", "Võ Đức Duy", "Tôn Nữ Thị Hoài Hương")
SIX_DIGITS = re.compile(r"^\d{3} \d{3}$")
WITHIN_TWO_SECONDS = 2_000
TEN_MINUTES_AHEAD = """
const Right = Date;
window.Date = class extends Right {
  constructor(...given) { given.length ? super(...given) : super(Right.now() + 600000); }
  static now() { return Right.now() + 600000; }
};
"""


class Day:
    """A class that is in session now: sign-ins for its trainer and a coordinator, the phone numbers of its learners."""

    def __init__(self) -> None:
        trainer = StaffFactory(role_names=("trainer",), name="Lê Văn Thầy")
        made: TrainingClass = make_class(trainer=trainer, first_day=today("Asia/Ho_Chi_Minh"), days=1)
        coordinator = StaffFactory(role_names=("coordinator",), name="Phạm Thị Điều")
        trainer.organisation_id = coordinator.organisation_id = made.organisation_id
        first = made.sessions[0]
        first.starts_at, first.ends_at = now() - timedelta(minutes=5), now() + timedelta(hours=2)
        db.session.commit()
        self.phones = [self._enrol(made, name) for name in PEOPLE]
        self.session, self.class_id = first.public_id, made.public_id
        self.trainer, self.coordinator = accounts.start_session(trainer), accounts.start_session(coordinator)
        db.session.rollback()

    def _enrol(self, made: TrainingClass, name: str) -> str:
        facts = {"name": name, "name_fold": fold(name), "sort_key": sort_key(name)}
        learner = LearnerFactory(organisation_id=made.organisation_id, unit="Trạm Y tế xã Đô Lương", **facts)
        EnrolmentFactory(training_class=made, learner=learner)
        return "0" + str(learner.phone).removeprefix("+84")


@pytest.fixture
def day(app: Flask) -> Day:
    return Day()


def signed_in(page: Page, token: str, url: str) -> Page:
    page.context.add_cookies([{"name": "classroom", "value": token, "url": url}])
    return page


def link_on(screen: Page) -> str:
    """What a phone's camera sees on the wall."""
    picture = Image.open(io.BytesIO(screen.screenshot())).convert("L")
    pixels = memoryview(picture.tobytes()).cast("B", (picture.height, picture.width))
    found = zxingcpp.read_barcodes(pixels)
    assert len(found) == 1
    return str(found[0].text)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_half_day_from_the_first_scan_to_the_signature(
    day: Day, visitors: Visitors, live_server: Any, scripts: bool
) -> None:
    board = signed_in(visitors(1024, 768), day.trainer, live_server.url)
    screen = visitors(1024, 768)
    _pair(board, screen, day)
    phones = [visitors.phone(java_script_enabled=scripts) for _ in range(2)]
    _first_scan(board, screen, phones[0], day, scripts)
    _second_learner(board, screen, phones[0], day)
    _not_found(board, screen, phones[1], day, scripts)
    _by_hand(board)
    _close_and_sign_off(board, screen, day)
    _correct(signed_in(visitors(1440, 900), day.coordinator, live_server.url), day)


def _pair(board: Page, screen: Page, day: Day) -> None:
    screen.goto("/screen")
    digits = screen.locator("[data-digits]")
    expect(digits).to_have_text(SIX_DIGITS)
    check_accessible(screen)
    board.goto(f"/sessions/{day.session}/board")
    expect(board.locator(".person")).to_have_count(len(PEOPLE))
    check_accessible(board)
    board.get_by_role("link", name="Màn chiếu").click()
    check_accessible(board)
    board.get_by_label("Sáu chữ số").fill(digits.inner_text())
    board.get_by_role("button", name="Kết nối màn chiếu").click()
    expect(board.locator("[data-board]")).to_be_visible()
    expect(screen.locator("[data-view=open]")).to_be_visible()
    check_accessible(screen)
    for name in PEOPLE:
        expect(screen.locator("body")).not_to_contain_text(name)


def _first_scan(board: Page, screen: Page, phone: Page, day: Day, scripts: bool) -> None:
    """Axe is a script itself: where they are off, the same pages have been looked at with scripts on."""
    look = check_accessible if scripts else lambda page: None
    _identify(phone, link_on(screen), day.phones[0], look)
    expect(phone.locator("body.result-success")).to_be_visible()
    look(phone)
    expect(board.locator(".counts-main")).to_contain_text("1", timeout=WITHIN_TWO_SECONDS)
    expect(board.locator(".people")).not_to_contain_text(PEOPLE[0])
    expect(board.locator(".recent")).to_contain_text(PEOPLE[0])
    expect(screen.locator("[data-text=came]")).to_have_text("1")


def _identify(phone: Page, link: str, number: str, look: Callable[[Page], None]) -> None:
    phone.goto(link)
    look(phone)
    phone.get_by_label("Mã học viên").fill(number)
    phone.get_by_role("button", name="Tiếp tục").click()
    expect(phone.locator(".who")).to_contain_text(PEOPLE[0])
    look(phone)
    phone.locator(".btn-yes").click()


def _second_learner(board: Page, screen: Page, phone: Page, day: Day) -> None:
    phone.get_by_role("button", name="Điểm danh cho người khác").click()
    phone.get_by_label("Mã học viên").fill(day.phones[1])
    phone.get_by_role("button", name="Tiếp tục").click()
    phone.locator(".btn-yes").click()
    expect(phone.locator("body.result-success")).to_be_visible()
    flag = board.locator(".request", has_text=PEOPLE[1])
    expect(flag).to_contain_text(PEOPLE[0], timeout=WITHIN_TWO_SECONDS)
    check_accessible(board)
    flag.get_by_role("button", name="Không sao").click()
    expect(flag).to_have_count(0)
    expect(board.locator(".counts-main")).to_contain_text("2")


def _not_found(board: Page, screen: Page, phone: Page, day: Day, scripts: bool) -> None:
    phone.goto(link_on(screen))
    phone.locator("details.ask summary").click()
    phone.locator("#name").fill("Lan Hoang")
    phone.locator("details.ask button").click()
    number = phone.locator(".big-number").inner_text()
    request = board.locator(".request", has_text=number)
    expect(request).to_contain_text("Lan Hoang", timeout=WITHIN_TWO_SECONDS)
    request.get_by_role("button", name=PEOPLE[2]).click()
    expect(board.locator(".counts-main")).to_contain_text("3")
    expect(phone.locator("body.result-success")).to_be_visible()


def _by_hand(board: Page) -> None:
    board.get_by_label("Tìm tên trong danh sách này").fill("vo duc")
    expect(board.locator(".person:visible")).to_have_count(1)
    board.get_by_role("button", name=f"{PEOPLE[3]} có mặt").click()
    expect(board.locator(".counts-main")).to_contain_text("4")
    expect(board.get_by_label("Tìm tên trong danh sách này")).to_have_value("vo duc")


def _close_and_sign_off(board: Page, screen: Page, day: Day) -> None:
    board.get_by_role("link", name="Kết thúc điểm danh").click()
    check_accessible(board)
    board.get_by_label("Thầy cô đếm được").fill("5")
    board.get_by_role("button", name="Kết thúc điểm danh").click()
    expect(board.locator(".flash")).to_contain_text("nhiều hơn 1 người")
    board.get_by_role("button", name="Kết thúc với chênh lệch này").click()
    expect(board.locator(".board-list", has_text=PEOPLE[4]).first).to_contain_text("Vắng")
    expect(screen.locator("[data-view=closed]")).to_be_visible()
    board.get_by_role("link", name="Ký xác nhận").click()
    check_accessible(board)
    board.get_by_role("button", name="Ký xác nhận").click()
    expect(board.locator(".counts-rest")).to_contain_text("Đã ký xác nhận")


def _correct(office: Page, day: Day) -> None:
    office.goto(f"/sessions/{day.session}/register")
    check_accessible(office)
    row = office.locator("tbody tr", has_text=PEOPLE[4])
    row.locator("input[type=checkbox]").check()
    office.locator("#bulk-reason").fill("Có chữ ký trên phiếu giấy")
    office.get_by_role("button", name="Điểm danh", exact=True).click()
    expect(row).to_contain_text("Có mặt")
    expect(row).to_contain_text("sau khi ký")


def test_coming_back_to_the_answer_reads_a_page_and_sends_nothing(
    day: Day, visitors: Visitors, live_server: Any
) -> None:
    board, screen, phone = signed_in(visitors(1024, 768), day.trainer, live_server.url), visitors(800, 600), visitors()
    _pair(board, screen, day)
    _identify(phone, link_on(screen), day.phones[0], lambda page: None)
    expect(phone.locator("body.result-success")).to_be_visible()
    sent: list[str] = []
    phone.on("request", lambda request: sent.append(request.method))
    phone.goto("/k")
    phone.go_back()
    expect(phone).to_have_url(re.compile(r"/me$"))
    expect(phone.locator("body")).to_contain_text(PEOPLE[0])
    phone.reload()
    expect(phone.locator("body")).to_contain_text(PEOPLE[0])
    assert "POST" not in sent


def test_the_board_survives_a_restart_of_the_server_and_says_so(
    day: Day, visitors: Callable[..., Page], live_server: Any
) -> None:
    board = signed_in(visitors(1024, 768), day.trainer, live_server.url)
    board.goto(f"/sessions/{day.session}/board")
    expect(board.locator("[data-link]")).to_have_text("Trực tuyến")
    live_server.stop()
    expect(board.locator("[data-link]")).to_have_text("Mất kết nối")
    live_server.start()
    expect(board.locator("[data-link]")).to_have_text("Trực tuyến", timeout=30_000)
    board.get_by_role("button", name=f"{PEOPLE[0]} có mặt").click()
    expect(board.locator(".counts-main")).to_contain_text("1")


def test_tablet_and_screen_whose_clocks_are_ten_minutes_ahead_do_no_harm(
    day: Day, visitors: Visitors, live_server: Any
) -> None:
    board, screen, phone = signed_in(visitors(1024, 768), day.trainer, live_server.url), visitors(800, 600), visitors()
    for page in (board, screen):
        page.add_init_script(TEN_MINUTES_AHEAD)
    _pair(board, screen, day)
    assert abs(screen.evaluate("Date.now()") / 1000 - now().timestamp()) > 500
    _identify(phone, link_on(screen), day.phones[0], lambda page: None)
    expect(phone.locator("body.result-success")).to_be_visible()
    shown = board.locator("[data-clock]").inner_text()
    assert shown in {(now() + timedelta(hours=7, minutes=ago)).strftime("%H:%M") for ago in (0, -1)}


def test_the_screen_goes_on_showing_codes_without_a_network(
    day: Day, visitors: Callable[..., Page], live_server: Any
) -> None:
    board = signed_in(visitors(1024, 768), day.trainer, live_server.url)
    screen = visitors(1024, 768)
    _pair(board, screen, day)
    before = link_on(screen)
    live_server.stop()
    expect(screen.locator("[data-notice]")).to_be_visible(timeout=30_000)
    assert screen.locator("[data-view=open]").is_visible()
    assert link_on(screen) != before
    live_server.start()
    expect(screen.locator("[data-notice]")).to_be_hidden(timeout=40_000)
