"""Outcomes: of everybody, and of one learner with every criterion."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.certification.documents.outcomes import outcome_table
from classroom.certification.presenters.explaining import criteria_in_words, explain, reasons_in_words
from classroom.certification.queries import outcomes as queries
from classroom.certification.queries.outcomes import PAGE, Wanted
from classroom.certification.queries.rules import find_rule, judge
from classroom.certification.rules.comparing import Judged
from classroom.certification.rules.course_rules import CourseRule
from classroom.certification.rules.lines import REASONS
from classroom.certification.views.blueprint import bp
from classroom.certification.views.rules import course_tabs
from classroom.core.clock import now
from classroom.learners import queries as learners
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course
from classroom.web.files import send_table
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words.deciding import DECISION_WORDS, PATH_WORDS, REASON_WORDS

_ASKED = ("q", "decision", "reason", "class", "intake")


@bp.get("/courses/<course_id>/outcomes")
@requires("certificate.read")
def outcomes(course_id: str) -> ResponseReturnValue:
    """Everybody with decision and reasons, narrowed as asked."""
    course = get_course(current_actor(), course_id)
    classes, intakes = queries.groups_of(course.id)
    wanted = _wanted(classes, intakes)
    number = max(1, request.args.get("page", 1, type=int))
    total = queries.count_outcomes(course.id, wanted)
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if value and name in _ASKED}

    def address(page: int) -> str:
        return url_for("certificates.outcomes", course_id=course_id, **{**asked, "page": page})

    return render_template(
        "certification_rules/outcomes.html",
        course=course,
        rows=queries.outcome_rows(course.id, wanted, PAGE, (number - 1) * PAGE),
        total=total,
        first=(number - 1) * PAGE + 1,
        earlier=address(number - 1) if number > 1 else "",
        later=address(number + 1) if number * PAGE < total else "",
        asked=asked,
        decisions=queries.count_decisions(course.id),
        reasons=[(code, REASON_WORDS[code]) for code in REASONS],
        classes=[(public_id, name) for _key, public_id, name in classes],
        intakes=[(public_id, name) for _key, public_id, name in intakes],
        decision_words=DECISION_WORDS,
        path_words=PATH_WORDS,
        say_reasons=reasons_in_words,
        tabs=course_tabs(course, "certificates.outcomes"),
    )


@bp.get("/courses/<course_id>/outcomes.xlsx")
@requires("certificate.read")
def outcomes_xlsx(course_id: str) -> Response:
    """All of them, for Excel."""
    course = get_course(current_actor(), course_id)
    rows = queries.outcome_rows(course.id, _wanted(*queries.groups_of(course.id)), None)
    return send_table(outcome_table(rows, criteria_in_words), f"Kết quả xét {course.name}", "xlsx")


@bp.get("/courses/<course_id>/people/<learner_id>")
@requires("certificate.read")
def outcome(course_id: str, learner_id: str) -> ResponseReturnValue:
    """Why one learner is certified or not: as decided, and as it would be today where that is another."""
    actor = current_actor()
    course = get_course(actor, course_id)
    learner = learners.get_learner(actor.organisation_id, learner_id)
    kept = queries.find_outcome(course.id, learner.id)
    today = _today(course, learner.id)
    differs = today is not None and (kept is None or kept.facts_hash != today.hash)
    return render_template(
        "certification_rules/outcome.html",
        course=course,
        learner=learner,
        kept=kept,
        ways=explain(kept.explanation, kept.path) if kept else [],
        today=today.decision if today and differs else None,
        today_ways=explain([each.as_json() for each in today.decision.lines], today.decision.path)
        if today and differs
        else [],
        changes=queries.changes_of(course.id, learner.id),
        say_reasons=reasons_in_words,
        decision_words=DECISION_WORDS,
        path_words=PATH_WORDS,
        way=way,
    )


def _today(course: Course, learner_id: int) -> Judged | None:
    version = find_rule(course.id)
    if version is None:
        return None
    return judge(course, CourseRule.from_json(version.rule), now(), {learner_id}).get(learner_id)


def _wanted(classes: list[tuple[int, str, str]], intakes: list[tuple[int, str, str]]) -> Wanted:
    """What the query asks for; what it does not name rightly is not asked for."""
    asked = request.args
    decision, reason = asked.get("decision", ""), asked.get("reason", "")
    keys = {public_id: key for key, public_id, _name in (*classes, *intakes)}
    return Wanted(
        decision if decision in DECISION_WORDS else "",
        reason if reason in REASONS else "",
        keys.get(asked.get("class", "")),
        keys.get(asked.get("intake", "")),
        asked.get("q", "").strip()[:200],
    )
