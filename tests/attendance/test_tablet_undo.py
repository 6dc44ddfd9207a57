"""What tablets take back: by the very tablet that scanned, while it is trusted, and never waiting for ever."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from classroom.accounts.models import Staff
from classroom.attendance import services
from classroom.desk import services as desk
from classroom.sessions.models import TrainingClass
from tests.attendance.tablets import Device, mark_of, places, scan, waiting
from tests.factories import at, vietnam

MORNING = vietnam(7, 31)


def test_undo_takes_one_scan_back_and_a_rescan_counts_again(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    first = scan(l01, MORNING, enrolment=place.public_id)
    with at(vietnam(7, 50)):
        device.send([first, scan(l01, vietnam(7, 35), "undo", target=first["uuid"])])
        assert mark_of(place) == ("unmarked", None)
        device.send([scan(l01, vietnam(7, 36), enrolment=place.public_id)])
    assert mark_of(place) == ("present", vietnam(7, 36))


def test_an_undo_that_comes_first_waits_for_its_scan(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    first = scan(l01, MORNING, enrolment=place.public_id)
    undo = scan(l01, vietnam(7, 35), "undo", target=first["uuid"])
    with at(vietnam(7, 50)):
        assert device.send([undo, first])[0]["final"] is False
        assert device.outcomes([undo]) == [("accepted", "")]
    assert mark_of(place) == ("unmarked", None)


def test_undo_of_one_tablets_scan_leaves_the_others(
    any_app: Flask, trainer: Staff, device: Device, l01: TrainingClass
) -> None:
    with at(vietnam(7)):
        other = Device(any_app, trainer, l01, name="Máy 02")
    place = places(l01)[0]
    early, later = scan(l01, MORNING, enrolment=place.public_id), scan(l01, vietnam(7, 40), enrolment=place.public_id)
    with at(vietnam(7, 50)):
        device.send([early])
        other.send([later])
        device.send([scan(l01, vietnam(7, 41), "undo", target=early["uuid"])])
    assert mark_of(place) == ("present", vietnam(7, 40))


def test_undo_of_a_quarantined_scan_asks_nobody_any_more(device: Device, l01: TrainingClass) -> None:
    item = scan(l01, vietnam(9), enrolment=places(l01)[0].public_id)
    with at(vietnam(7, 40)):
        device.send([item, scan(l01, vietnam(7, 41), "undo", target=item["uuid"])])
    assert waiting() == []


def test_after_sign_off_a_tablet_takes_nothing_back(device: Device, l01: TrainingClass) -> None:
    one = l01.sessions[0].public_id
    item = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    with at(vietnam(12)):
        device.send([item])
        services.close_register(one, head_count=1, actor=device.office)
        services.sign_off(one, actor=device.office)
        undo = scan(l01, vietnam(7, 41), "undo", target=item["uuid"])
        assert device.outcomes([undo]) == [("refused", "register.signed_off")]


def test_a_tap_on_undo_while_another_session_is_chosen_takes_the_scan_back(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    first = scan(l01, MORNING, enrolment=place.public_id)
    with at(vietnam(7, 50)):
        undo = scan(l01, vietnam(7, 35), "undo", half=1, target=first["uuid"])
        assert device.outcomes([first, undo]) == [("accepted", ""), ("accepted", "")]
    assert mark_of(place) == ("unmarked", None)


def test_a_proposal_is_taken_back_from_another_session_too(device: Device, l01: TrainingClass) -> None:
    one = l01.sessions[0].public_id
    item = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    with at(vietnam(12)):
        services.close_register(one, head_count=0, actor=device.office)
        services.sign_off(one, actor=device.office)
        undo = scan(l01, vietnam(7, 41), "undo", half=1, target=item["uuid"])
        assert device.outcomes([item, undo]) == [("proposed", ""), ("accepted", "")]
    assert waiting("attendance.late_scan") == []


@pytest.mark.parametrize("undone", [0, 1])
def test_of_two_scans_that_propose_the_same_one_taken_back_leaves_the_question_about_the_other(
    any_app: Flask, trainer: Staff, device: Device, l01: TrainingClass, undone: int
) -> None:
    with at(vietnam(7)):
        other = Device(any_app, trainer, l01, name="Máy 02")
    one, place = l01.sessions[0].public_id, places(l01)[0]
    items = [scan(l01, when, enrolment=place.public_id) for when in (MORNING, vietnam(7, 40))]
    with at(vietnam(12)):
        services.close_register(one, head_count=0, actor=device.office)
        services.sign_off(one, actor=device.office)
        told = [by.outcomes([item]) for by, item in zip((device, other), items, strict=True)]
        assert told == [[("proposed", "")]] * 2
        back = scan(l01, vietnam(7, 41), "undo", target=items[undone]["uuid"])
        (device, other)[undone].send([back])
        asked = [each.facts["scanned_at"] for each in waiting("attendance.late_scan")]
        assert [datetime.fromisoformat(each) for each in asked] == [(MORNING, vietnam(7, 40))[1 - undone]]
        last = scan(l01, vietnam(7, 42), "undo", target=items[1 - undone]["uuid"])
        assert (device, other)[1 - undone].outcomes([last]) == [("accepted", "")]
        assert waiting("attendance.late_scan") == []


def test_a_revoked_tablet_takes_back_what_waits_and_nothing_that_counts(device: Device, l01: TrainingClass) -> None:
    first, second, third = places(l01)
    counted = scan(l01, MORNING, enrolment=first.public_id)
    held, released = (scan(l01, MORNING, enrolment=place.public_id) for place in (second, third))
    with at(vietnam(7, 50)):
        device.send([counted])
        device.revoke()
        device.send([held, released])
        question = waiting()[1].public_id
        desk.decide_question(question, "release", actor=device.office)
        undos = [scan(l01, vietnam(7, 51), "undo", target=one["uuid"]) for one in (counted, held, released)]
        assert device.outcomes(undos) == [
            ("refused", "tablet.revoked"),
            ("accepted", ""),
            ("refused", "tablet.revoked"),
        ]
    assert [mark_of(place) for place in (first, second, third)] == [("present", MORNING), None, ("present", MORNING)]
    assert waiting() == []


def test_what_a_coordinator_has_decided_is_not_taken_back_silently(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    item = scan(l01, vietnam(9), enrolment=place.public_id)
    with at(vietnam(7, 40)):
        device.send([item])
        desk.decide_question(waiting()[0].public_id, "release", actor=device.office)
        undo = scan(l01, vietnam(7, 41), "undo", target=item["uuid"])
        assert device.outcomes([undo]) == [("accepted", "undo.nothing")]
    assert mark_of(place) == ("late", vietnam(9))


def test_an_undo_of_another_tablets_scan_gets_a_final_answer(
    any_app: Flask, trainer: Staff, device: Device, l01: TrainingClass
) -> None:
    with at(vietnam(7)):
        other = Device(any_app, trainer, l01, name="Máy 02")
    place = places(l01)[0]
    item = scan(l01, MORNING, enrolment=place.public_id)
    with at(vietnam(7, 50)):
        device.send([item])
        (answer,) = other.send([scan(l01, vietnam(7, 51), "undo", target=item["uuid"])])
    assert (answer["outcome"], answer["code"], answer["final"]) == ("refused", "undo.other_tablet", True)
    assert mark_of(place) == ("present", MORNING)


@pytest.mark.parametrize(
    "target",
    [{"enrolment": "0" * 12}, {"enrolment": "x" * 99}, {"kind": "nothing"}],
)
def test_an_undo_of_what_was_refused_or_unreadable_has_nothing_to_take_back(
    device: Device, l01: TrainingClass, target: Any
) -> None:
    item = {**scan(l01, MORNING), **target}
    with at(vietnam(7, 50)):
        answers = device.outcomes([item, scan(l01, vietnam(7, 51), "undo", target=item["uuid"])])
    assert [one[0] for one in answers] == ["refused", "accepted"]
    assert answers[1] == ("accepted", "undo.nothing")


def test_an_undo_waits_for_its_scan_fourteen_days_and_no_longer(device: Device, l01: TrainingClass) -> None:
    undo = scan(l01, MORNING, "undo", target="never-came")
    with at(MORNING + timedelta(days=14)):
        assert device.send([undo])[0]["final"] is False
    with at(MORNING + timedelta(days=14, minutes=1)):
        assert device.outcomes([undo]) == [("refused", "undo.too_old")]


def test_an_undo_from_a_clock_that_is_weeks_ahead_waits_for_nothing(device: Device, l01: TrainingClass) -> None:
    undo = scan(l01, MORNING + timedelta(days=15), "undo", target="never-came")
    with at(MORNING):
        assert device.outcomes([undo]) == [("refused", "undo.too_old")]
