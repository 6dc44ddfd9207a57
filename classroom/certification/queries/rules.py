"""Versions of rules, and everybody judged by one."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import exists, select

from classroom.accounts.models import Staff
from classroom.certification.models import RuleVersion
from classroom.certification.queries.facts import course_facts
from classroom.certification.rules.comparing import Judged
from classroom.certification.rules.course_rules import CourseRule, default_rule
from classroom.certification.rules.evaluation import evaluate
from classroom.certification.rules.facts import facts_hash
from classroom.core.db import db
from classroom.exams.models import Paper
from classroom.online.models import Intake
from classroom.sessions.models import Course


def find_rule(course_id: int) -> RuleVersion | None:
    """The version that holds, once somebody has saved one."""
    query = select(RuleVersion).where(RuleVersion.course_id == course_id)
    return db.session.scalar(query.order_by(RuleVersion.number.desc()).limit(1))


def versions_of(course_id: int) -> Sequence[RuleVersion]:
    """All versions, the newest first."""
    query = select(RuleVersion).where(RuleVersion.course_id == course_id)
    return db.session.scalars(query.order_by(RuleVersion.number.desc())).all()


def authors_of(versions: Sequence[RuleVersion]) -> dict[int, str]:
    """Names of who saved them, by key."""
    keys = {each.created_by for each in versions if each.created_by}
    return {row[0]: row[1] for row in db.session.execute(select(Staff.id, Staff.name).where(Staff.id.in_(keys)))}


def papers_of(course_id: int) -> Sequence[Paper]:
    """Test papers of the course that a rule may name: those of their own, put away or not, by title."""
    query = select(Paper).where(Paper.course_id == course_id, Paper.retake_of_id.is_(None))
    return db.session.scalars(query.order_by(Paper.retired_at.is_not(None), Paper.title, Paper.id)).all()


def proposed_rule(course: Course) -> CourseRule:
    """What a course begins with; shown, and not in force until somebody saves it."""
    papers = [each.public_id for each in papers_of(course.id) if each.retired_at is None]
    online = bool(db.session.scalar(select(exists().where(Intake.course_id == course.id))))
    return default_rule(min(course.sessions_required, course.sessions_planned), papers, online=online)


def judge(course: Course, rule: CourseRule, at: datetime, learners: Collection[int] | None = None) -> dict[int, Judged]:
    """Everybody of the course, or these learners, as the rule has it at this instant."""
    facts = course_facts(course, rule, at, learners)
    return {learner_id: Judged(evaluate(rule, each), facts_hash(rule, each)) for learner_id, each in facts.items()}
