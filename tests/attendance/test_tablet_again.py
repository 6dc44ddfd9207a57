"""A queue that was delivered, and is sent again after its browser was let in under another name."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.attendance.models import Scan, TabletItem
from classroom.core.db import db
from classroom.learners.models import Learner
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import HEADERS, Device, make_trainer, mark_of, ms, places, scan, waiting
from tests.factories import at, vietnam
from tests.support.racing import together

MORNING = vietnam(7, 31)


@pytest.fixture
def anew(any_app: Flask, trainer: Staff, device: Device) -> Device:
    """The same browser under another name; it has fetched no list since."""
    with at(vietnam(7, 35)):
        return Device(any_app, trainer, name="Máy 02")


def kept() -> tuple[int, int]:
    db.session.rollback()
    return db.session.scalar(select(func.count(TabletItem.id))) or 0, db.session.scalar(
        select(func.count(Scan.id))
    ) or 0


def told(answer: dict[str, Any]) -> dict[str, Any]:
    """What an answer says beyond its outcome."""
    return {
        name: each for name, each in answer.items() if each and name not in {"uuid", "final", "outcome", "direction"}
    }


def test_what_counts_is_answered_as_counted_and_counts_once(device: Device, anew: Device, l01: TrainingClass) -> None:
    items = [scan(l01, MORNING, enrolment=place.public_id) for place in places(l01)]
    items.append(scan(l01, vietnam(7, 33), enrolment=places(l01)[0].public_id))
    with at(vietnam(7, 40)):
        device.send(items)
        assert anew.outcomes(items) == [("accepted", "")] * 3 + [("duplicate", "")]
    assert kept() == (4, 4)
    assert waiting() == []
    assert [mark_of(place) for place in places(l01)] == [("present", MORNING)] * 3


@pytest.mark.parametrize("revoked", [False, True])
def test_a_tablet_that_is_not_trusted_learns_only_that_it_counts(
    device: Device, anew: Device, l01: TrainingClass, revoked: bool
) -> None:
    late, other = places(l01)[:2]
    number = other.learner.id_number
    items = [
        scan(l01, vietnam(8, 30), enrolment=late.public_id),
        scan(l01, MORNING, "walk_in", name="Trần Khác Tên", number=number),
        scan(l01, MORNING, "card", number=number, name="x"),
    ]
    with at(vietnam(9)):
        before = device.send(items)
        assert (before[0]["status"], before[1]["code"]) == ("late", "walk_in.number_known")
        if revoked:
            anew.ask("rosters", classes=[l01.public_id])
            anew.revoke()
        answers = anew.send(items)
    assert [told(one) for one in answers] == [{}] * 3
    assert [one["outcome"] for one in answers] == [one["outcome"] for one in before]


def test_a_tablet_with_the_list_is_told_what_it_was_told_before(
    device: Device, anew: Device, l01: TrainingClass
) -> None:
    items = [scan(l01, MORNING, enrolment=places(l01)[0].public_id), scan(l01, MORNING, "badge", badge="0" * 16)]
    with at(vietnam(7, 40)):
        before = device.send(items)
        anew.ask("rosters", classes=[l01.public_id])
        assert anew.send(items) == before
    assert before[0]["name"]


def test_what_was_refused_or_waits_is_answered_so_again_and_asked_once(
    device: Device, anew: Device, l01: TrainingClass
) -> None:
    items = [
        scan(l01, MORNING, "badge", badge="0" * 16),
        scan(l01, vietnam(9), enrolment=places(l01)[0].public_id),
        scan(l01, vietnam(5), enrolment=places(l01)[1].public_id),
    ]
    with at(vietnam(7, 40)):
        before = device.outcomes(items)
        answers = anew.send(items)
    assert [one for one, _ in before] == ["refused", "quarantined", "refused"]
    assert [(one["outcome"], one["code"]) for one in answers] == before
    assert all("%(" not in one["words"] and not one["name"] for one in answers)
    assert (len(waiting()), kept()) == (1, (3, 3))


def test_a_tablet_of_another_organisation_is_told_what_any_scan_of_that_class_is_told(
    any_app: Flask, device: Device, l01: TrainingClass
) -> None:
    item = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    never = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    with at(vietnam(7)):
        elsewhere = Device(any_app, make_trainer())
    with at(vietnam(7, 40)):
        device.send([item])
        known, unknown = elsewhere.send([item, never])
    assert {**known, "uuid": ""} == {**unknown, "uuid": ""}
    assert known["code"] == "scan.foreign_session"
    name = db.session.scalars(select(Learner.name)).first()
    assert name
    assert name not in str(known)


def test_both_names_delivering_at_once_count_once_and_are_told_the_same(
    any_app: Flask, device: Device, anew: Device, l01: TrainingClass
) -> None:
    items = [scan(l01, MORNING, enrolment=place.public_id) for place in places(l01)]
    items += [scan(l01, MORNING, "walk_in", name=f"Hồ Thị {name}") for name in ("Mai", "Lan", "Cúc")]

    def post(one: Device) -> Any:
        client = any_app.test_client()
        client.set_cookie("tablet", getattr(one.client.get_cookie("tablet"), "value", ""))
        body = {"sent_at": ms(vietnam(7, 40)), "ahead_ms": 0, "items": items}
        return [
            answer["outcome"] for answer in client.post("/tablet/items", json=body, headers=HEADERS).json["answers"]
        ]

    with at(vietnam(7, 40)):
        anew.ask("rosters", classes=[l01.public_id])
        answers = together(any_app, [lambda one=one: post(one) for one in [device, anew] * 4])
    assert answers == [["accepted"] * 6] * 8
    assert kept() == (6, 6)
    assert len(places(l01)) == 6
