"""Classes whose half-days were cancelled, replaced and added: restored, copied and numbered."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from flask import Flask

from classroom.core.actor import Actor
from classroom.sessions import queries, services
from classroom.sessions.models import TrainingClass
from classroom.sessions.rules.classes import ClassFacts
from classroom.sessions.rules.schedule import PlannedSession, day_number_on
from classroom.sessions.rules.times import AFTERNOON, MORNING
from tests.factories import FIRST_DAY, at, make_actor, vietnam
from tests.sessions.planning import course_of, plan_class

REASON = "Bão số 5"


@pytest.fixture
def coordinator(app: Flask) -> Iterator[Actor]:
    actor = make_actor("coordinator")
    with at(vietnam(8, day=date(2026, 10, 1))):
        yield actor


@pytest.fixture
def replaced(coordinator: Actor) -> TrainingClass:
    """A class whose first morning was cancelled, and planned again at the same time."""
    made = plan_class(coordinator, course_of(coordinator))
    services.cancel_session(queries.sessions_of(made)[0].public_id, REASON, actor=coordinator)
    services.add_session(made.public_id, PlannedSession(FIRST_DAY, MORNING, "Buổi bù"), actor=coordinator)
    return made


def held(made: TrainingClass) -> list[int]:
    return [one.number for one in queries.sessions_of(made) if one.cancelled_at is None]


def test_a_restored_class_leaves_cancelled_what_was_cancelled_on_its_own(
    coordinator: Actor, replaced: TrainingClass
) -> None:
    for _ in range(2):
        services.cancel_class(replaced.public_id, REASON, actor=coordinator)
        assert held(replaced) == []
        services.restore_class(replaced.public_id, actor=coordinator)
        assert held(replaced) == [7, 2, 3, 4, 5, 6]


def copy_of(made: TrainingClass, actor: Actor) -> list[tuple[str, str, int]]:
    copy = services.copy_class(made.public_id, ClassFacts("L02"), date(2026, 10, 22), actor=actor)
    return [(one.topic, one.part, one.held_on.day) for one in queries.sessions_of(copy)]


@pytest.mark.parametrize("class_cancelled", [False, True])
def test_a_copy_holds_what_replaced_a_cancelled_half_day_and_not_that_half_day(
    coordinator: Actor, replaced: TrainingClass, class_cancelled: bool
) -> None:
    if class_cancelled:
        services.cancel_class(replaced.public_id, REASON, actor=coordinator)
    copied = copy_of(replaced, coordinator)
    assert copied[:2] == [("Buổi bù", "morning", 22), ("", "afternoon", 22)]
    assert [day for _, _, day in copied] == [22, 22, 23, 23, 26, 26]


def test_a_class_of_which_every_half_day_was_cancelled_is_copied_whole(coordinator: Actor) -> None:
    made = plan_class(coordinator, course_of(coordinator))
    for one in queries.sessions_of(made):
        services.cancel_session(one.public_id, REASON, actor=coordinator)
    assert len(copy_of(made, coordinator)) == 6


def test_a_day_added_between_others_gets_a_number_of_its_own(coordinator: Actor) -> None:
    plan = [PlannedSession(FIRST_DAY + timedelta(days=n), MORNING) for n in (0, 2)]
    made = services.create_class(course_of(coordinator).public_id, ClassFacts("L01"), plan, actor=coordinator)
    between = FIRST_DAY + timedelta(days=1)
    for ranges in (MORNING, AFTERNOON):
        services.add_session(made.public_id, PlannedSession(between, ranges), actor=coordinator)
    services.add_session(made.public_id, PlannedSession(FIRST_DAY, AFTERNOON), actor=coordinator)
    sessions = queries.sessions_of(made)
    assert [(one.held_on.day, one.day_number) for one in sessions] == [(12, 1), (12, 1), (13, 3), (13, 3), (14, 2)]


@pytest.mark.parametrize(
    ("known", "number"),
    [
        ([], 1),
        ([(11, 1, False), (12, 2, False)], 2),
        ([(11, 1, False), (12, 1, True), (13, 2, False)], 3),
        ([(12, 1, True), (12, 1, True), (13, 2, False)], 1),
        ([(12, 2, False), (20, 2, True), (11, 1, False)], 2),
        ([(12, 2, False), (12, 1, True), (13, 3, False)], 2),
    ],
)
def test_a_day_keeps_its_number_whatever_was_moved_there_or_away(
    known: list[tuple[int, int, bool]], number: int
) -> None:
    days = [(date(2026, 10, day), its_number, moved) for day, its_number, moved in known]
    assert day_number_on(date(2026, 10, 12), days) == number
