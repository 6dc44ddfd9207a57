"""Whatever a tablet sends: it gets an answer, and holds up nothing that lies behind it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import DataError, OperationalError
from sqlalchemy.orm import Session
from structlog.testing import capture_logs

from classroom.attendance.models import KeptItem, TabletClass
from classroom.attendance.services.tablets import handling
from classroom.core.db import db
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import HEADERS, Device, mark_of, ms, places, scan
from tests.factories import at, vietnam

MORNING = vietnam(7, 31)


def post(device: Device, body: str) -> Any:
    return device.client.post("/tablet/items", data=body, headers={**HEADERS, "Content-Type": "application/json"})


def test_a_clock_that_is_no_number_is_refused_item_by_item(device: Device, l01: TrainingClass) -> None:
    first, second, _ = places(l01)
    broken = scan(l01, MORNING, enrolment=first.public_id, ahead_ms=float("nan"))
    good = scan(l01, MORNING, enrolment=second.public_id)
    with at(vietnam(7, 40)):
        answer = post(device, json.dumps({"sent_at": ms(MORNING), "ahead_ms": 0, "items": [broken, good]}))
        assert [(one["outcome"], one["code"]) for one in answer.json["answers"]] == [
            ("refused", "item.malformed"),
            ("accepted", ""),
        ]
    assert mark_of(second) == ("present", MORNING)


@pytest.mark.parametrize("ahead", ["NaN", "Infinity", "-Infinity", "1" + "0" * 400])
def test_a_batch_whose_clock_is_no_number_is_refused_kindly(device: Device, ahead: str) -> None:
    with at(vietnam(7, 40)):
        assert post(device, f'{{"sent_at": 1, "ahead_ms": {ahead}, "items": []}}').status_code == 422


@pytest.mark.parametrize("body", ["[" * 3000 + "]" * 3000, "[" * 100_000, '{"items": ' + "[" * 3000 + "]" * 3000 + "}"])
def test_brackets_without_end_are_refused_kindly(device: Device, body: str) -> None:
    assert post(device, body).status_code == 422


def test_an_item_nested_too_deeply_holds_nobody_up(device: Device, l01: TrainingClass) -> None:
    good = json.dumps(scan(l01, MORNING, enrolment=places(l01)[0].public_id))
    for depth in (200, 400, 600, 700, 800, 850, 900):
        deep = '{"uuid": "12345678", "kind": ' + "[" * depth + "]" * depth + "}"
        with at(vietnam(7, 40)):
            answer = post(device, f'{{"sent_at": {ms(MORNING)}, "ahead_ms": 0, "items": [{deep}, {good}]}}')
        assert answer.status_code in {200, 422}
        if answer.status_code == 200:
            assert answer.json["answers"][0]["code"] == "item.malformed"
            assert answer.json["answers"][1]["outcome"] == "accepted"


def break_reference(session: Session, *_given: Any) -> Any:
    session.execute(
        insert(TabletClass).values(organisation_id=0, tablet_id=0, class_id=0, staff_id=0, fetched_at=MORNING)
    )


def not_understood(*_given: Any) -> Any:
    raise DataError("INSERT", {"name": "Hồ Minh Đức"}, ValueError("value too long"), hide_parameters=True)


@pytest.mark.parametrize("fails", [break_reference, not_understood])
def test_what_the_database_refuses_for_ever_is_kept_for_people_and_leaves_the_tablet(
    device: Device, l01: TrainingClass, monkeypatch: pytest.MonkeyPatch, fails: Any
) -> None:
    monkeypatch.setitem(handling._HANDLERS, "walk_in", fails)
    poison = scan(l01, MORNING, "walk_in", name="Hồ Minh Đức", number="040201067890")
    good = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    with at(vietnam(7, 40)), capture_logs() as logged:
        answers, again = device.send([poison, good]), device.send([poison])
    assert [(one["outcome"], one["code"], one["final"]) for one in answers] == [
        ("refused", "item.unfit", True),
        ("accepted", "", True),
    ]
    assert again == answers[:1]
    (kept,) = db.session.scalars(select(KeptItem)).all()
    assert kept.texts == {"name": "Hồ Minh Đức", "number": "040201067890"}
    given_up = [one for one in logged if one["event"] == "item of a tablet given up"]
    assert [one["log_level"] for one in given_up] == ["error"]
    assert "040201067890" not in str(logged)
    assert "Hồ" not in str(logged)


def test_a_database_that_is_busy_gives_nothing_up(
    device: Device, l01: TrainingClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_given: Any) -> Any:
        raise OperationalError("INSERT", {}, ValueError("database is locked"))

    item = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    with at(vietnam(7, 40)):
        monkeypatch.setitem(handling._HANDLERS, "picked", locked)
        assert [(one["final"], one["code"]) for one in device.send([item])] == [(False, "item.busy")]
        monkeypatch.undo()
        assert device.outcomes([item]) == [("accepted", "")]


def test_a_bug_keeps_an_item_on_the_tablet_for_fourteen_days_and_no_longer(
    device: Device, l01: TrainingClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: Any) -> Any:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setitem(handling._HANDLERS, "picked", fail)
    item = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    with at(MORNING + timedelta(days=14)):
        assert [(one["final"], one["code"]) for one in device.send([item])] == [(False, "item.failed")]
    with at(MORNING + timedelta(days=14, minutes=1)):
        assert device.outcomes([item, item]) == [("refused", "item.unfit")] * 2
