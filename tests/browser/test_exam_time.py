"""The end of the time on a learner's phone: it is said at once, and the page that says it is over comes by itself."""

from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import expect

from classroom.core.clock import now
from classroom.core.db import db
from tests.browser.exam_room import Exam, choose, saved, time_is_up
from tests.conftest import Visitors
from tests.support.axe import check_accessible

pytestmark = pytest.mark.browser


@pytest.fixture
def exam(app: Flask) -> Exam:
    return Exam()


def test_a_phone_whose_time_is_up_says_so_until_the_page_that_says_it_is_over(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    choose(phone, "Hà Nội")
    saved(phone)
    said, shown = phone.locator("[data-time-up]"), phone.locator("[data-saved]")
    expect(said).to_be_hidden()
    phone.route("**/save", time_is_up)
    choose(phone, "Huế")
    expect(phone.get_by_role("alert")).to_have_text("Hết giờ. Đang gửi câu trả lời cuối…")
    expect(shown).to_be_hidden()
    check_accessible(phone)
    phone.unroute("**/save")  # the server still gives time, as when the trainer has just given more
    choose(phone, "Vinh")
    expect(said).to_be_hidden()
    saved(phone)
    phone.route("**/save", time_is_up)
    with phone.expect_response(lambda answer: bool(answer.request.post_data_json["answers"])):
        choose(phone, "Huế")
    expect(said).to_be_visible()
    exam.attempt(0).deadline_at = now() - timedelta(minutes=1)
    db.session.commit()
    expect(phone.get_by_text("Hết giờ lúc")).to_be_visible()
    assert exam.answers(0) == {0: {"choice": "b"}}


def test_without_a_network_the_end_of_time_does_not_hide_that_answers_wait(exam: Exam, visitors: Visitors) -> None:
    phone = exam.begin(visitors.phone(), 0)
    phone.route("**/save", time_is_up)
    choose(phone, "Huế")
    expect(phone.locator("[data-time-up]")).to_be_visible()
    phone.unroute("**/save")
    phone.route("**/save", lambda route: route.abort())
    choose(phone, "Vinh")
    expect(phone.locator("[data-saved]")).to_contain_text("Mất mạng")
    expect(phone.locator("[data-time-up]")).to_be_hidden()
