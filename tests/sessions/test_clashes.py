"""One room or trainer in two places at once: shown, and refused by the database even in a race."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from classroom.accounts.models import Organisation
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import Refusal
from classroom.sessions import queries, services
from classroom.sessions.models import Booking, Course, TrainingClass
from classroom.sessions.rules.schedule import Span
from classroom.sessions.rules.times import parse_ranges
from tests.factories import StaffFactory, make_actor, vietnam
from tests.sessions.planning import course_of, plan_class, room_of
from tests.support.racing import together

ANOTHER_WEEK = date(2026, 10, 19)


@pytest.fixture
def coordinator(any_app: Flask) -> Actor:
    return make_actor("coordinator")


def trainer_of(actor: Actor) -> Any:
    return StaffFactory(organisation=db.session.get(Organisation, actor.organisation_id), role_names=("trainer",))


def at_once(app: Flask, *actions: Callable[[], object]) -> list[object]:
    """Run each action on a thread and in a context of its own, starting together; give "done" or refusals."""

    def attempt(action: Callable[[], object]) -> object:
        try:
            action()
        except Refusal as refused:
            return refused
        return "done"

    results = together(app, [partial(attempt, action) for action in actions])
    db.session.rollback()
    return results


def drop_guards() -> None:
    """Take the database's own refusal away, to see that it is what refuses."""
    for resource in ("room", "trainer"):
        if db.engine.dialect.name == "sqlite":
            db.session.execute(text(f"DROP TRIGGER booking_{resource}_free_insert"))
            db.session.execute(text(f"DROP TRIGGER booking_{resource}_free_update"))
        else:
            db.session.execute(text(f"ALTER TABLE booking DROP CONSTRAINT ex_booking_{resource}"))
    db.session.commit()


@pytest.fixture(params=["room", "trainer"])
def rivals(
    request: pytest.FixtureRequest, any_app: Flask, coordinator: Actor
) -> tuple[Flask, str, list[Callable[[], object]]]:
    """Four coordinators who each plan a class into the same room, or with the same trainer."""
    courses: list[Course] = [course_of(coordinator) for _ in range(4)]
    facts: dict[str, Any] = (
        {"room": room_of(coordinator).public_id}
        if request.param == "room"
        else {"trainers": (trainer_of(coordinator).public_id,)}
    )
    keys = [one.public_id for one in courses]
    db.session.commit()

    def plan(key: str) -> Callable[[], object]:
        return lambda: plan_class(coordinator, queries.get_course(coordinator, key), **facts)

    return any_app, request.param, [plan(key) for key in keys]


def classes_made() -> int:
    return db.session.scalar(select(func.count(TrainingClass.id))) or 0


def test_of_coordinators_who_take_one_room_or_trainer_at_once_one_wins(
    rivals: tuple[Flask, str, list[Callable[[], object]]],
) -> None:
    app, kind, actions = rivals
    results = at_once(app, *actions)
    refused = [one for one in results if isinstance(one, Refusal)]
    assert results.count("done") == 1
    assert [(one.code, one.details["class_code"]) for one in refused] == [(f"booking.{kind}_taken", "L01")] * 3
    assert classes_made() == 1


def test_without_the_database_guard_all_of_them_would_win(
    rivals: tuple[Flask, str, list[Callable[[], object]]],
) -> None:
    app, _kind, actions = rivals
    drop_guards()
    assert at_once(app, *actions) == ["done"] * 4
    assert classes_made() == 4


def test_two_who_need_each_other_s_room_and_trainer_are_answered_not_locked(any_app: Flask, coordinator: Actor) -> None:
    rooms = [room_of(coordinator).public_id for _ in range(2)]
    trainers = [trainer_of(coordinator).public_id for _ in range(2)]
    keys = [course_of(coordinator).public_id for _ in range(2)]

    def plan(key: str, room: str, trainer: str) -> Callable[[], object]:
        course = queries.get_course(coordinator, key)
        return lambda: plan_class(coordinator, course, room=room, trainers=(trainer,))

    results = at_once(any_app, plan(keys[0], rooms[0], trainers[1]), plan(keys[1], rooms[0], trainers[1]))
    assert results.count("done") == 1
    assert at_once(
        any_app,
        lambda: plan_class(
            coordinator,
            queries.get_course(coordinator, keys[0]),
            "L08",
            first_day=ANOTHER_WEEK,
            room=rooms[0],
            trainers=(trainers[0],),
        ),
        lambda: plan_class(
            coordinator,
            queries.get_course(coordinator, keys[1]),
            "L09",
            first_day=ANOTHER_WEEK,
            room=rooms[1],
            trainers=(trainers[1],),
        ),
    ) == ["done", "done"]


def test_sessions_that_follow_each_other_share_a_room(any_app: Flask, coordinator: Actor) -> None:
    course, room = course_of(coordinator), room_of(coordinator)
    plan_class(coordinator, course, "L01", room=room.public_id, days=1)
    db.session.rollback()
    booked = db.session.scalars(select(Booking)).all()
    assert {(one.starts_at, one.ends_at) for one in booked} == {
        (vietnam(7, 30), vietnam(11, 30)),
        (vietnam(13, 30), vietnam(17)),
    }
    wishes = [
        queries.Wish(Span(vietnam(11, 30), vietnam(13, 30)), room_id=room.id),
        queries.Wish(Span(vietnam(11, 29), vietnam(13)), room_id=room.id),
    ]
    found = queries.clashes(wishes)
    assert [(one.kind, one.name, one.class_code, one.starts_at) for one in found] == [
        ("room", room.name, "L01", vietnam(7, 30))
    ]
    taken = [one.class_session_id for one in booked]
    assert queries.clashes(wishes, but_for=taken) == []


def test_two_who_move_sessions_to_one_time_are_told_who_was_first(any_app: Flask, coordinator: Actor) -> None:
    room = room_of(coordinator)
    ids = []
    for number in (1, 2):
        made = plan_class(
            coordinator,
            course_of(coordinator),
            f"L0{number}",
            room=room.public_id,
            first_day=date(2026, 10, 5 + 7 * number),
        )
        ids.append(queries.sessions_of(made)[0].public_id)
    db.session.rollback()

    def move(public_id: str) -> Callable[[], object]:
        times = parse_ranges("07:30-11:30")
        return lambda: services.move_session(public_id, date(2026, 11, 2), times, "Đổi lịch", actor=coordinator)

    results = at_once(any_app, *(move(one) for one in ids))
    assert results.count("done") == 1
    assert [one.code for one in results if isinstance(one, Refusal)] == ["booking.room_taken"]
