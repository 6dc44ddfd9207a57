"""Two coordinators press at the same instant: nobody meets an error, and what stays booked is what is planned."""

from flask import Flask
from sqlalchemy import select

from classroom.attendance.models import Register
from classroom.core.db import db
from classroom.sessions import services
from classroom.sessions.models import Booking, ClassSession, ClassTrainer
from classroom.sessions.rules.classes import CheckIn, ClassFacts
from classroom.sessions.rules.schedule import PlannedSession
from classroom.sessions.rules.times import TimeRange
from tests.factories import FIRST_DAY, RoomFactory, StaffFactory, VenueFactory, actor_for, at, make_class, vietnam
from tests.support.racing import together

TIMES = 6


def planned(app: Flask):
    """A class with its trainer, and a coordinator."""
    trainer = StaffFactory(role_names=("trainer",))
    made = make_class(trainer=trainer)
    trainer.organisation_id = made.organisation_id
    staff = StaffFactory()
    staff.organisation_id = made.organisation_id
    db.session.commit()
    return made.public_id, trainer, actor_for(staff), made


def facts(trainer) -> ClassFacts:
    return ClassFacts("L01", "", "", (trainer.public_id,), 100, CheckIn(10, 30, 15, True, False))


def test_a_class_that_is_saved_twice_at_once_is_saved(any_app: Flask) -> None:
    class_id, trainer, actor, _made = planned(any_app)
    wanted = facts(trainer)
    with at(vietnam(6)):
        together(any_app, [lambda: services.update_class(class_id, wanted, actor=actor).id] * TIMES)
    assert len(db.session.scalars(select(ClassTrainer)).all()) == 1


def test_sessions_that_are_added_at_once_get_numbers_of_their_own(any_app: Flask) -> None:
    class_id, _trainer, actor, _made = planned(any_app)
    day = FIRST_DAY.replace(day=20)

    def add(hour: int):
        times = (TimeRange(vietnam(hour).time(), vietnam(hour, 30).time()),)
        return lambda: services.add_session(class_id, PlannedSession(day, times), actor=actor).number

    numbers = together(any_app, [add(hour) for hour in range(10, 10 + TIMES)])
    assert sorted(numbers) == list(range(7, 7 + TIMES))


def test_a_session_is_booked_where_it_is_held_whoever_was_last(any_app: Flask) -> None:
    _class_id, _trainer, actor, made = planned(any_app)
    room = RoomFactory(venue=VenueFactory(organisation_id=made.organisation_id)).public_id
    keys = [one.public_id for one in made.sessions]

    def edit(session_id: str, room_id: str):
        return lambda: services.edit_session(session_id, "", room=room_id, actor=actor).id

    for key in keys:
        together(any_app, [edit(key, room), *[edit(key, "")] * 3])
    db.session.rollback()
    planned_in = dict(db.session.execute(select(ClassSession.id, ClassSession.room_id)).all())
    booked = db.session.execute(select(Booking.class_session_id, Booking.room_id).where(Booking.room_id.is_not(None)))
    assert dict(booked.all()) == {key: where for key, where in planned_in.items() if where}


def test_a_new_session_has_its_register_from_the_beginning(any_app: Flask) -> None:
    class_id, _trainer, actor, _made = planned(any_app)
    plan = PlannedSession(FIRST_DAY.replace(day=20), (TimeRange(vietnam(7).time(), vietnam(8).time()),))
    made = services.add_session(class_id, plan, actor=actor)
    assert db.session.scalars(select(Register.secret).where(Register.class_session_id == made.id)).one()
