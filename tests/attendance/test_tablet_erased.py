"""How long what was scanned or typed at the door is kept: until it is decided for good, and 14 days at most."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.accounts.models import Staff
from classroom.attendance.models import KeptItem, Scan
from classroom.attendance.tasks import erase_texts
from classroom.audit.models import AuditEntry
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.desk import services as desk
from classroom.inbox.models import InboxItem
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import Device, make_taught, make_trainer, mark_of, places, scan, waiting
from tests.factories import at, sign_in, vietnam

MORNING = vietnam(7, 31)
TYPED = {"name": "Hồ Thị Mới", "number": "040301067890", "phone": "0912345678", "note": "đi thay chị Hoa"}


@pytest.fixture
def held(device: Device, l01: TrainingClass) -> Any:
    """A walk-in that a tablet delivers after it was revoked."""
    device.revoke()
    item = scan(l01, MORNING, "walk_in", **TYPED)
    with at(vietnam(9)):
        assert device.outcomes([item]) == [("quarantined", "tablet.revoked")]
    return item


def texts() -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(select(KeptItem.texts).order_by(KeptItem.id)))


def end_of(made: TrainingClass) -> Any:
    db.session.rollback()
    return max(each.ends_at for each in made.sessions)


def inbox_page(app: Flask, device: Device) -> str:
    return sign_in(app.test_client(), db.session.get_one(Staff, device.office.staff_id)).get("/inbox").text


def decide(device: Device, decision: str) -> None:
    with at(vietnam(9)):
        desk.decide_question(waiting()[0].public_id, decision, actor=device.office)


@pytest.mark.parametrize("decision", ["release", "dismiss"])
def test_what_was_typed_is_erased_once_the_decision_stands_and_the_rest_stays(
    device: Device, l01: TrainingClass, held: Any, decision: str
) -> None:
    decide(device, decision)
    with at(vietnam(9, 2)):
        assert erase_texts() == 1
        assert erase_texts() == 0
    db.session.rollback()
    one = db.session.scalars(select(KeptItem)).one()
    attempt = db.session.get_one(Scan, one.scan_id)
    assert (one.texts, one.uuid, one.kind, one.session) == (None, held["uuid"], "walk_in", l01.sessions[0].public_id)
    assert (attempt.refusal, attempt.outcome, attempt.scanned_at) == ("tablet.revoked", "quarantined", MORNING)
    if decision == "release":
        learner = places(l01)[-1].learner
        assert (learner.name, learner.note, mark_of(places(l01)[-1])) == (
            TYPED["name"],
            TYPED["note"],
            ("present", MORNING),
        )


@pytest.mark.parametrize("decision", ["release", "dismiss"])
def test_while_a_decision_can_be_taken_back_what_was_typed_is_there(
    device: Device, l01: TrainingClass, held: Any, decision: str
) -> None:
    decide(device, decision)
    with at(vietnam(9) + timedelta(seconds=30)):
        assert erase_texts() == 0
        question = question_id()
        desk.take_back_decision(question, actor=device.office)
    with at(vietnam(10)):
        assert erase_texts() == 0
        desk.decide_question(question, "release", actor=device.office)
    assert mark_of(places(l01)[-1]) == ("present", MORNING)


def question_id() -> str:
    found = select(InboxItem.public_id).where(InboxItem.kind == "attendance.quarantined")
    return db.session.scalars(found).one()


def test_what_its_own_tablet_takes_back_is_erased_at_once(device: Device, l01: TrainingClass, held: Any) -> None:
    with at(vietnam(9)):
        device.send([scan(l01, vietnam(7, 32), "undo", target=held["uuid"])])
    assert (waiting(), texts()) == ([], [None])


def test_what_nobody_decided_is_erased_fourteen_days_after_the_class_and_the_question_says_so(
    any_app: Flask, device: Device, l01: TrainingClass, held: Any
) -> None:
    last = end_of(l01) + timedelta(days=14)
    with at(last):
        assert erase_texts() == 0
        assert "Nội dung đã nhập sẽ tự xóa 14 ngày sau lớp học" in inbox_page(any_app, device)
    assert texts() == [TYPED]
    with at(last + timedelta(seconds=1)):
        assert erase_texts() == 1
        assert texts() == [None]
        page = inbox_page(any_app, device)
        assert "Nội dung đã nhập" not in page
        assert not any(text in page for text in TYPED.values())
        (question,) = waiting()
        with pytest.raises(Refusal, match="erased"):
            desk.decide_question(question.public_id, "release", actor=device.office)
        desk.decide_question(question.public_id, "dismiss", actor=device.office)


def test_a_class_of_several_days_has_ended_with_its_last(any_app: Flask) -> None:
    trainer = make_trainer()
    made = make_taught(trainer, code="L02", days=3)
    with at(vietnam(7)):
        device = Device(any_app, trainer)
    with at(vietnam(9)):
        device.send([scan(made, MORNING, "walk_in", **TYPED)])
    with at(end_of(made) + timedelta(days=14)):
        assert erase_texts() == 0
    with at(end_of(made) + timedelta(days=14, seconds=1)):
        assert erase_texts() == 1


def test_what_comes_late_waits_its_fourteen_days_too(device: Device, l01: TrainingClass) -> None:
    device.revoke()
    came = end_of(l01) + timedelta(days=20)
    with at(came):
        device.send([scan(l01, MORNING, "walk_in", **TYPED)])
    with at(came + timedelta(days=14)):
        assert erase_texts() == 0
    with at(came + timedelta(days=14, seconds=1)):
        assert erase_texts() == 1


def test_what_names_nobody_and_what_cannot_be_read_goes_then_too(device: Device, l01: TrainingClass) -> None:
    with at(vietnam(9)):
        device.send([scan(l01, MORNING, "card", number="040185099999", name="Ai Đó"), {"uuid": "12345678"}])
    assert None not in texts()
    with at(vietnam(9) + timedelta(days=14)):
        assert erase_texts() == 0
    with at(end_of(l01) + timedelta(days=14, seconds=1)):
        assert erase_texts() == 2
    assert texts() == [None, None]


def test_the_log_says_that_something_was_erased_and_how_much(device: Device, l01: TrainingClass, held: Any) -> None:
    decide(device, "dismiss")
    with at(vietnam(9, 2)):
        erase_texts()
        erase_texts()
    db.session.rollback()
    (entry,) = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "tablet.texts_erased"))
    assert (entry.actor_kind, entry.organisation_id, entry.facts) == ("system", l01.organisation_id, {"count": 1})
    everything = str(db.session.scalars(select(AuditEntry.facts)).all())
    assert not any(text in everything for text in TYPED.values())


def test_an_undecided_question_keeps_what_was_typed(device: Device, l01: TrainingClass, held: Any) -> None:
    with at(vietnam(9, 30)):
        assert erase_texts() == 0
    assert texts() == [TYPED]
