"""The rule, a run of it and an exception of a province, for addresses that name them."""

from classroom.certification.rules.course_rules import CourseRule, InPerson
from classroom.certification.services.evaluating import evaluate_course, run_evaluation
from classroom.certification.services.listing import list_learner
from classroom.certification.services.ruling import count_passing, save_rule
from classroom.core.actor import Actor
from classroom.learners.models import Learner
from classroom.sessions.models import Course


def rule_ids(course: Course, learner: Learner, mark: str, actor: Actor) -> dict[str, str]:
    """What names them in addresses; the mark stands in every text."""
    rule = CourseRule(InPerson(1))
    odd = count_passing(course, rule).odd
    save_rule(course.public_id, rule, f"Theo kế hoạch {mark}", actor=actor, confirmed=odd)
    run = evaluate_course(course.public_id, actor=actor)
    run_evaluation(run.id)
    listed = list_learner(course.public_id, learner.public_id, "allow", f"Giấy xác nhận {mark}", actor=actor)
    return {"evaluation_id": run.public_id, "listed_id": listed.public_id}
