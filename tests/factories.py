"""Make rows that a test needs, committed, so that a refusal's rollback does not eat them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import factory
from factory.alchemy import SQLAlchemyModelFactory
from flask.testing import FlaskClient

from classroom.accounts import queries as accounts
from classroom.accounts import services as accounts_services
from classroom.accounts.models import Organisation, Staff, StaffRole, Tablet
from classroom.attendance.models import Register
from classroom.core.actor import Actor
from classroom.core.clock import instant
from classroom.core.db import db
from classroom.core.names import fold, sort_key
from classroom.core.signing import random_secret
from classroom.learners.models import Learner
from classroom.sessions.models import (
    ClassSession,
    ClassTrainer,
    Course,
    Enrolment,
    Programme,
    Room,
    SessionRange,
    TrainingClass,
    Venue,
)

LONG_AGO = datetime(2026, 1, 5, tzinfo=UTC)
FIRST_DAY = date(2026, 10, 12)
PARTS = (("morning", time(7, 30), time(11, 30)), ("afternoon", time(13, 30), time(17, 0)))
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class Factory(SQLAlchemyModelFactory):
    class Meta:
        abstract = True
        sqlalchemy_session_factory = lambda: db.session  # noqa: E731
        sqlalchemy_session_persistence = "commit"


class OrganisationFactory(Factory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Sở Khoa học và Công nghệ {n}")
    parent_name = "UBND TỈNH NGHỆ AN"
    place = "Nghệ An"
    created_at = LONG_AGO


class StaffFactory(Factory):
    """`roles=["trainer"]` gives roles; `organisation=` the organisation."""

    class Meta:
        model = Staff
        exclude = ("role_names",)

    organisation = factory.SubFactory(OrganisationFactory)
    username = factory.Sequence(lambda n: f"staff{n}")
    name = factory.Sequence(lambda n: f"Nguyễn Thị Cán Bộ {n}")
    sort_key = factory.LazyAttribute(lambda made: sort_key(made.name))
    role_names: tuple[str, ...] = ("coordinator",)
    roles = factory.LazyAttribute(lambda made: [StaffRole(role=role) for role in made.role_names])
    created_at = LONG_AGO


class TabletFactory(Factory):
    class Meta:
        model = Tablet
        exclude = ("organisation",)

    organisation = factory.SubFactory(OrganisationFactory)
    organisation_id = factory.SelfAttribute("organisation.id")
    name = factory.Sequence(lambda n: f"Máy {n:02}")
    created_at = LONG_AGO


class LearnerFactory(Factory):
    class Meta:
        model = Learner

    organisation_id = factory.LazyFunction(lambda: OrganisationFactory().id)
    code = factory.Sequence(lambda n: f"{n:08d}")
    name = factory.Sequence(lambda n: f"Nguyễn Văn Học {n}")
    name_fold = factory.LazyAttribute(lambda made: fold(made.name))
    sort_key = factory.LazyAttribute(lambda made: sort_key(made.name))
    phone = factory.Sequence(lambda n: f"+849{n:08d}")
    id_number = factory.Sequence(lambda n: f"040085{n:06d}")
    unit = "UBND xã Đô Lương"
    unit_fold = factory.LazyAttribute(lambda made: fold(made.unit))
    created_at = LONG_AGO
    updated_at = LONG_AGO


class ProgrammeFactory(Factory):
    class Meta:
        model = Programme

    organisation_id = factory.LazyFunction(lambda: OrganisationFactory().id)
    name = factory.Sequence(lambda n: f"Bồi dưỡng kỹ năng số {n}")
    created_at = LONG_AGO


class CourseFactory(Factory):
    class Meta:
        model = Course

    programme = factory.SubFactory(ProgrammeFactory)
    organisation_id = factory.SelfAttribute("programme.organisation_id")
    name = factory.Sequence(lambda n: f"Kỹ năng số cơ bản {n}")
    created_at = LONG_AGO


class VenueFactory(Factory):
    class Meta:
        model = Venue

    organisation_id = factory.LazyFunction(lambda: OrganisationFactory().id)
    name = factory.Sequence(lambda n: f"Trung tâm Văn hóa {n}")


class RoomFactory(Factory):
    class Meta:
        model = Room

    venue = factory.SubFactory(VenueFactory)
    organisation_id = factory.SelfAttribute("venue.organisation_id")
    name = factory.Sequence(lambda n: f"Phòng {n}")
    seats = 120


class TrainingClassFactory(Factory):
    """A class without sessions; `make_class` gives one that can be taught."""

    class Meta:
        model = TrainingClass

    course = factory.SubFactory(CourseFactory)
    organisation_id = factory.SelfAttribute("course.organisation_id")
    code = factory.Sequence(lambda n: f"L{n:02d}")
    starts_on = FIRST_DAY
    created_at = LONG_AGO


class EnrolmentFactory(Factory):
    class Meta:
        model = Enrolment

    training_class = factory.SubFactory(TrainingClassFactory)
    organisation_id = factory.SelfAttribute("training_class.organisation_id")
    course_id = factory.SelfAttribute("training_class.course_id")
    learner = factory.LazyAttribute(lambda made: LearnerFactory(organisation_id=made.organisation_id))
    enrolled_at = LONG_AGO
    effective_from = LONG_AGO


def make_class(
    *,
    course: Course | None = None,
    days: int = 3,
    first_day: date = FIRST_DAY,
    learners: int = 0,
    trainer: Staff | None = None,
    **facts: Any,
) -> TrainingClass:
    """A class with its half-days (07:30–11:30, 13:30–17:00 in Việt Nam), its trainer and enrolled learners."""
    made = TrainingClassFactory(course=course or CourseFactory(), starts_on=first_day, **facts)
    if trainer:
        db.session.add(ClassTrainer(class_id=made.id, staff_id=trainer.id, position=0))
    for index in range(days * 2):
        add_session(made, index, trainer)
    db.session.commit()
    for _ in range(learners):
        EnrolmentFactory(training_class=made)
    return made


def add_session(made: TrainingClass, index: int, trainer: Staff | None = None) -> ClassSession:
    """The half-day with this index (0 = first morning)."""
    part, starts, ends = PARTS[index % 2]
    day = made.starts_on + timedelta(days=index // 2)
    starts_at, ends_at = (instant(day, at, "Asia/Ho_Chi_Minh") for at in (starts, ends))
    class_session = ClassSession(
        organisation_id=made.organisation_id,
        class_id=made.id,
        number=index + 1,
        day_number=index // 2 + 1,
        part=part,
        held_on=day,
        starts_at=starts_at,
        ends_at=ends_at,
        trainer_id=trainer.id if trainer else None,
        room_id=made.room_id,
        ranges=[SessionRange(starts_at=starts_at, ends_at=ends_at)],
    )
    db.session.add(class_session)
    db.session.flush()
    db.session.add(
        Register(organisation_id=made.organisation_id, class_session_id=class_session.id, secret=random_secret())
    )
    return class_session


def actor_for(staff: Staff) -> Actor:
    """What this member of staff may do now."""
    return accounts.actor_of(staff, datetime.now(UTC))


def make_actor(*roles: str, organisation: Organisation | None = None) -> Actor:
    """Somebody with these roles."""
    return actor_for(StaffFactory(role_names=roles, organisation=organisation or OrganisationFactory()))


def sign_in(client: FlaskClient, staff: Staff) -> FlaskClient:
    """Give the client the cookie of a fresh session of this member of staff."""
    client.set_cookie("classroom", accounts_services.start_session(staff))
    return client


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Stop the clock at an instant."""
    import time_machine

    with time_machine.travel(moment, tick=False):
        yield


def vietnam(hour: int, minute: int = 0, second: int = 0, *, day: date = FIRST_DAY) -> datetime:
    """An instant told by a clock in Việt Nam."""
    return instant(day, time(hour, minute, second), "Asia/Ho_Chi_Minh")
