"""The inbox: late check-ins and registers nobody closed, decided in place, taken back for ten seconds."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from classroom.accounts.models import Staff
from classroom.attendance.models import Event, Mark, Scan
from classroom.core.db import db
from classroom.inbox.models import InboxItem
from classroom.inbox.services import ask
from tests.desk.conftest import Town, settle
from tests.factories import at, vietnam
from tests.support.pages import check_page

Visit = Callable[[Staff], FlaskClient]
NOON = vietnam(12)


@pytest.fixture
def late(town: Town) -> InboxItem:
    """A learner whose scan at 07:50 arrived after the register was signed off with an absence."""
    one, enrolment = town.session(1), town.roster()[0]
    settle(one, signed_off_by=town.trainer)
    scan = Scan(
        organisation_id=one.organisation_id,
        class_session_id=one.id,
        source="room_code",
        uuid="late",
        content_hash="-",
        scanned_at=vietnam(7, 50),
        received_at=vietnam(11, 40),
        learner_id=enrolment.learner_id,
        enrolment_id=enrolment.id,
        outcome="proposed",
    )
    db.session.add(scan)
    db.session.commit()
    return asked(town, "attendance.late_scan", {"scan_id": scan.id})


def asked(town: Town, kind: str, facts: dict[str, object]) -> InboxItem:
    with at(NOON):
        ask(kind, "1", organisation_id=town.organisation.id, class_id=town.mine.id, facts=facts)
    return db.session.query(InboxItem).filter_by(kind=kind).one()


def read(client: FlaskClient, path: str = "/inbox") -> str:
    with at(NOON):
        answer = client.get(path)
    assert answer.status_code == 200
    check_page(answer.text)
    return answer.text


def decide(client: FlaskClient, item: InboxItem, decision: str) -> str:
    with at(NOON):
        answer = client.post(f"/inbox/{item.public_id}/decide", data={"decision": decision})
    assert answer.status_code == 303
    return answer.location


def status(town: Town) -> str:
    db.session.rollback()
    found = db.session.query(Mark).filter_by(class_session_id=town.session(1).id).one_or_none()
    return found.status if found else "unmarked"


def test_a_late_check_in_counts_with_the_time_of_its_scan(town: Town, visit: Visit, late: InboxItem):
    client = visit(town.coordinator)
    assert town.roster()[0].learner.name in read(client)
    read(client, decide(client, late, "accept"))
    assert status(town) == "late"
    assert db.session.query(Mark).one().arrived_at == vietnam(7, 50)
    assert db.session.query(Mark).one().after_sign_off


def test_accepting_can_be_taken_back(town: Town, visit: Visit, late: InboxItem):
    client = visit(town.coordinator)
    page = read(client, decide(client, late, "accept"))
    assert f"/inbox/{late.public_id}/undo" in page
    with at(NOON + timedelta(seconds=5)):
        assert client.post(f"/inbox/{late.public_id}/undo").status_code == 303
    assert status(town) == "unmarked"
    assert town.roster()[0].learner.name in read(client)


def test_accepting_is_not_taken_back_once_the_mark_was_changed(town: Town, visit: Visit, late: InboxItem):
    client = visit(town.coordinator)
    decide(client, late, "accept")
    with at(NOON + timedelta(seconds=5)):
        one, enrolment = town.session(1), town.roster()[0]
        db.session.add(
            Event(
                class_session_id=one.id,
                enrolment_id=enrolment.id,
                kind="correction",
                status="excused",
                at=NOON,
                recorded_at=NOON,
                source="hand",
            )
        )
        db.session.commit()
        answer = client.post(f"/inbox/{late.public_id}/undo")
    assert answer.status_code == 409
    assert "đã được sửa sau đó" in answer.text


def test_dismissing_leaves_the_register_alone(town: Town, visit: Visit, late: InboxItem):
    client = visit(town.coordinator)
    decide(client, late, "dismiss")
    assert status(town) == "unmarked"
    assert "Không có việc nào chờ" in read(client)


def test_after_ten_seconds_the_page_offers_no_undo(town: Town, visit: Visit, late: InboxItem):
    client = visit(town.coordinator)
    path = decide(client, late, "dismiss")
    with at(NOON + timedelta(seconds=11)):
        assert "/undo" not in client.get(path).text


def test_a_register_that_closed_itself_is_seen_and_gone(town: Town, visit: Visit):
    facts = {"session": town.session(2).public_id, "came": 9, "absent": 3}
    item = asked(town, "attendance.auto_closed", facts)
    client = visit(town.coordinator)
    page = read(client)
    assert "3 học viên bị ghi vắng" in page
    assert f"/sessions/{town.session(2).public_id}/board" in page
    decide(client, item, "seen")
    assert "Sổ điểm danh không ai đóng</h2>" not in read(client)


def test_the_top_bar_counts_what_waits(town: Town, visit: Visit, late: InboxItem):
    badge = re.compile(r'<span class="count">(\d+)')
    page = read(visit(town.coordinator), f"/classes/{town.mine.public_id}?tab=timetable")
    assert badge.findall(page)[0] == "1"
    assert badge.findall(read(visit(town.stranger))) == []


def test_a_viewer_reads_but_has_nothing_to_press(town: Town, visit: Visit, late: InboxItem):
    page = read(visit(town.viewer))
    assert "/decide" not in page
    assert visit(town.viewer).post(f"/inbox/{late.public_id}/decide", data={"decision": "accept"}).status_code == 403


def test_a_trainer_has_no_inbox(town: Town, visit: Visit):
    assert visit(town.trainer).get("/inbox").status_code == 403


def test_another_organisation_neither_sees_nor_decides(town: Town, visit: Visit, late: InboxItem):
    client = visit(town.stranger)
    assert town.roster()[0].learner.name not in read(client)
    assert client.post(f"/inbox/{late.public_id}/decide", data={"decision": "accept"}).status_code == 404
