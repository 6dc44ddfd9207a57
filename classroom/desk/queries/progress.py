"""How far the people of a programme have come: a number of statements that does not grow with them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, select

from classroom.attendance.queries.credits import course_attendance
from classroom.attendance.rules.sat import SatCourse
from classroom.certification.models import Certificate, Outcome
from classroom.certification.queries.outcomes import groups_of
from classroom.certification.queries.rules import find_rule, papers_of, proposed_rule
from classroom.certification.rules.course_rules import CourseRule
from classroom.core.clock import instant, local
from classroom.core.db import db
from classroom.desk.rules.progress import Known, OnlineLine, Progress, weigh
from classroom.exams.queries.outcomes import FinalResult, final_results
from classroom.learners.models import Learner
from classroom.online.models import Account, Intake, OnlineRecord
from classroom.online.queries.facts import held_learners
from classroom.sessions.models import Course

_MOST_KEYS = 400


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A course with its numbers, and its classes and intakes: key, public id, name."""

    course: Course
    progress: Progress
    classes: list[tuple[int, str, str]]
    intakes: list[tuple[int, str, str]]
    has_rule: bool

    def group(self, class_id: int | None, intake_id: int | None) -> str:
        """The name of a class or an intake."""
        wanted, among = (class_id, self.classes) if class_id else (intake_id, self.intakes)
        return next((name for key, _public_id, name in among if key == wanted), "")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is known of everybody of a course; `sat` and `online` are of living learners alone."""

    course: Course
    known: Known
    sat: dict[int, SatCourse]
    online: list[OnlineLine]
    classes: list[tuple[int, str, str]]
    intakes: list[tuple[int, str, str]]
    results: dict[int, FinalResult]
    has_rule: bool


def gather(course: Course, at: datetime) -> Gathered:
    """Read everything once."""
    organisation_id = course.organisation_id
    version = find_rule(course.id)
    rule = CourseRule.from_json(version.rule) if version else proposed_rule(course)
    gone = _gone(organisation_id)
    sat = course_attendance(organisation_id, course.id, at)
    results = _results(course, rule)
    known = Known(
        rule.in_person.sessions if rule.in_person else course.sessions_required,
        rule.online.score if rule.online else None,
        {key: "pass" if each.passed else "fail" for key, each in results.items()},
        _decided(course.id),
        _certified(course.id),
        held_learners(organisation_id, course.id).keys(),
    )
    return Gathered(
        course,
        known,
        {key: place for key, place in sat.items() if key not in gone},
        [line for line in _online(organisation_id, course.id) if line.learner_id not in gone],
        *groups_of(course.id),
        {key: each for key, each in results.items() if key not in gone},
        version is not None,
    )


def course_progress(course: Course, zone: str, at: datetime) -> CourseLine:
    """Everybody of a course, in rooms and online."""
    found = gather(course, at)

    def limits(issued_on: date, days: int) -> tuple[datetime, datetime]:
        return instant(issued_on, time(), zone), instant(issued_on + timedelta(days + 1), time(), zone)

    progress = weigh(found.known, found.sat, found.online, local(at, zone).date(), limits)
    return CourseLine(course, progress, found.classes, found.intakes, found.has_rule)


def people(organisation_id: int, keys: Collection[int]) -> dict[int, Row[Any]]:
    """Name, phone and unit by key; where there are too many to ask for one by one, all are read and these are kept."""
    query = select(
        Learner.id, Learner.public_id, Learner.code, Learner.name, Learner.phone, Learner.unit, Learner.sort_key
    ).where(Learner.organisation_id == organisation_id)
    if len(keys) <= _MOST_KEYS:
        query = query.where(Learner.id.in_(set(keys)))
    wanted = set(keys)
    return {row.id: row for row in db.session.execute(query) if row.id in wanted}


def _gone(organisation_id: int) -> set[int]:
    query = select(Learner.id).where(Learner.organisation_id == organisation_id, Learner.annulled_at.is_not(None))
    return set(db.session.scalars(query))


def _results(course: Course, rule: CourseRule) -> dict[int, FinalResult]:
    """The result by learner: of the paper that the rule names, else the best of any paper of the course."""
    named = rule.in_person.paper if rule.in_person else ""
    papers: Sequence[Any] = [each for each in papers_of(course.id) if not named or each.public_id == named]
    found: dict[int, FinalResult] = {}
    for results in final_results(course.organisation_id, [each.id for each in papers]).values():
        for learner_id, result in results.items():
            if learner_id not in found or (result.passed, result.percent) > (
                found[learner_id].passed,
                found[learner_id].percent,
            ):
                found[learner_id] = result
    return found


def _decided(course_id: int) -> dict[int, str]:
    query = select(Outcome.learner_id, Outcome.decision).where(Outcome.course_id == course_id)
    return {row[0]: row[1] for row in db.session.execute(query)}


def _certified(course_id: int) -> set[int]:
    query = select(Certificate.learner_id).where(Certificate.course_id == course_id, Certificate.state == "issued")
    return {key for key in db.session.scalars(query) if key is not None}


def _online(organisation_id: int, course_id: int) -> list[OnlineLine]:
    """Linked records, and accounts of which no report speaks."""
    same = and_(
        Account.intake_id == OnlineRecord.intake_id,
        Account.key == OnlineRecord.account_key,
        Account.annulled_at.is_(None),
    )
    records = db.session.execute(
        select(OnlineRecord.learner_id, OnlineRecord.intake_id, Intake.days)
        .add_columns(func.coalesce(Account.issued_on, OnlineRecord.issued_on), OnlineRecord.completed_at)
        .add_columns(OnlineRecord.progress, OnlineRecord.score, OnlineRecord.said)
        .join(Intake, Intake.id == OnlineRecord.intake_id)
        .outerjoin(Account, same)
        .where(
            OnlineRecord.organisation_id == organisation_id,
            Intake.course_id == course_id,
            OnlineRecord.learner_id.is_not(None),
            OnlineRecord.retracted_at.is_(None),
        )
    )
    lines = [OnlineLine._make((*row, True)) for row in records]
    accounts = db.session.execute(
        select(Account.learner_id, Account.intake_id, Intake.days, Account.issued_on)
        .join(Intake, Intake.id == Account.intake_id)
        .outerjoin(OnlineRecord, same)
        .where(
            Account.organisation_id == organisation_id,
            Intake.course_id == course_id,
            Account.annulled_at.is_(None),
            OnlineRecord.id.is_(None),
        )
    )
    return lines + [OnlineLine._make((*row, None, None, None, "", False)) for row in accounts]
