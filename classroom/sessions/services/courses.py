"""Set up programmes and their courses."""

from datetime import date

from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.sessions import queries
from classroom.sessions.models import Course, Programme
from classroom.sessions.rules.classes import check_course
from classroom.sessions.services.refusing import constraint


def create_programme(
    name: str, *, actor: Actor, starts_on: date | None = None, ends_on: date | None = None
) -> Programme:
    """A new programme without courses; raises `programme.name_taken`."""
    with transaction() as session:
        made = Programme(organisation_id=actor.organisation_id, created_at=now())
        _fill_programme(session, made, name, starts_on, ends_on)
        record("programme.created", "programme", made.id, actor=actor, facts={"name": made.name})
        return made


def update_programme(
    programme_id: str,
    name: str,
    *,
    actor: Actor,
    starts_on: date | None = None,
    ends_on: date | None = None,
    closed: bool = False,
) -> Programme:
    """Change name and dates, or close it: a closed programme stands at the end of lists."""
    with transaction() as session:
        found = queries.get_programme(actor, programme_id)
        _fill_programme(session, found, name, starts_on, ends_on)
        found.closed_at = (found.closed_at or now()) if closed else None
        record("programme.changed", "programme", found.id, actor=actor, facts={"name": found.name, "closed": closed})
        return found


def create_course(programme_id: str, name: str, planned: int, required: int, *, actor: Actor) -> Course:
    """A new course: `planned` half-days, of which `required` must be attended; raises `course.name_taken`."""
    with transaction() as session:
        programme = queries.get_programme(actor, programme_id)
        made = Course(organisation_id=actor.organisation_id, programme_id=programme.id, created_at=now())
        _fill_course(session, made, name, planned, required)
        record("course.created", "course", made.id, actor=actor, facts=_course_facts(made))
        return made


def update_course(course_id: str, name: str, planned: int, required: int, *, actor: Actor) -> Course:
    """Change a course; classes that exist keep their sessions."""
    with transaction() as session:
        found = queries.get_course(actor, course_id)
        _fill_course(session, found, name, planned, required)
        record("course.changed", "course", found.id, actor=actor, facts=_course_facts(found))
        return found


def _fill_programme(
    session: Session, programme: Programme, name: str, starts_on: date | None, ends_on: date | None
) -> None:
    if starts_on and ends_on and ends_on < starts_on:
        raise Invalid("programme.dates")
    marks = ("programme.organisation_id, programme.name", "uq_programme_organisation_id_name")
    with constraint(session, *marks, refusal=Refusal("programme.name_taken")):
        programme.name = clean_name(name)
        programme.starts_on = starts_on
        programme.ends_on = ends_on
        session.add(programme)


def _fill_course(session: Session, course: Course, name: str, planned: int, required: int) -> None:
    check_course(planned, required)
    marks = ("course.programme_id, course.name", "uq_course_programme_id_name")
    with constraint(session, *marks, refusal=Refusal("course.name_taken")):
        course.name = clean_name(name)
        course.sessions_planned = planned
        course.sessions_required = required
        session.add(course)


def _course_facts(course: Course) -> dict[str, object]:
    return {"name": course.name, "planned": course.sessions_planned, "required": course.sessions_required}
