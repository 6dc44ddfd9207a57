"""Save a course's rule as a new version. A rule that nobody or everybody passes is asked twice."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from classroom.audit.services import record
from classroom.certification.models import RuleVersion
from classroom.certification.queries.rules import find_rule, judge, papers_of
from classroom.certification.rules.course_rules import CourseRule, check_rule
from classroom.certification.rules.evaluation import FAIL, HELD, PASS
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import release, transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course

LONGEST_NOTE = 300


@dataclass(frozen=True, slots=True)
class Passing:
    """How many of a course's people a rule lets pass, turns down, and holds."""

    passes: int
    fails: int
    held: int

    @property
    def people(self) -> int:
        """All of them."""
        return self.passes + self.fails + self.held

    @property
    def odd(self) -> str:
        """Who passes of those who are decided, where that is "nobody" or "everybody"; "" otherwise."""
        if not self.passes + self.fails:
            return ""
        return "nobody" if not self.passes else "" if self.fails else "everybody"


def count_passing(course: Course, rule: CourseRule) -> Passing:
    """How the rule would decide today."""
    decided = [each.decision.decision for each in judge(course, rule, now()).values()]
    return Passing(decided.count(PASS), decided.count(FAIL), decided.count(HELD))


def save_rule(course_id: str, rule: CourseRule, note: str, *, actor: Actor, confirmed: str = "") -> RuleVersion:
    """The new version, or the present one where it says the same.

    Raises `rule.nobody` or `rule.everybody` unless `confirmed` names just that ("nobody", "everybody"), and
    `rule.changed_meanwhile` when somebody else saved one at the same time.
    """
    actor.require("certificate.manage")
    course = get_course(actor, course_id)
    check(course, rule)
    present = find_rule(course.id)
    if present is not None and CourseRule.from_json(present.rule) == rule:
        return present
    passing = count_passing(course, rule)
    if passing.odd and passing.odd != confirmed:
        raise Invalid(f"rule.{passing.odd}", people=passing.people)
    number = present.number if present else 0
    release()
    try:
        return _write(course_id, rule, note, number, actor)
    except IntegrityError as taken:
        raise Refusal("rule.changed_meanwhile") from taken


def check(course: Course, rule: CourseRule) -> None:
    """Raise Invalid for a rule that this course cannot have."""
    check_rule(rule, course.sessions_planned)
    paper = rule.in_person.paper if rule.in_person else ""
    if paper and paper not in {each.public_id for each in papers_of(course.id)}:
        raise Invalid("rule.unknown_paper")


def _write(course_id: str, rule: CourseRule, note: str, after: int, actor: Actor) -> RuleVersion:
    with transaction() as session:
        course = get_course(actor, course_id)
        made = RuleVersion(
            organisation_id=course.organisation_id,
            course_id=course.id,
            number=after + 1,
            rule=rule.as_json(),
            note=clean_name(note)[:LONGEST_NOTE],
            created_at=now(),
            created_by=actor.staff_id,
        )
        session.add(made)
        session.flush()
        facts = {"course": course.name, "number": made.number, "rule": made.rule}
        record("rule.saved", "rule_version", made.id, actor=actor, facts=facts)
        return made
