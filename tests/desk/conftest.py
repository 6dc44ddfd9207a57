"""A province with two classes in the middle of their second day, and one that is none of its business."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from classroom.accounts.models import Organisation, Staff
from classroom.attendance.models import Event, Mark, Register
from classroom.core.db import db
from classroom.core.ids import public_id
from classroom.sessions import queries as sessions
from classroom.sessions.models import ClassSession, Course, Enrolment, TrainingClass
from tests.factories import (
    CourseFactory,
    OrganisationFactory,
    ProgrammeFactory,
    RoomFactory,
    StaffFactory,
    VenueFactory,
    make_class,
    sign_in,
    vietnam,
)

#: Names that break pages which trust them.
NASTY = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "{{ 7 * 7 }}",
    '=HYPERLINK("http://x")',
    "@SUM(1)",
)


@dataclass
class Town:
    """Everything that a test of the desk may need."""

    organisation: Organisation
    coordinator: Staff
    trainer: Staff
    viewer: Staff
    administrator: Staff
    stranger: Staff
    course: Course
    mine: TrainingClass
    other: TrainingClass

    def session(self, number: int, of: TrainingClass | None = None) -> ClassSession:
        return next(one for one in sessions.sessions_of(of or self.mine) if one.number == number)

    def roster(self, of: TrainingClass | None = None) -> list[Enrolment]:
        return list(sessions.roster((of or self.mine).id))


@pytest.fixture
def town(app: Flask) -> Town:
    organisation = OrganisationFactory(name="Sở Khoa học và Công nghệ")
    people = {role: StaffFactory(organisation=organisation, role_names=(role,)) for role in ROLES}
    course = CourseFactory(programme=ProgrammeFactory(organisation_id=organisation.id))
    room = RoomFactory(venue=VenueFactory(organisation_id=organisation.id, name="Nhà văn hóa"))
    mine = make_class(course=course, learners=12, trainer=people["trainer"], room_id=room.id, code="L01")
    return Town(
        organisation=organisation,
        coordinator=people["coordinator"],
        trainer=people["trainer"],
        viewer=people["viewer"],
        administrator=people["administrator"],
        stranger=StaffFactory(),
        course=course,
        mine=mine,
        other=make_class(course=course, learners=3, code="L02"),
    )


ROLES = ("coordinator", "trainer", "viewer", "administrator")


@pytest.fixture
def visit(app: Flask) -> Callable[[Staff], FlaskClient]:
    """A browser in which this person is signed in."""
    return lambda staff: sign_in(app.test_client(), staff)


def mark(one: ClassSession, enrolment: Enrolment, status: str, at: datetime | None = None, **facts: object) -> Mark:
    """A mark as it stands in the register, with the event that decided it."""
    when = at or one.starts_at
    event = Event(
        public_id=public_id(),
        class_session_id=one.id,
        enrolment_id=enrolment.id,
        kind="manual",
        status=status,
        at=when,
        recorded_at=when,
        source="hand",
    )
    db.session.add(event)
    db.session.flush()
    made = Mark(
        organisation_id=one.organisation_id,
        class_session_id=one.id,
        enrolment_id=enrolment.id,
        status=status,
        arrived_at=when if status in {"present", "late", "left_early"} else None,
        event_id=event.id,
        updated_at=when,
        **facts,
    )
    db.session.add(made)
    db.session.commit()
    return made


def settle(one: ClassSession, *, signed_off_by: Staff | None = None, head_count: int | None = None) -> Register:
    """Close the register of a session, and sign it off if somebody is named."""
    register = db.session.query(Register).filter_by(class_session_id=one.id).one()
    register.closed_at, register.closed_how, register.head_count = one.ends_at, "trainer", head_count
    if signed_off_by:
        register.signed_off_at, register.signed_off_by = one.ends_at, signed_off_by.id
    db.session.commit()
    return register


@pytest.fixture
def midday(town: Town) -> datetime:
    """Half past eight of the second day: two sessions are over, one is in the middle."""
    return vietnam(8, 30, day=town.session(3).held_on)
