"""Whatever a tablet sends: it gets an answer, and holds up nothing that lies behind it."""

import json
from typing import Any

import pytest
from flask import Flask

from classroom.accounts.models import Staff
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import HEADERS, Device, make_taught, make_trainer, mark_of, ms, places, scan
from tests.factories import at, vietnam

MORNING = vietnam(7, 31)


@pytest.fixture
def trainer(any_app: Flask) -> Staff:
    return make_trainer()


@pytest.fixture
def l01(trainer: Staff) -> TrainingClass:
    return make_taught(trainer, days=1)


@pytest.fixture
def device(any_app: Flask, trainer: Staff, l01: TrainingClass) -> Device:
    with at(vietnam(7)):
        return Device(any_app, trainer, l01)


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
