"""The numbers of a course by class, intake, unit and day."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select

from classroom.certification.models import Certificate, UnitAlias
from classroom.certification.queries.outcomes import count_decisions, count_reasons
from classroom.core.db import db
from classroom.desk.queries.progress import gather
from classroom.desk.rules import statistics as rules
from classroom.sessions.models import Course


@dataclass(frozen=True, slots=True)
class CourseNumbers:
    """A course; reasons are codes, units come with the most certificates first."""

    course: Course
    classes: list[rules.Rate]
    days: list[tuple[date, rules.Rate]]
    intakes: list[rules.Completion]
    marks: list[rules.Marks]
    decisions: dict[str, int]
    reasons: list[tuple[str, int]]
    units: list[tuple[str, int]]


def course_numbers(course: Course, zone: str, at: datetime) -> CourseNumbers:
    """Everything of one course."""
    found = gather(course, at)
    classes = {key: name for key, _public_id, name in found.classes}
    intakes = {key: name for key, _public_id, name in found.intakes}
    reasons = count_reasons(course.id)
    return CourseNumbers(
        course,
        rules.attendance_by_class(found.sat, classes),
        rules.attendance_by_day(found.sat),
        rules.completion(found.online, intakes, zone),
        rules.marks_by_class(found.sat, found.results, classes),
        count_decisions(course.id),
        sorted(reasons.items(), key=lambda one: (-one[1], one[0])),
        _units(course),
    )


def _units(course: Course) -> list[tuple[str, int]]:
    """Living certificates by the unit that is printed on them."""
    spelled = func.min(Certificate.facts["unit"].as_string())
    rows = db.session.execute(
        select(Certificate.unit_fold, spelled, func.count())
        .where(Certificate.course_id == course.id, Certificate.state == "issued")
        .group_by(Certificate.unit_fold)
    ).all()
    aliases = select(UnitAlias.alias_fold, UnitAlias.unit).where(UnitAlias.organisation_id == course.organisation_id)
    canonical = {row[0]: row[1] for row in db.session.execute(aliases)}
    return rules.by_unit([(row[0], row[1] or "", row[2]) for row in rows], canonical)
