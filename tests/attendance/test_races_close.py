"""What happens when a closing, scans and taps hit the same register at once, on both databases."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from classroom.attendance import queries, services
from classroom.attendance.models import CheckinRequest, Event, Mark, Screen
from classroom.attendance.rules import EventKind, Source, Status
from classroom.attendance.services import Choice, Decision
from classroom.attendance.services.locking import lock_register
from classroom.attendance.services.marking import EventFacts, append_event
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from tests.factories import at, vietnam
from tests.support import racing
from tests.support.rooms import Room


@pytest.fixture
def room(any_app: Flask) -> Room:
    return Room(8)


def together(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each on a thread of its own; what each answered, or the code it was refused with."""

    def attempt(act: Callable[[], object]) -> object:
        try:
            return act()
        except Refusal as refusal:
            return refusal.code

    return racing.together(app, [partial(attempt, act) for act in acts])


def scan(room: Room, place: int) -> None:
    with transaction() as session:
        locked = lock_register(session, queries.get_session_facts(room.actor, room.session))
        line = next(each for each in queries.register_lines(locked.facts) if each.enrolment == room.places[place])
        append_event(session, locked, line.enrolment_id, EventFacts(EventKind.SCAN, vietnam(7, 40), Source.ROOM_CODE))


def close(room: Room) -> object:
    return services.close_register(room.session, head_count=0, actor=room.actor)


def test_a_scan_that_races_the_closing_wins(any_app: Flask, room: Room) -> None:
    db.session.rollback()
    with at(vietnam(8)):
        scans = [lambda place=place: scan(room, place) for place in range(4)]
        together(any_app, lambda: close(room), *scans)
    assert room.statuses() == [Status.PRESENT] * 4 + [Status.ABSENT] * 4


def test_closing_from_many_tablets_at_once_makes_each_absent_once(any_app: Flask, room: Room) -> None:
    db.session.rollback()
    with at(vietnam(8)):
        together(any_app, *[lambda: close(room) for _ in range(5)])
    assert db.session.scalar(select(func.count(Event.id)).where(Event.kind == "absence")) == 8
    assert db.session.scalar(select(func.count(Mark.id))) == 8


def test_of_two_taps_on_one_name_one_counts_and_the_other_is_told(any_app: Flask, room: Room) -> None:
    db.session.rollback()

    def tap(status: Status) -> services.Marked:
        return services.mark_by_hand(room.session, [Choice(room.places[0])], Decision(status, "tap"), actor=room.actor)

    with at(vietnam(8)):
        answers = together(any_app, lambda: tap(Status.PRESENT), lambda: tap(Status.EXCUSED))
    counts = sorted(answer.count for answer in answers if isinstance(answer, services.Marked))
    assert counts == [0, 1]
    assert db.session.scalar(select(func.count(Event.id))) == 1


def test_sign_off_racing_a_tap_leaves_no_mark_behind_the_lock(any_app: Flask, room: Room) -> None:
    with at(vietnam(8)):
        close(room)
        seen = {line.enrolment: line.event for line in room.lines()}
        choice = Choice(room.places[0], seen[room.places[0]])
        db.session.rollback()

        def tap() -> services.Marked:
            return services.mark_by_hand(room.session, [choice], Decision(Status.PRESENT, "tap"), actor=room.actor)

        together(any_app, lambda: services.sign_off(room.session, actor=room.actor), tap)
    assert room.register().signed_off_at is not None
    assert not db.session.scalars(select(Event).where(Event.after_sign_off, Event.kind == "manual")).all()


def test_two_trainers_typing_the_same_digits_connect_the_screen_once(any_app: Flask, room: Room) -> None:
    with at(vietnam(8)):
        _token, screen = services.ask_pairing()
        digits, coordinator = screen.pairing_code, room.somebody("coordinator")
        db.session.rollback()
        answers = together(
            any_app,
            lambda: services.pair_screen(room.session, digits, actor=room.actor),
            lambda: services.pair_screen(room.session, digits, actor=coordinator),
        )
    assert sorted(str(answer) for answer in answers) == ["None", "screen.unknown_digits"]
    assert db.session.scalar(select(func.count(Screen.id)).where(Screen.paired_at.is_not(None))) == 1


def test_of_two_trainers_who_say_who_waits_there_one_is_right_and_one_mark_is_made(any_app: Flask, room: Room) -> None:
    asked = CheckinRequest(
        organisation_id=room.made.organisation_id,
        class_session_id=room.session_id,
        number=381,
        name="Lan Hoang",
        grant_nonce="nonce",
        browser_hash=b"two",
        source="room_code",
        scanned_at=vietnam(7, 41),
        created_at=vietnam(7, 43),
    )
    db.session.add(asked)
    db.session.commit()
    key, coordinator = asked.public_id, room.somebody("coordinator")
    db.session.rollback()
    with at(vietnam(8)):
        answers = together(
            any_app,
            lambda: services.match_request(room.session, key, room.places[0], actor=room.actor),
            lambda: services.match_request(room.session, key, room.places[1], actor=coordinator),
        )
    assert sorted(str(answer) for answer in answers) == ["None", "request.decided"]
    assert sorted(room.statuses()[:2], key=str) == [None, Status.PRESENT]
    assert db.session.scalar(select(func.count(Event.id))) == 1


def test_an_undo_that_races_a_second_scan_leaves_the_mark_that_its_events_give(any_app: Flask, room: Room) -> None:
    with at(vietnam(8)):
        room.mark(0)
        choice = Choice(room.places[0], next(line.event for line in room.lines() if line.enrolment == room.places[0]))
        db.session.rollback()
        together(
            any_app,
            lambda: services.undo_mark(room.session, choice, reason="mistake", actor=room.actor),
            lambda: scan(room, 0),
        )
        line = next(line for line in room.lines() if line.enrolment == room.places[0])
    undone = db.session.scalar(select(func.count(Event.id)).where(Event.kind == "undo"))
    source = "room_code" if undone else "hand"
    assert (line.status, line.source) == (Status.PRESENT, source)
    assert db.session.scalar(select(func.count(Event.id)).where(Event.kind == "scan")) == 1
