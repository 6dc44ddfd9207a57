"""The queue of questions in a real browser: by keys on a desk, by taps on a phone, and without scripts."""

import pytest
from playwright.sync_api import expect

from classroom.accounts import services as accounts
from classroom.core.db import db
from classroom.online.services.matching import match_records
from tests.factories import StaffFactory, actor_for
from tests.support.axe import check_accessible
from tests.support.matching import make_intake, person, record

pytestmark = pytest.mark.browser
PEOPLE = (("Nguyễn Thị Ánh", "1985-03-07"), ("Trần Văn Bình", "1979-01-01"), ("Hồ Minh Đức", "2001-11-19"))


@pytest.fixture
def token(app):
    """Three questions, and somebody who answers them."""
    staff = StaffFactory()
    actor = actor_for(staff)
    intake = make_intake(actor)
    for name, born in PEOPLE:
        person(actor, name, born, phone="+84912345678", unit="Trường Tiểu học Nghi Lộc")
        record(intake, name, born, unit="UBND xã Đô Lương", email="rat.dai.dong.dia.chi@example.vn")
    match_records(actor.organisation_id, actor=actor)
    token = accounts.start_session(staff)
    db.session.remove()
    return token


def enter(page, live_server, token, path="/online/matching"):
    page.context.add_cookies([{"name": "classroom", "value": token, "url": live_server.url}])
    page.goto(path)
    return page.locator(".page-context")


def test_one_key_answers_one_question_and_another_takes_it_back(visitors, live_server, token):
    page = visitors(1440, 900)
    left = enter(page, live_server, token)
    expect(left).to_have_text("còn 3")
    page.keyboard.press("1")
    expect(left).to_have_text("còn 2")
    page.keyboard.press("u")
    expect(left).to_have_text("còn 3")
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("link", name="Quay lại")).to_be_visible()
    page.keyboard.press("d")
    expect(left).to_have_text("còn 2")
    page.keyboard.press("l")
    expect(page.locator(".flash")).to_contain_text("để sau")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_phone_answers_by_taps_with_and_without_scripts(visitors, live_server, token, scripts):
    page = visitors.phone(java_script_enabled=scripts)
    left = enter(page, live_server, token)
    expect(left).to_have_text("còn 3")
    page.get_by_role("button", name="Cùng một người").tap()
    expect(left).to_have_text("còn 2")
    page.get_by_role("button", name="Khác tất cả").tap()
    expect(left).to_have_text("còn 1")
    page.get_by_role("button", name="Để sau").tap()
    expect(left).to_have_text("còn 1")
    page.get_by_role("button", name="Cùng một người").tap()
    expect(page.get_by_role("heading", name="Không còn ai chờ ghép")).to_be_visible()


@pytest.mark.parametrize("size", [(360, 740), (1440, 900)])
def test_nothing_overflows_and_nobody_is_shut_out(visitors, live_server, token, size):
    page = visitors(*size)
    for path in ("/online/matching", "/online/matching/list"):
        enter(page, live_server, token, path)
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], path
        check_accessible(page)
    page.goto("/online/matching")
    page.get_by_role("link", name="Xem thêm về kết quả này").click()
    expect(page.get_by_role("heading", name="Ghép bằng tay")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    check_accessible(page)
