"""Gather what a rule looks at, for everybody of a course at once: a number of statements that does not grow."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from classroom.accounts.models import Organisation
from classroom.attendance.queries.credits import course_attendance
from classroom.certification.models import ListedLearner
from classroom.certification.rules.course_rules import CourseRule
from classroom.certification.rules.facts import AccountFact, LearnerFacts, ListedFact, OnlineFact, TestFact
from classroom.core.clock import local
from classroom.core.db import db
from classroom.exams.models import Paper
from classroom.exams.queries.outcomes import FinalResult, final_results
from classroom.learners.models import Learner
from classroom.online.models import Account, Intake, OnlineRecord
from classroom.online.queries.facts import OnlineResult, held_learners, online_results
from classroom.sessions.models import Course

#: So many learners are asked for by their keys in one statement.
_MOST_KEYS = 400


def course_facts(
    course: Course, rule: CourseRule, at: datetime, learners: Collection[int] | None = None
) -> dict[int, LearnerFacts]:
    """By learner key, whoever belongs to the course: by a place, a record, an account, or a list of exceptions.

    With `learners` only these (at most 400). Who was merged into somebody else, or taken back, is in it no more.
    """
    assert learners is None or len(learners) <= _MOST_KEYS
    organisation_id = course.organisation_id
    zone = db.session.scalars(select(Organisation.time_zone).where(Organisation.id == organisation_id)).one()
    sat = course_attendance(organisation_id, course.id, at, learners)
    tests = _tests(course, rule, zone, learners) if rule.in_person is not None and rule.in_person.paper else {}
    online = _online(organisation_id, course.id, learners)
    accounts = _accounts(course.id, learners)
    listed = _listed(course.id, learners)
    held = held_learners(organisation_id, course.id)
    wanted = sat.keys() | online.keys() | accounts.keys() | listed.keys()
    living = _living(organisation_id, wanted)
    return {
        learner_id: LearnerFacts(
            zone,
            sat.get(learner_id),
            tests.get(learner_id),
            online.get(learner_id, ()),
            accounts.get(learner_id, ()),
            listed.get(learner_id, ()),
            held.get(learner_id, ""),
        )
        for learner_id in sorted(wanted)
        if learner_id in living
    }


def erased_learners(organisation_id: int) -> set[int]:
    """Who was erased on request: their attendance, results and outcomes stay as numbers."""
    query = select(Learner.id).where(Learner.organisation_id == organisation_id, Learner.erased_at.is_not(None))
    return set(db.session.scalars(query))


def _living(organisation_id: int, wanted: Collection[int]) -> set[int]:
    query = select(Learner.id).where(Learner.organisation_id == organisation_id, Learner.annulled_at.is_(None))
    if len(wanted) <= _MOST_KEYS:
        query = query.where(Learner.id.in_(set(wanted)))
    return set(db.session.scalars(query))


def _tests(course: Course, rule: CourseRule, zone: str, learners: Collection[int] | None) -> dict[int, TestFact]:
    assert rule.in_person is not None
    paper = db.session.execute(
        select(Paper.id, Paper.scale, Paper.title).where(
            Paper.public_id == rule.in_person.paper, Paper.course_id == course.id
        )
    ).first()
    if paper is None:
        return {}
    results = final_results(course.organisation_id, [paper.id], learners)[paper.id]
    return {learner_id: _test(result, paper, zone) for learner_id, result in results.items()}


def _test(result: FinalResult, paper: Any, zone: str) -> TestFact:
    return TestFact(
        result.attempt_public_id,
        result.outcome,
        result.mark,
        result.out_of,
        paper.scale,
        paper.title,
        local(result.finished_at, zone).date(),
    )


def _online(
    organisation_id: int, course_id: int, learners: Collection[int] | None
) -> dict[int, tuple[OnlineFact, ...]]:
    found = online_results(organisation_id, course_id, learners)
    return {learner_id: tuple(_record(each) for each in theirs) for learner_id, theirs in found.items()}


def _record(result: OnlineResult) -> OnlineFact:
    return OnlineFact(
        result.record,
        result.intake_id,
        result.intake,
        result.intake_name,
        result.account,
        result.days,
        result.issued_on,
        result.completed_at,
        result.score,
        result.progress,
        result.said,
        result.retracted,
        result.row_number,
        result.import_id,
        result.filename,
    )


def _accounts(course_id: int, learners: Collection[int] | None) -> dict[int, tuple[AccountFact, ...]]:
    """Living accounts of which no record speaks, whoever it may be linked to."""
    spoken = (
        select(OnlineRecord.id)
        .where(OnlineRecord.intake_id == Account.intake_id, OnlineRecord.account_key == Account.key)
        .exists()
    )
    query = (
        select(Account.learner_id, Account.intake_id, Intake.public_id, Intake.name, Account.name)
        .join(Intake, Intake.id == Account.intake_id)
        .where(Intake.course_id == course_id, Account.annulled_at.is_(None), ~spoken)
        .order_by(Account.id)
    )
    found: dict[int, list[AccountFact]] = defaultdict(list)
    for learner_id, *facts in db.session.execute(_only(query, Account.learner_id, learners)):
        found[learner_id].append(AccountFact(*facts))
    return {learner_id: tuple(each) for learner_id, each in found.items()}


def _listed(course_id: int, learners: Collection[int] | None) -> Mapping[int, tuple[ListedFact, ...]]:
    query = (
        select(ListedLearner.learner_id, ListedLearner.kind, ListedLearner.note, ListedLearner.public_id)
        .where(ListedLearner.course_id == course_id, ListedLearner.annulled_at.is_(None))
        .order_by(ListedLearner.id)
    )
    found: dict[int, list[ListedFact]] = defaultdict(list)
    for learner_id, *facts in db.session.execute(_only(query, ListedLearner.learner_id, learners)):
        found[learner_id].append(ListedFact(*facts))
    return {learner_id: tuple(each) for learner_id, each in found.items()}


def _only(query: Select[Any], column: Any, learners: Collection[int] | None) -> Select[Any]:
    return query if learners is None else query.where(column.in_(set(learners)))
