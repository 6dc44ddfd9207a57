"""Pages of the queue and of one online result."""

import pytest
from sqlalchemy import select

from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.online.services.matching import match_records
from tests.factories import StaffFactory, actor_for, sign_in
from tests.support.matching import case_of, make_intake, person, record

ANH, BORN = "Nguyễn Thị Ánh", "1985-03-07"
NUMBER, SLIP = "040185012345", "040185912345"


@pytest.fixture
def staff(app):
    return StaffFactory()


@pytest.fixture
def browser(app, staff):
    return sign_in(app.test_client(), staff)


@pytest.fixture
def cases(staff):
    """Two questions: a number one digit apart, and name with birth only."""
    actor = actor_for(staff)
    intake = make_intake(actor)
    learner = person(actor, ANH, BORN, id_number=NUMBER, unit="UBND xã Đô Lương")
    other = person(actor, "Trần Văn Bình", "1979-01-01")
    records = [
        record(intake, ANH, BORN, id_number=SLIP, unit="UBND xã Đô Lương"),
        record(intake, "Trần Văn Bình", "1979-01-01", account="tk-binh"),
    ]
    match_records(actor.organisation_id, actor=actor)
    db.session.expire_all()
    return records, [learner, other]


def text(answer):
    return answer.get_data(as_text=True)


def test_the_queue_shows_both_sides_with_the_differing_digit_and_no_whole_number(browser, cases):
    page = text(browser.get("/online/matching"))
    assert "Nguyễn Thị Ánh" in page
    assert "còn 2" in page
    assert "••••••<mark>9</mark>•2345" in page.replace("\n", "")
    assert "••••••<mark>0</mark>•2345" in page
    assert NUMBER not in page
    assert SLIP not in page


def test_a_decision_leads_to_the_next_question_and_offers_the_way_back(browser, cases):
    (first, second), (learner, _other) = cases
    case = case_of(first).public_id
    answer = browser.post(f"/online/matching/{case}/same", data={"learner": learner.public_id})
    assert answer.status_code == 303
    page = text(browser.get(answer.headers["Location"]))
    assert "Trần Văn Bình" in page
    assert "còn 1" in page
    assert f"/online/matching/{case}/undo" in page
    answer = browser.post(f"/online/matching/{case}/undo")
    assert case in answer.headers["Location"]
    assert "còn 2" in text(browser.get(answer.headers["Location"]))
    assert case_of(second).state == "open"


def test_different_and_later_lead_on_until_nobody_waits(browser, cases):
    (first, second), _people = cases
    browser.post(f"/online/matching/{case_of(first).public_id}/later")
    answer = browser.get("/online/matching")
    assert case_of(second).public_id in text(answer)
    for one in (second, first):
        browser.post(f"/online/matching/{case_of(one).public_id}/different")
    assert "Không còn ai chờ" in text(browser.get("/online/matching"))


def test_the_list_is_searched_and_filtered(browser, cases):
    assert "tk-binh" in text(browser.get("/online/matching/list?q=tran van"))
    assert "tk-binh" not in text(browser.get("/online/matching/list?reason=number_slip"))
    assert "tk-binh" in text(browser.get("/online/matching?reason=name_birth"))
    assert "tk-binh" not in text(browser.get("/online/matching/list?q=khong ai"))


def test_the_filter_stays_from_question_to_question(browser, cases):
    (_first, second), _people = cases
    answer = browser.post(f"/online/matching/{case_of(second).public_id}/later?reason=name_birth")
    assert "reason=name_birth" in answer.headers["Location"]


def test_the_inbox_leads_to_the_queue_and_counts_it_as_one_thing(browser, cases):
    page = text(browser.get("/inbox"))
    assert "/online/matching" in page
    assert '<span class="count">1' in page


def test_the_page_of_a_result_links_by_hand_and_takes_the_link_away(browser, cases):
    (first, _second), (_learner, other) = cases
    address = f"/online/records/{first.public_id}"
    assert other.public_id in text(browser.get(f"{address}?q=Bình"))
    assert browser.post(f"{address}/link", data={"learner": other.public_id}).status_code == 303
    assert browser.post(f"{address}/link", data={"learner": cases[1][0].public_id}).status_code == 422
    assert browser.post(f"{address}/unlink", data={"reason": ""}).status_code == 422
    assert browser.post(f"{address}/unlink", data={"reason": "nhầm"}).status_code == 303
    page = text(browser.get(address))
    assert "nhầm" in page
    assert first.link == "own"


def test_the_whole_number_is_shown_on_demand_and_that_is_written_down(browser, cases):
    (first, _second), _people = cases
    address = f"/online/records/{first.public_id}"
    assert SLIP not in text(browser.get(address))
    assert SLIP in text(browser.post(f"{address}/reveal"))
    assert "online.id_number_shown" in db.session.scalars(select(AuditEntry.action)).all()
