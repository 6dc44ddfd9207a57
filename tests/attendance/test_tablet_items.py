"""What tablets bring: each item gets its own answer, is kept once, and holds up no other."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.accounts.models import Staff
from classroom.attendance import services
from classroom.attendance.models import Flag, Scan, TabletItem
from classroom.core.db import db
from classroom.desk import services as desk
from classroom.sessions import services as sessions
from classroom.sessions.models import TrainingClass
from classroom.sessions.queries import badges
from tests.attendance.tablets import HEADERS, Device, make_taught, mark_of, ms, places, scan, waiting
from tests.factories import LearnerFactory, at, vietnam
from tests.support.racing import together

MORNING = vietnam(7, 31)


def kept() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(TabletItem.id))) or 0


def badge_of(device: Device, made: TrainingClass, index: int = 0) -> str:
    sessions.issue_badges(made.public_id, actor=device.office)
    return badges.living_badges_of_class(made.id)[index][1].code


# --- the ways in ---


def test_badge_code_card_and_name_all_make_marks(device: Device, l01: TrainingClass) -> None:
    sessions.issue_badges(l01.public_id, actor=device.office)
    rows = badges.living_badges_of_class(l01.id)
    items = [
        scan(l01, MORNING, "badge", badge=rows[0][1].code),
        scan(l01, MORNING, "badge", code=rows[1][0].learner.code),
        scan(l01, MORNING, "card", number=rows[2][0].learner.id_number, name=rows[2][0].learner.name),
    ]
    with at(vietnam(7, 40)):
        assert device.outcomes(items) == [("accepted", "")] * 3
    assert [mark_of(place) for place in places(l01)] == [("present", MORNING)] * 3
    sources = db.session.scalars(select(Scan.source).order_by(Scan.id)).all()
    assert list(sources) == ["badge", "badge", "card"]


def test_an_answer_tells_who_and_what(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    with at(vietnam(8)):
        answer = device.send([scan(l01, vietnam(7, 50), enrolment=place.public_id)])[0]
    assert (answer["name"], answer["status"], answer["at"], answer["final"]) == (
        place.learner.name,
        "late",
        ms(vietnam(7, 50)),
        True,
    )


def test_the_second_scan_says_since_when(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0].public_id
    with at(vietnam(7, 50)):
        device.send([scan(l01, MORNING, enrolment=place)])
        answer = device.send([scan(l01, vietnam(7, 40), enrolment=place)])[0]
    assert (answer["outcome"], answer["at"]) == ("duplicate", ms(MORNING))


def test_of_two_tablets_the_earliest_scan_counts_in_whatever_order_they_deliver(
    any_app: Flask, trainer: Staff, device: Device, l01: TrainingClass
) -> None:
    with at(vietnam(7)):
        other = Device(any_app, trainer, l01, name="Máy 02")
    place = places(l01)[0]
    with at(vietnam(9)):
        other.send([scan(l01, vietnam(7, 44), enrolment=place.public_id)])
        device.send([scan(l01, MORNING, enrolment=place.public_id)])
    assert mark_of(place) == ("present", MORNING)


@pytest.mark.parametrize("by", ["place", "number"])
def test_a_card_with_another_name_counts_and_is_shown_to_the_trainer(
    device: Device, l01: TrainingClass, by: str
) -> None:
    place = places(l01)[0]
    brought: dict[str, Any] = {"enrolment": place.public_id, "card_name": "Trần Khác Tên"}
    if by == "number":
        brought = {"number": place.learner.id_number, "name": "Trần Khác Tên"}
    with at(vietnam(7, 40)):
        item = scan(l01, MORNING, "card", **brought)
        assert device.outcomes([item]) == [("accepted", "")]
        board = device.client.get(f"/sessions/{l01.sessions[0].public_id}/board").text
    assert db.session.scalars(select(Flag.kind)).all() == ["card_name"]
    assert "Trần Khác Tên" in board


def test_a_learner_of_another_class_is_a_guest(device: Device, trainer: Staff, l01: TrainingClass) -> None:
    l02 = make_taught(trainer, "L02", learners=1, course=l01.course, days=1)
    with at(vietnam(7, 40)):
        answer = device.send([scan(l01, MORNING, enrolment=places(l02)[0].public_id)])[0]
    assert (answer["outcome"], answer["guest"]) == ("accepted", True)


# --- what is refused, each in its own words ---


def test_every_wrong_code_gets_its_own_answer_and_is_kept(device: Device, l01: TrainingClass) -> None:
    code = badge_of(device, l01)
    learner = badges.living_badges_of_class(l01.id)[0][0].learner
    sessions.reissue_badge(learner.public_id, "mất", actor=device.office)
    blank = sessions.make_blanks(l01.public_id, 1, actor=device.office)[0].code
    stranger = LearnerFactory(organisation_id=l01.organisation_id)
    items = [
        scan(l01, MORNING, "badge", badge=code),
        scan(l01, MORNING, "badge", badge=blank),
        scan(l01, MORNING, "badge", badge="0" * 16),
        scan(l01, MORNING, "badge", code="00000000"),
        scan(l01, MORNING, "badge", code=stranger.code),
        scan(l01, MORNING, "card", number="040185099999", name="Ai Đó"),
        scan(l01, MORNING, "unread", why="foreign"),
        scan(l01, MORNING, "unread", why="truncated"),
        scan(l01, MORNING, "unread", why="forged"),
        scan(l01, MORNING, "picked", enrolment="0" * 12),
        {**scan(l01, MORNING, "unread", why="foreign"), "session": "0" * 12},
        scan(l01, MORNING, "picked", enrolment=places(l01)[0].public_id, direction="out"),
    ]
    expected = [
        "badge.replaced", "badge.blank", "badge.unknown", "scan.code_unknown", "scan.not_enrolled",
        "scan.card_unknown", "scan.foreign_code", "scan.truncated", "scan.forged", "scan.place_unknown",
        "scan.foreign_session", "scan.no_check_out",
    ]  # fmt: skip
    with at(vietnam(7, 40)):
        answers = device.send(items)
    assert [one["code"] for one in answers] == expected
    assert {one["outcome"] for one in answers} == {"refused"}
    assert len({one["words"] for one in answers}) == len(answers)
    assert all(one["words"] and "%(" not in one["words"] for one in answers)
    assert answers[0]["name"] == learner.name
    refusals = db.session.scalars(select(Scan.refusal).order_by(Scan.id)).all()
    assert list(refusals) == expected


def test_before_the_opening_and_after_the_close_are_refused_and_kept(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0].public_id
    with at(vietnam(12)):
        services.close_register(l01.sessions[0].public_id, head_count=0, actor=device.office)
        early, late = scan(l01, vietnam(5), enrolment=place), scan(l01, vietnam(12, 0, 1), enrolment=place)
        assert device.outcomes([early, late]) == [("refused", "scan.too_early"), ("refused", "scan.too_late")]


def test_a_learner_who_was_taken_off_meanwhile_is_refused(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    sessions.withdraw(place.public_id, "chuyển đi", actor=device.office)
    with at(vietnam(7, 40)):
        assert device.outcomes([scan(l01, MORNING, enrolment=place.public_id)]) == [("refused", "scan.withdrawn")]


# --- time ---


def test_a_clock_that_is_ten_minutes_ahead_does_no_harm(device: Device, l01: TrainingClass) -> None:
    place, ahead = places(l01)[0], 600_000
    item = scan(l01, MORNING + timedelta(minutes=10), enrolment=place.public_id, ahead_ms=ahead)
    with at(vietnam(7, 40)):
        assert device.outcomes([item], ahead=ahead) == [("accepted", "")]
    assert mark_of(place) == ("present", MORNING)


def test_a_scan_made_before_the_offset_was_known_takes_the_one_measured_now(device: Device, l01: TrainingClass) -> None:
    place = places(l01)[0]
    item = scan(l01, MORNING + timedelta(minutes=10), enrolment=place.public_id, ahead_ms=None)
    with at(vietnam(7, 40)):
        device.send([item], ahead=600_000)
    assert mark_of(place) == ("present", MORNING)


@pytest.mark.parametrize(
    ("scanned", "received", "why"),
    [
        (vietnam(9), vietnam(7, 40), "scan.from_the_future"),
        (vietnam(7, 31) - timedelta(days=1), vietnam(7, 40), "scan.before_the_day"),
        (MORNING, vietnam(8) + timedelta(days=15), "scan.long_after"),
    ],
)
def test_a_time_that_cannot_be_right_waits_and_is_released_with_one_tap(
    device: Device, l01: TrainingClass, scanned: Any, received: Any, why: str
) -> None:
    place = places(l01)[0]
    with at(received):
        assert device.outcomes([scan(l01, scanned, enrolment=place.public_id)]) == [("quarantined", why)]
        assert mark_of(place) is None
        item = waiting()[0].public_id
        desk.decide_question(item, "release", actor=device.office)
        mark = mark_of(place)
        assert mark is not None
        assert mark[0] in {"present", "late"}
        desk.take_back_decision(item, actor=device.office)
        assert mark_of(place) in {("unmarked", None), ("absent", None)}


def test_two_minutes_ahead_and_fourteen_days_late_are_still_good(device: Device, l01: TrainingClass) -> None:
    first, second = (place.public_id for place in places(l01)[:2])
    with at(vietnam(7, 40)):
        assert device.outcomes([scan(l01, vietnam(7, 42), enrolment=first)]) == [("accepted", "")]
    with at(vietnam(23) + timedelta(days=14)):
        assert device.outcomes([scan(l01, MORNING, enrolment=second)]) == [("accepted", "")]


def test_a_late_upload_takes_the_automatic_absence_back_and_after_sign_off_it_is_proposed(
    device: Device, l01: TrainingClass
) -> None:
    first, second, _third = places(l01)
    one = l01.sessions[0].public_id
    with at(vietnam(12)):
        services.close_register(one, head_count=0, actor=device.office)
        assert mark_of(first) == ("absent", None)
        assert device.outcomes([scan(l01, MORNING, enrolment=first.public_id)]) == [("accepted", "")]
        assert mark_of(first) == ("present", MORNING)
        services.sign_off(one, actor=device.office)
        assert device.outcomes([scan(l01, MORNING, enrolment=second.public_id)]) == [("proposed", "")]
    assert mark_of(second) == ("absent", None)
    assert len(waiting("attendance.late_scan")) == 1


# --- once, whatever the link does ---


def test_the_same_batch_again_gets_the_same_answers_and_adds_nothing(device: Device, l01: TrainingClass) -> None:
    items = [scan(l01, MORNING, enrolment=place.public_id) for place in places(l01)]
    items += [scan(l01, MORNING, "unread", why="foreign"), scan(l01, vietnam(23), enrolment=places(l01)[0].public_id)]
    with at(vietnam(7, 40)):
        first, second = device.send(items), device.send(list(reversed(items)))
    assert first == list(reversed(second))
    assert kept() == 5
    assert db.session.scalar(select(func.count(Scan.id))) == 5


def test_twenty_posts_of_one_batch_at_once_keep_each_item_once(
    any_app: Flask, device: Device, l01: TrainingClass
) -> None:
    items = [scan(l01, MORNING, enrolment=place.public_id) for place in places(l01)]
    cookie = device.client.get_cookie("tablet")
    assert cookie is not None

    def post() -> list[str]:
        client = any_app.test_client()
        client.set_cookie("tablet", cookie.value)
        body = {"sent_at": ms(vietnam(7, 40)), "ahead_ms": 0, "items": items}
        answer = client.post("/tablet/items", json=body, headers=HEADERS)
        return [one["outcome"] for one in answer.json["answers"]]

    with at(vietnam(7, 40)):
        answers = together(any_app, [post] * 20)
    assert answers == [["accepted"] * 3] * 20
    assert kept() == 3


def test_one_uuid_with_other_content_is_refused(
    any_app: Flask, trainer: Staff, device: Device, l01: TrainingClass
) -> None:
    first, second, _ = places(l01)
    item = scan(l01, MORNING, enrolment=first.public_id)
    with at(vietnam(7)):
        other = Device(any_app, trainer, l01, name="Máy 02")
    with at(vietnam(7, 40)):
        device.send([item])
        changed = [{**item, "enrolment": second.public_id}, {**item, "at": item["at"] + 1}]
        assert device.outcomes(changed) == [("refused", "scan.uuid_reused")] * 2
        assert other.outcomes(changed) == [("refused", "scan.uuid_reused")] * 2
    assert (mark_of(second), kept()) == (None, 1)


POISON: list[Any] = [
    None, 7, "x", [], {}, {"uuid": 5}, {"uuid": "12345678", "kind": "nothing"},
    {"uuid": "12345678", "kind": "picked"}, {"uuid": "a" * 65, "kind": "undo", "target": "x"},
    {"uuid": "12345678", "kind": "picked", "enrolment": "x" * 10_000, "session": "S", "at": 0},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A\0B", "session": "S", "at": 0},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": "yesterday"},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": 10**18},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": -5},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": 5, "ahead_ms": 1e300},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": 5, "ahead_ms": "x"},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": True},
    {"uuid": "12345678", "kind": "picked", "enrolment": "\ud800", "session": "S", "at": 5},
    {"uuid": "đặng-thị-đào", "kind": "picked", "enrolment": "A", "session": "S", "at": 5},
    {"uuid": "12345678", "kind": "picked", "enrolment": "A", "session": "S", "at": 5, "direction": "up"},
    {"uuid": "12345678", "kind": "walk_in", "name": "123", "session": "S", "at": 5},
]  # fmt: skip


def test_poison_holds_nobody_up_and_gets_a_final_answer(device: Device, l01: TrainingClass) -> None:
    good = scan(l01, MORNING, enrolment=places(l01)[0].public_id)
    for poison in POISON:
        with at(vietnam(7, 40)):
            answers = device.send([poison, good])
        assert (answers[0]["final"], answers[0]["outcome"]) == (True, "refused"), poison
        assert answers[1]["outcome"] == "accepted", poison
    assert mark_of(places(l01)[0]) == ("present", MORNING)


def test_a_bug_in_one_item_keeps_that_one_on_the_tablet_and_lets_the_others_through(
    device: Device, l01: TrainingClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    from classroom.attendance.services.tablets import handling

    def fail(*_given: Any) -> Any:
        raise RuntimeError("nobody foresaw this")

    first, second, _ = places(l01)
    broken, good = (
        scan(l01, MORNING, "tie", badge="0" * 16, enrolment=first.public_id),
        scan(l01, MORNING, enrolment=second.public_id),
    )
    with at(vietnam(7, 40)):
        monkeypatch.setitem(handling._HANDLERS, "tie", fail)
        answers = device.send([broken, good])
        assert [(one["final"], one["code"]) for one in answers] == [(False, "item.failed"), (True, "")]
        monkeypatch.undo()
        assert device.outcomes([broken]) == [("accepted", "badge.unknown")]
    assert mark_of(second) == ("present", MORNING)
