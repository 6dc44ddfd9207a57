"""A test as a room lives it: phones that lose their network, die and are given more time, and a device of the room."""

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from classroom.core.db import db
from classroom.exams.models import StrayAnswer
from classroom.exams.queries.kiosks import kiosks_of
from classroom.exams.queries.sittings import get_sitting
from classroom.exams.services.devices import refuse_device
from classroom.exams.services.extending import extend
from classroom.exams.services.kiosks import pair_kiosk, release_kiosk
from classroom.exams.services.running import pause, resume
from tests.browser.exam_room import (
    SAVED,
    Arrivals,
    Exam,
    asking,
    choose,
    give,
    later,
    saved,
    step,
    without_heartbeats,
)
from tests.conftest import Visitors
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def exam(app: Flask) -> Exam:
    return Exam()


def test_a_learner_answers_every_kind_of_question_and_reads_the_result(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    check_accessible(phone)
    choose(phone, "Hà Nội")
    saved(phone)
    step(phone)
    choose(phone, "Chrome")
    choose(phone, "Firefox")
    step(phone)
    choose(phone, "Đúng")
    step(phone)
    phone.locator(".question:visible input").fill("3,14")
    step(phone)
    phone.locator(".question:visible input").fill("hà nội")
    step(phone)
    for left, right in (("Ctrl+C", "Sao chép"), ("Ctrl+V", "Dán"), ("Ctrl+Z", "Hoàn tác")):
        phone.get_by_label(left, exact=True).select_option(label=right)
    step(phone)
    for line, place in (("Mở trình duyệt", "1"), ("Gõ địa chỉ", "2"), ("Nhấn Enter", "3")):
        phone.get_by_label(line, exact=True).select_option(place)
    saved(phone)
    expect(phone.locator("[data-count]")).to_have_text("Đã trả lời 7/7 câu")
    phone.get_by_role("link", name="Xem lại bài").click()
    expect(phone.get_by_text("Đã trả lời cả 7 câu")).to_be_visible()
    check_accessible(phone)
    phone.get_by_role("button", name="Nộp bài ngay").click()
    expect(phone.get_by_role("heading", name="Đạt")).to_be_visible()
    expect(phone.locator(".test-score")).to_have_text("10 / 10")
    check_accessible(phone)
    assert phone.evaluate("() => localStorage.length") == 0


def test_answers_without_a_network_wait_in_the_browser_and_arrive_on_return(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    choose(phone, "Hà Nội")
    saved(phone)
    phone.context.set_offline(True)
    step(phone)
    choose(phone, "Chrome")
    expect(phone.locator("[data-saved]")).to_contain_text("Mất mạng")
    step(phone)
    choose(phone, "Sai")
    choose(phone, "Đúng")
    assert exam.answers(0) == {0: {"choice": "a"}}
    phone.context.set_offline(False)
    saved(phone)
    assert exam.answers(0) == {0: {"choice": "a"}, 1: {"choices": ["a"]}, 2: {"value": True}}


def test_a_page_that_was_closed_with_the_server_gone_loses_nothing(
    exam: Exam, visitors: Visitors, live_server: Any
) -> None:
    phone = exam.begin(visitors.phone(), 0)
    address = phone.url
    live_server.stop()
    choose(phone, "Huế")
    expect(phone.locator("[data-saved]")).to_contain_text("Mất mạng")
    context = phone.context
    phone.close()
    live_server.start()
    again = context.new_page()
    again.goto(address.split("#")[0])
    # The browser may have delivered it by itself while the server came back: then the page has nothing to save.
    again.wait_for_function("() => Object.values(localStorage).every((kept) => kept.includes('\"waiting\":{}'))")
    expect(again.locator("input[name=i0][value='2']")).to_be_checked()
    assert exam.answers(0) == {0: {"choice": "b"}}


def test_a_phone_that_dies_hands_over_to_another_with_all_answers(exam: Exam, visitors: Visitors) -> None:
    first = exam.begin(visitors.phone(), 1)
    choose(first, "Vinh")
    saved(first)
    first.route("**/save", without_heartbeats)  # what moves it away shall be its answer
    second = exam.come(visitors.phone(), 1)
    second.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(second.get_by_role("heading", name="đang mở trên máy khác")).to_be_visible()
    give(exam)
    expect(second.locator("input[name=i0][value='3']")).to_be_checked()
    choose(first, "Huế")
    expect(first.get_by_role("heading", name="đã chuyển sang máy khác")).to_be_visible()
    assert exam.answers(1) == {0: {"choice": "c"}}
    assert db.session.scalars(select(StrayAnswer.kind)).all() == ["other_device"]


def test_a_second_device_that_is_refused_says_so_by_itself(exam: Exam, visitors: Visitors) -> None:
    exam.begin(visitors.phone(), 1)
    second = exam.come(visitors.phone(), 1)
    second.get_by_role("button", name="Bắt đầu làm bài").click()
    expect(second.get_by_role("heading", name="đang mở trên máy khác")).to_be_visible()
    refuse_device(exam.sitting, asking(exam), actor=exam.actor)
    db.session.rollback()
    expect(second.get_by_role("heading", name="Bài vẫn làm trên máy kia")).to_be_visible()
    check_accessible(second)
    second.get_by_role("button", name="Xin chuyển lần nữa").click()
    expect(second.get_by_role("heading", name="đang mở trên máy khác")).to_be_visible()
    give(exam)
    expect(second.locator("[data-time]")).to_be_visible()


def seconds_left(phone: Page) -> int:
    minutes, seconds = phone.locator("[data-time]").inner_text().split(":")
    return int(minutes) * 60 + int(seconds)


def test_more_time_and_a_pause_reach_a_running_phone(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 2)
    assert seconds_left(phone) <= 45 * 60
    extend(exam.sitting, 10, learner=exam.ids[2], reason="Máy hỏng", actor=exam.actor)
    db.session.rollback()
    choose(phone, "Huế")
    expect(phone.locator("[data-time]")).to_have_text(re.compile(r"^5[45]:"))
    pause(exam.sitting, actor=exam.actor)
    db.session.rollback()
    review = phone.context.new_page()
    review.goto(phone.url.split("#")[0] + "/review")
    expect(review.get_by_text("Giảng viên đang tạm dừng")).to_be_visible()
    expect(review.get_by_role("button", name="Nộp bài ngay")).to_be_disabled()
    expect(phone.get_by_text("Giảng viên đang tạm dừng")).to_be_visible()
    expect(phone.locator("input[name=i0][value='1']")).to_be_disabled()
    resume(exam.sitting, actor=exam.actor)
    db.session.rollback()
    expect(phone.locator("input[name=i0][value='1']")).to_be_enabled()
    expect(review.get_by_role("button", name="Nộp bài ngay")).to_be_enabled()
    expect(review.get_by_text("Giảng viên đang tạm dừng")).to_be_hidden()


def test_a_device_of_the_room_shows_one_attempt_and_forgets_it(exam: Exam, visitors: Visitors) -> None:
    device = visitors(1024, 768)
    device.goto("/kiosk")
    device.get_by_role("button", name="Dùng máy này để làm bài").click()
    digits = device.locator(".big-number").inner_text()
    pair_kiosk(exam.sitting, digits, exam.ids[3], actor=exam.actor)
    db.session.rollback()
    expect(device.get_by_text(exam.learners[3].name)).to_be_visible()
    choose(device, "Hà Nội")
    saved(device)
    attempt = device.url
    device.get_by_role("link", name="Dành cho giảng viên").click()
    device.get_by_label("Bốn chữ số").fill("0000" if kiosk_pin(exam) != "0000" else "1111")
    device.get_by_role("button", name="Thoát").click()
    expect(device.get_by_role("alert")).to_be_visible()
    device.get_by_role("link", name="Quay lại bài").click()
    device.locator("summary").click()
    device.get_by_role("link", name="7", exact=True).click()
    device.get_by_role("link", name="Xem lại bài").click()
    device.get_by_role("button", name="Nộp bài ngay").click()
    expect(device.get_by_text("Nộp bài lúc")).to_be_visible()
    device.get_by_role("button", name="Xong").click()
    expect(device.get_by_role("button", name="Dùng máy này để làm bài")).to_be_visible()
    assert device.goto(attempt).status == 404  # type: ignore[union-attr]
    assert device.evaluate("() => localStorage.length") == 0
    assert exam.attempt(3).source == "kiosk"
    assert kiosks_of(get_sitting(exam.actor, exam.sitting)) == []


def kiosk_pin(exam: Exam) -> str:
    db.session.rollback()
    return get_sitting(exam.actor, exam.sitting).kiosk_pin


def test_the_test_can_be_sat_without_scripts(exam: Exam, visitors: Visitors) -> None:
    phone = visitors.phone(java_script_enabled=False)
    exam.come(phone, 0).get_by_role("button", name="Bắt đầu làm bài").click()
    form = phone.locator("form.one-question").first
    form.get_by_text("Hà Nội", exact=True).click()
    form.get_by_role("button", name="Lưu câu trả lời này").click()
    expect(phone.locator("[data-saved]")).to_have_text(SAVED)
    phone.get_by_role("link", name="Xem lại và nộp bài").click()
    expect(phone.get_by_text("Còn 6 câu chưa trả lời")).to_be_visible()
    phone.get_by_role("button", name="Nộp bài ngay").click()
    expect(phone.get_by_role("heading", name="Chưa đạt")).to_be_visible()


def test_two_pages_of_one_phone_do_not_lose_each_others_answers(exam: Exam, visitors: Visitors) -> None:
    one = exam.begin(visitors.phone(), 0)
    other = one.context.new_page()
    other.goto(one.url.split("#")[0])
    choose(one, "Huế")
    saved(one)
    choose(other, "Vinh")
    saved(other)
    choose(one, "Hà Nội")
    saved(one)
    expect(one.locator("[data-saved]")).to_have_attribute("data-tone", "success")
    assert exam.answers(0) == {0: {"choice": "a"}}


def test_two_pages_without_a_network_keep_each_others_answers(exam: Exam, visitors: Visitors) -> None:
    one = exam.begin(visitors.phone(), 0)
    address = one.url.split("#")[0]
    other = one.context.new_page()
    other.goto(address)
    context = one.context
    context.route("**/save", lambda route: route.abort())
    choose(one, "Huế")
    step(other)
    choose(other, "Chrome")
    one.close()
    other.close()
    context.unroute("**/save")
    again = context.new_page()
    again.goto(address)
    again.wait_for_function("() => Object.values(localStorage).every((kept) => kept.includes('\"waiting\":{}'))")
    assert exam.answers(0) == {0: {"choice": "b"}, 1: {"choices": ["a"]}}


@pytest.mark.parametrize("going", ["closed", "left"])
def test_what_is_typed_right_before_a_page_goes_arrives(going: str, exam: Exam, app: Flask, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    for _ in range(3):
        step(phone)
    phone.evaluate("() => { window.setTimeout = () => 0; }")  # its turn never comes: the page goes before
    arrivals = Arrivals(app, "/save")
    phone.locator(".question:visible input").fill("3,14")
    if going == "closed":
        phone.close(run_before_unload=True)
    else:
        phone.goto("about:blank")
    assert arrivals.wait()
    assert exam.answers(0) == {3: {"text": "3,14"}}


def test_saved_is_said_of_answers_only_and_read_aloud_only_when_it_changes(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    choose(phone, "Huế")
    saved(phone)
    shown, heard = phone.locator("[data-saved]"), phone.locator("[data-heard]")
    expect(heard).to_have_text("Đã lưu")
    before = shown.inner_text()
    phone.evaluate("""() => {
        window.said = [];
        const heard = document.querySelector("[data-heard]");
        const note = () => window.said.push(heard.textContent);
        new MutationObserver(note).observe(heard, { childList: true, characterData: true, subtree: true });
    }""")
    phone.route("**/save", later)
    with phone.expect_response("**/save"):
        phone.evaluate("() => window.dispatchEvent(new Event('online'))")  # a heartbeat before its time
    expect(shown).to_have_text(before)
    choose(phone, "Vinh")
    expect(shown).to_have_text("Đã lưu lúc 23:59:59")
    assert phone.evaluate("() => window.said") == []
    assert shown.get_attribute("role") is None
    phone.unroute("**/save")
    phone.route("**/save", lambda route: route.abort())
    choose(phone, "Huế")
    expect(heard).to_contain_text("Mất mạng")
    phone.unroute("**/save")
    expect(heard).to_have_text("Đã lưu")


def test_two_pages_of_a_browser_that_keeps_nothing_do_not_lose_an_answer(exam: Exam, visitors: Visitors) -> None:
    one = visitors.phone()
    one.context.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
    exam.begin(one, 0)
    other = one.context.new_page()
    other.goto(one.url.split("#")[0])
    choose(one, "Huế")
    saved(one)
    choose(other, "Vinh")
    saved(other)
    assert exam.answers(0) == {0: {"choice": "c"}}
    for text in ("Hà Nội", "Huế", "Vinh"):
        choose(one, text)
        saved(one)
    choose(other, "Hà Nội")
    saved(other)
    assert exam.answers(0) == {0: {"choice": "a"}}


def test_a_device_of_the_room_that_was_taken_back_shows_nothing_any_more(exam: Exam, visitors: Visitors) -> None:
    device = visitors(1024, 768)
    device.goto("/kiosk")
    device.get_by_role("button", name="Dùng máy này để làm bài").click()
    pair_kiosk(exam.sitting, device.locator(".big-number").inner_text(), exam.ids[3], actor=exam.actor)
    db.session.rollback()
    expect(device.get_by_text(exam.learners[3].name)).to_be_visible()
    device.route("**/save", without_heartbeats)
    kiosk = kiosks_of(get_sitting(exam.actor, exam.sitting))[0].public_id
    db.session.rollback()
    release_kiosk(exam.sitting, kiosk, actor=exam.actor)
    db.session.rollback()
    choose(device, "Hà Nội")
    expect(device.get_by_text("Bài làm không còn mở trên máy này nữa")).to_be_visible()
    expect(device.get_by_text(exam.learners[3].name)).to_have_count(0)
    assert device.evaluate("() => localStorage.length") == 0
    assert db.session.scalars(select(StrayAnswer.kind)).all() == ["other_device"]


def test_nothing_is_handed_in_before_the_server_has_what_waits(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    other = phone.context.new_page()
    other.goto(phone.url.split("#")[0])
    phone.goto(phone.url.split("#")[0] + "/review")
    other.route("**/save", lambda route: route.abort())
    choose(other, "Hà Nội")
    expect(other.locator("[data-saved]")).to_contain_text("Mất mạng")
    phone.get_by_role("button", name="Nộp bài ngay").click()
    expect(phone.get_by_role("heading", name="Chưa đạt")).to_be_visible()
    assert exam.answers(0) == {0: {"choice": "a"}}


def test_an_attempt_that_comes_back_forgets_what_waited_before_it_went(exam: Exam, visitors: Visitors) -> None:
    first = exam.begin(visitors.phone(), 1)
    address = first.url.split("#")[0]
    first.route("**/save", lambda route: route.abort())
    for text in ("Vinh", "Huế", "Vinh"):
        choose(first, text)
    context = first.context
    first.close()
    second = exam.come(visitors.phone(), 1)
    second.get_by_role("button", name="Bắt đầu làm bài").click()
    give(exam)
    choose(second, "Hà Nội")
    saved(second)
    again = context.new_page()
    again.goto(exam.door())
    again.get_by_role("button", name="Vào làm bài").click()
    again.get_by_role("button", name="Bắt đầu làm bài").click()
    give(exam)
    again.goto(address)
    expect(again.locator("input[name=i0][value='1']")).to_be_checked()
    step(again)
    choose(again, "Chrome")
    saved(again)
    assert exam.answers(1) == {0: {"choice": "a"}, 1: {"choices": ["a"]}}
