"""What tests of schedules are made of."""

from datetime import date
from typing import Any

from classroom.core.actor import Actor
from classroom.sessions import services
from classroom.sessions.models import Course, TrainingClass
from classroom.sessions.rules.classes import ClassFacts
from classroom.sessions.rules.schedule import default_plan
from classroom.sessions.rules.times import AFTERNOON, MORNING
from tests.factories import FIRST_DAY, CourseFactory, ProgrammeFactory, RoomFactory, VenueFactory


def course_of(actor: Actor) -> Course:
    programme: Any = ProgrammeFactory(organisation_id=actor.organisation_id)
    course: Course = CourseFactory(programme=programme)
    return course


def room_of(actor: Actor, **facts: Any) -> Any:
    return RoomFactory(venue=VenueFactory(organisation_id=actor.organisation_id), **facts)


def plan_class(
    actor: Actor,
    course: Course,
    code: str = "L01",
    *,
    first_day: date = FIRST_DAY,
    days: int = 3,
    knowingly: bool = False,
    **facts: Any,
) -> TrainingClass:
    """A class made as a coordinator makes it: three days of morning and afternoon."""
    plan = default_plan(first_day, days, (MORNING, AFTERNOON))
    return services.create_class(course.public_id, ClassFacts(code, **facts), plan, actor=actor, knowingly=knowingly)
