"""The rule of a course: in words, its form with a live count, its versions."""

from typing import Any

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.certification.forms.rules import RuleForm
from classroom.certification.models import RuleVersion
from classroom.certification.presenters.ruling import passing_words, rule_words, titles_of, version_lines
from classroom.certification.queries import rules as queries
from classroom.certification.queries.listed import count_listed
from classroom.certification.queries.outcomes import count_decisions, count_reasons, evaluations_of
from classroom.certification.rules.course_rules import CourseRule
from classroom.certification.services import ruling as services
from classroom.certification.views.blueprint import bp
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words import say_refusal
from classroom.web.words.deciding import REASON_WORDS

#: Refusals that belong to a field; the others stand above the form.
_PLACES = {
    "rule.sessions_range": "sessions",
    "rule.too_many_sessions": "sessions",
    "rule.mark_without_paper": "paper",
    "rule.unknown_paper": "paper",
    "rule.mixed_needs_both": "mixed",
}


def course_tabs(course: Course, here: str) -> list[dict[str, Any]]:
    """The pages about who is certified in one course."""
    known = (
        ("certificates.rule", gettext("Rule"), None),
        ("certificates.outcomes", gettext("Outcomes"), None),
        ("certificates.listed", gettext("Exceptions"), sum(count_listed(course.id).values()) or None),
    )
    return [
        {
            "label": label,
            "url": url_for(endpoint, course_id=course.public_id),
            "active": endpoint == here,
            "count": count,
        }
        for endpoint, label, count in known
    ]


@bp.get("/courses/<course_id>/rule")
@requires("certificate.read")
def rule(course_id: str) -> ResponseReturnValue:
    """What the course asks for, what came of it, and how to change it."""
    course = get_course(current_actor(), course_id)
    form = _form(course)
    present = queries.find_rule(course.id)
    form.show(CourseRule.from_json(present.rule) if present else queries.proposed_rule(course))
    return _page(course, present, form)


@bp.post("/courses/<course_id>/rule")
@requires("certificate.manage")
def save_rule(course_id: str) -> ResponseReturnValue:
    """Save a new version, or only count who would pass (`preview`)."""
    actor = current_actor()
    course = get_course(actor, course_id)
    form = _form(course)
    if not form.validate_on_submit():
        return _page(course, queries.find_rule(course.id), form), 422
    try:
        if request.form.get("preview"):
            services.check(course, form.rule())
            counted = services.count_passing(course, form.rule())
            return _page(course, queries.find_rule(course.id), form, counted=counted)
        services.save_rule(
            course_id, form.rule(), form.note.data or "", actor=actor, confirmed=form.confirmed.data or ""
        )
    except Refusal as refusal:
        return _refused(course, form, refusal)
    flash(gettext("The rule has been saved. Next: compare it with what was decided before."), "success")
    return redirect(url_for("certificates.rule", course_id=course_id), 303)


@bp.get("/courses/<course_id>/rule/count")
@requires("certificate.read")
def rule_count(course_id: str) -> ResponseReturnValue:
    """How many would pass by the rule of the query, in words; for the form while one types."""
    course = get_course(current_actor(), course_id)
    form = _form(course, request.args)
    if not form.validate():
        said = [error for errors in form.errors.values() for error in errors]
        return jsonify(text=" ".join(str(each) for each in said), problem=True)
    try:
        services.check(course, form.rule())
    except Refusal as refusal:
        return jsonify(text=say_refusal(refusal), problem=True)
    passing = services.count_passing(course, form.rule())
    return jsonify(text=passing_words(passing.passes, passing.people, passing.held), problem=bool(passing.odd))


def _form(course: Course, told: Any = None) -> RuleForm:
    form = RuleForm(told, meta={"csrf": False}) if told is not None else RuleForm()
    form.offer(queries.papers_of(course.id))
    return form


def _refused(course: Course, form: RuleForm, refusal: Refusal) -> ResponseReturnValue:
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
    odd = refusal.code.removeprefix("rule.") if refusal.code in {"rule.nobody", "rule.everybody"} else ""
    if odd:
        form.confirmed.data = odd
        return _page(course, queries.find_rule(course.id), form, asked=say_refusal(refusal)), 422
    show_refusal(form, refusal, _PLACES)
    return _page(course, queries.find_rule(course.id), form), 422


def _page(course: Course, present: RuleVersion | None, form: RuleForm, **more: Any) -> str:
    titles = titles_of(queries.papers_of(course.id))
    held = CourseRule.from_json(present.rule) if present else queries.proposed_rule(course)
    versions = queries.versions_of(course.id)
    counted = more.get("counted")
    return render_template(
        "certification_rules/rule.html",
        course=course,
        present=present,
        words=rule_words(held, course.sessions_planned, titles),
        form=form,
        versions=version_lines(versions, queries.authors_of(versions), course.sessions_planned, titles),
        runs=evaluations_of(course.id, 5),
        decisions=count_decisions(course.id),
        reasons=sorted(count_reasons(course.id).items(), key=lambda one: -one[1]),
        reason_words=REASON_WORDS,
        tabs=course_tabs(course, "certificates.rule"),
        counted=passing_words(counted.passes, counted.people, counted.held) if counted else "",
        asked=more.get("asked", ""),
        way=way,
    )
