"""Programmes, places, classes and their sessions."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from classroom.audit.models import AuditEntry
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound, Refusal
from classroom.sessions import queries, services
from classroom.sessions.models import Booking, Course
from classroom.sessions.rules.classes import CheckIn, ClassFacts
from classroom.sessions.rules.schedule import PlannedSession
from classroom.sessions.rules.times import parse_ranges
from tests.factories import FIRST_DAY, StaffFactory, at, make_actor, vietnam
from tests.sessions.planning import course_of, plan_class, room_of

BEFORE = vietnam(8, day=date(2026, 10, 1))


@pytest.fixture
def coordinator(app: Flask) -> Iterator[Actor]:
    actor = make_actor("coordinator")
    with at(BEFORE):
        yield actor


@pytest.fixture
def course(coordinator: Actor) -> Course:
    return course_of(coordinator)


def trainer_of(actor: Actor, **facts: Any) -> Any:
    from classroom.accounts.models import Organisation

    return StaffFactory(
        organisation=db.session.get(Organisation, actor.organisation_id), role_names=("trainer",), **facts
    )


def refusal_of(action: Callable[[], object]) -> Refusal:
    with pytest.raises(Refusal) as refused:
        action()
    return refused.value


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_a_class_comes_with_its_sessions_times_trainer_and_bookings(coordinator: Actor, course: Course) -> None:
    room, trainer = room_of(coordinator), trainer_of(coordinator)
    made = plan_class(coordinator, course, room=room.public_id, trainers=(trainer.public_id,))
    sessions = queries.sessions_of(made)
    assert [(one.number, one.day_number, one.part) for one in sessions][:3] == [
        (1, 1, "morning"),
        (2, 1, "afternoon"),
        (3, 2, "morning"),
    ]
    assert sessions[0].starts_at == vietnam(7, 30)
    assert sessions[1].ends_at == vietnam(17)
    assert {one.trainer_id for one in sessions} == {trainer.id}
    assert len(db.session.scalars(select(Booking)).all()) == 12
    assert made.starts_on == FIRST_DAY
    assert actions() == ["class.created"]


def test_breaks_within_a_session_leave_the_room_free(coordinator: Actor, course: Course) -> None:
    room = room_of(coordinator)
    plan = [PlannedSession(FIRST_DAY, parse_ranges("07:30-09:00, 10:00-11:30"))]
    made = services.create_class(course.public_id, ClassFacts("L01", room=room.public_id), plan, actor=coordinator)
    taken = [(one.starts_at, one.ends_at) for one in db.session.scalars(select(Booking).order_by(Booking.starts_at))]
    assert taken == [(vietnam(7, 30), vietnam(9)), (vietnam(10), vietnam(11, 30))]
    assert queries.sessions_of(made)[0].ends_at == vietnam(11, 30)


def test_a_code_is_used_once_in_a_course_however_it_is_typed(coordinator: Actor, course: Course) -> None:
    plan_class(coordinator, course, "L01")
    plan_class(coordinator, course, "Đợt 1")
    assert refusal_of(lambda: plan_class(coordinator, course, " l01 ")).code == "class.code_taken"
    assert refusal_of(lambda: plan_class(coordinator, course, "ĐỢT 1")).code == "class.code_taken"
    plan_class(coordinator, course_of(coordinator), "L01")


def test_a_refused_class_leaves_nothing_behind(coordinator: Actor, course: Course) -> None:
    room = room_of(coordinator)
    plan_class(coordinator, course, "L01", room=room.public_id)
    refused = refusal_of(lambda: plan_class(coordinator, course, "L02", room=room.public_id))
    assert refused.code == "booking.room_taken"
    assert (refused.details["name"], refused.details["class_code"]) == (room.name, "L01")
    assert (refused.details["day"], refused.details["times"]) == (FIRST_DAY, "07:30–11:30")
    assert queries.find_class_by_code(course.id, "L02") is None
    assert actions() == ["class.created"]


def test_more_than_a_hundred_seats_are_given_only_knowingly(coordinator: Actor, course: Course) -> None:
    assert refusal_of(lambda: plan_class(coordinator, course, capacity=101)).code == "class.capacity_large"
    assert plan_class(coordinator, course, capacity=101, knowingly=True).capacity == 101


@pytest.mark.parametrize(
    "settings",
    [CheckIn(code_period=4), CheckIn(code_period=61), CheckIn(late_after=-1), CheckIn(left_early_before=241)],
)
def test_check_in_settings_under_which_nobody_could_come_are_refused(
    coordinator: Actor, course: Course, settings: CheckIn
) -> None:
    assert refusal_of(lambda: plan_class(coordinator, course, check_in=settings)).code.startswith("class.")


def test_a_trainer_or_room_of_another_organisation_does_not_exist(coordinator: Actor, course: Course) -> None:
    stranger = make_actor("coordinator")
    foreign_room, foreign_trainer = room_of(stranger), trainer_of(stranger)
    for facts in ({"room": foreign_room.public_id}, {"trainers": (foreign_trainer.public_id,)}):
        with pytest.raises(NotFound):
            plan_class(coordinator, course, **facts)
    with pytest.raises(NotFound):
        plan_class(stranger, course)


def test_a_class_that_changes_its_room_takes_only_sessions_to_come_along(coordinator: Actor, course: Course) -> None:
    old, new = room_of(coordinator), room_of(coordinator)
    made = plan_class(coordinator, course, room=old.public_id)
    with at(vietnam(12)):
        services.update_class(made.public_id, ClassFacts("L01", room=new.public_id), actor=coordinator)
    assert [one.room_id for one in queries.sessions_of(made)] == [old.id] + [new.id] * 5


def test_sessions_of_a_trainer_who_leaves_go_to_the_new_one(coordinator: Actor, course: Course) -> None:
    first, second = trainer_of(coordinator), trainer_of(coordinator)
    made = plan_class(coordinator, course, trainers=(first.public_id,))
    services.update_class(made.public_id, ClassFacts("L01", trainers=(second.public_id,)), actor=coordinator)
    assert {one.trainer_id for one in queries.sessions_of(made)} == {second.id}
    assert [one.staff_id for one in queries.get_class(coordinator, made.public_id).trainers] == [second.id]


def test_a_copy_keeps_topics_and_times_and_has_no_learners(coordinator: Actor, course: Course) -> None:
    room = room_of(coordinator)
    source = plan_class(coordinator, course, room=room.public_id)
    first = queries.sessions_of(source)[0]
    services.edit_session(first.public_id, "Dịch vụ công", room=room.public_id, actor=coordinator)
    copy = services.copy_class(
        source.public_id, ClassFacts("L02", room=room.public_id), date(2026, 10, 22), actor=coordinator
    )
    sessions = queries.sessions_of(copy)
    assert sessions[0].topic == "Dịch vụ công"
    assert [one.held_on.day for one in sessions] == [22, 22, 23, 23, 26, 26]
    assert sessions[5].starts_at == vietnam(13, 30, day=date(2026, 10, 26))
    assert queries.seats_taken(copy.id) == 0


def test_a_cancelled_class_keeps_what_was_held_and_frees_the_rest(coordinator: Actor, course: Course) -> None:
    made = plan_class(coordinator, course, room=room_of(coordinator).public_id)
    with at(vietnam(12)):
        services.cancel_class(made.public_id, "Bão số 5", actor=coordinator)
        sessions = queries.sessions_of(made)
        assert [bool(one.cancelled_at) for one in sessions] == [False] + [True] * 5
        assert {one.class_session_id for one in db.session.scalars(select(Booking))} == {sessions[0].id}
        again = refusal_of(lambda: services.cancel_class(made.public_id, "…", actor=coordinator))
        assert again.code == "class.cancelled"
        services.restore_class(made.public_id, actor=coordinator)
    assert not any(one.cancelled_at for one in queries.sessions_of(made))
    assert len(db.session.scalars(select(Booking)).all()) == 6


def test_a_moved_session_stays_the_same_planned_session(coordinator: Actor, course: Course) -> None:
    made = plan_class(coordinator, course, room=room_of(coordinator).public_id)
    first = queries.sessions_of(made)[0]
    moved = services.move_session(
        first.public_id, FIRST_DAY + timedelta(days=7), parse_ranges("13:00-16:00"), "Mất điện", actor=coordinator
    )
    assert (moved.number, moved.day_number, moved.part) == (1, 1, "afternoon")
    assert moved.starts_at == vietnam(13, day=date(2026, 10, 19))
    assert len(moved.ranges) == 1
    booked = db.session.scalars(select(Booking).where(Booking.class_session_id == first.id)).one()
    assert booked.starts_at == moved.starts_at
    assert moved.move_reason == "Mất điện"


def test_a_class_starts_on_the_first_day_that_is_held(coordinator: Actor, course: Course) -> None:
    made = plan_class(coordinator, course)
    for one in queries.sessions_of(made)[:2]:
        services.cancel_session(one.public_id, "Bão", actor=coordinator)
    assert queries.get_class(coordinator, made.public_id).starts_on == FIRST_DAY + timedelta(days=1)


def test_a_session_is_not_moved_onto_another_one_of_its_class(coordinator: Actor, course: Course) -> None:
    made = plan_class(coordinator, course)
    first = queries.sessions_of(made)[0]
    refused = refusal_of(
        lambda: services.move_session(first.public_id, FIRST_DAY, parse_ranges("13:00-14:00"), "x", actor=coordinator)
    )
    assert (refused.code, refused.details["number"]) == ("session.overlaps_own", 2)
    assert queries.get_session(coordinator, first.public_id).starts_at == vietnam(7, 30)


def test_a_reason_is_asked_for(coordinator: Actor, course: Course) -> None:
    made = plan_class(coordinator, course)
    first = queries.sessions_of(made)[0]
    assert refusal_of(lambda: services.cancel_session(first.public_id, " ", actor=coordinator)).code == "reason.missing"
    assert refusal_of(lambda: services.cancel_class(made.public_id, "", actor=coordinator)).code == "reason.missing"


def test_a_cancelled_session_can_come_back_while_its_room_is_free(coordinator: Actor, course: Course) -> None:
    room = room_of(coordinator)
    first = queries.sessions_of(plan_class(coordinator, course, room=room.public_id))[0]
    services.cancel_session(first.public_id, "Bão", actor=coordinator)
    assert services.restore_session(first.public_id, actor=coordinator).cancelled_at is None
    services.cancel_session(first.public_id, "Bão", actor=coordinator)
    plan_class(coordinator, course, "L02", room=room.public_id, days=1, first_day=date(2026, 11, 2))
    other = queries.sessions_of(queries.find_class_by_code(course.id, "L02"))[0]  # type: ignore[arg-type]
    services.move_session(other.public_id, FIRST_DAY, parse_ranges("08:00-09:00"), "Đổi lịch", actor=coordinator)
    refused = refusal_of(lambda: services.restore_session(first.public_id, actor=coordinator))
    assert (refused.code, refused.details["class_code"]) == ("booking.room_taken", "L02")


def test_a_substitute_takes_the_place_of_the_trainer(coordinator: Actor, course: Course) -> None:
    trainer, substitute = trainer_of(coordinator), trainer_of(coordinator)
    first = queries.sessions_of(plan_class(coordinator, course, trainers=(trainer.public_id,)))[0]
    services.edit_session(
        first.public_id, "", trainer=trainer.public_id, substitute=substitute.public_id, actor=coordinator
    )
    booked = db.session.scalars(select(Booking).where(Booking.class_session_id == first.id)).one()
    assert booked.trainer_id == substitute.id


def test_one_more_session_gets_the_next_number(coordinator: Actor, course: Course) -> None:
    made = plan_class(coordinator, course)
    extra = services.add_session(
        made.public_id, PlannedSession(FIRST_DAY, parse_ranges("18:00-20:00"), "Ôn tập"), actor=coordinator
    )
    assert (extra.number, extra.day_number, extra.part) == (7, 1, "evening")


@pytest.fixture
def veto() -> Iterator[list[tuple[int, str]]]:
    """A higher room that lets no session be moved or cancelled."""
    asked: list[tuple[int, str]] = []

    def refuse(class_session_id: int, change: str) -> None:
        asked.append((class_session_id, change))
        raise Refusal("register.opened")

    signals.class_session_changing.connect(refuse)
    yield asked
    signals.class_session_changing._receivers.remove(refuse)


def test_a_higher_room_may_forbid_to_move_or_cancel_a_session(
    coordinator: Actor, course: Course, veto: list[tuple[int, str]]
) -> None:
    made = plan_class(coordinator, course)
    first = queries.sessions_of(made)[0]
    key, public_id = first.id, first.public_id
    times = parse_ranges("08:00-09:00")
    for action in (
        lambda: services.move_session(public_id, FIRST_DAY, times, "x", actor=coordinator),
        lambda: services.cancel_session(public_id, "x", actor=coordinator),
        lambda: services.cancel_class(made.public_id, "x", actor=coordinator),
    ):
        assert refusal_of(action).code == "register.opened"
    assert veto == [(key, "move"), (key, "cancel"), (key, "cancel")]
    assert queries.get_session(coordinator, public_id).cancelled_at is None


def test_names_of_programmes_courses_venues_and_rooms_are_used_once(coordinator: Actor) -> None:
    programme = services.create_programme("Kỹ năng số", actor=coordinator)
    venue = services.create_venue("Trung tâm", actor=coordinator)
    services.create_course(programme.public_id, "Cơ bản", 6, 5, actor=coordinator)
    services.add_room(venue.public_id, "P1", 80, actor=coordinator)
    for action, code in (
        (lambda: services.create_programme(" Kỹ  năng số", actor=coordinator), "programme.name_taken"),
        (lambda: services.create_course(programme.public_id, "Cơ bản", 6, 5, actor=coordinator), "course.name_taken"),
        (lambda: services.create_venue("Trung tâm", actor=coordinator), "venue.name_taken"),
        (lambda: services.add_room(venue.public_id, "P1", actor=coordinator), "room.name_taken"),
    ):
        assert refusal_of(action).code == code
    services.create_programme("Kỹ năng số", actor=make_actor("coordinator"))


@pytest.mark.parametrize(("planned", "required"), [(6, 7), (0, 0), (6, 0), (61, 5)])
def test_no_more_can_be_required_than_is_held(coordinator: Actor, planned: int, required: int) -> None:
    programme = services.create_programme("Kỹ năng số", actor=coordinator)
    refused = refusal_of(
        lambda: services.create_course(programme.public_id, "Cơ bản", planned, required, actor=coordinator)
    )
    assert refused.code == "course.sessions"


def test_an_archived_room_is_offered_no_more(coordinator: Actor) -> None:
    room = room_of(coordinator)
    services.archive_room(room.public_id, actor=coordinator)
    assert queries.room_choices(coordinator) == []
    assert [one.id for one in queries.room_choices(coordinator, keep=[room.id])] == [room.id]
    services.archive_room(room.public_id, archived=False, actor=coordinator)
    services.archive_venue(room.venue.public_id, actor=coordinator)
    assert queries.room_choices(coordinator) == []
