"""Runs of a rule: asked for, compared, applied."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.certification.documents.outcomes import change_table
from classroom.certification.queries import outcomes as queries
from classroom.certification.rules.comparing import KINDS, LISTED_AT_MOST
from classroom.certification.services.evaluating import (
    APPLY,
    EVALUATE,
    ask_to_apply,
    difference_of,
    evaluate_course,
)
from classroom.certification.views.blueprint import bp
from classroom.certification.views.rules import course_tabs
from classroom.core.db import db
from classroom.core.errors import NotFound, Refusal
from classroom.jobs.queries import latest_job
from classroom.sessions.models import Course
from classroom.web.files import send_table
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.deciding import CHANGE_WORDS, DECISION_WORDS, PATH_WORDS, REASON_WORDS


@bp.post("/courses/<course_id>/evaluate")
@requires("certificate.manage")
def evaluate(course_id: str) -> ResponseReturnValue:
    """Ask for a comparison."""
    try:
        run = evaluate_course(course_id, actor=current_actor())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(say_refusal(refusal), "danger")
        return redirect(url_for("certificates.rule", course_id=course_id), 303)
    return redirect(url_for("certificates.evaluation", evaluation_id=run.public_id), 303)


@bp.get("/evaluations/<evaluation_id>")
@requires("certificate.read")
def evaluation(evaluation_id: str) -> ResponseReturnValue:
    """What would change, in numbers and with the first names of each list."""
    actor = current_actor()
    run = queries.get_evaluation(actor, evaluation_id)
    task = APPLY if run.state in {"compared", "applied"} else EVALUATE
    job = latest_job(actor.organisation_id, task, run.id)
    lists = {kind: run.counts.get("lists", {}).get(kind, []) for kind in KINDS if kind != "details"}
    people = queries.learners_by_key([key for keys in lists.values() for key in keys])
    course = db.session.get_one(Course, run.course_id)
    newest = queries.evaluations_of(course.id, 1)
    return render_template(
        "certification_rules/evaluation.html",
        run=run,
        course=course,
        job=job,
        counts=run.counts,
        changes=sum(run.counts.get("changes", {}).values()),
        lists=[(kind, [people[key] for key in keys if key in people]) for kind, keys in lists.items() if keys],
        most=LISTED_AT_MOST,
        newest=newest[0] if newest and newest[0].id != run.id else None,
        change_words=CHANGE_WORDS,
        decision_words=DECISION_WORDS,
        path_words=PATH_WORDS,
        reason_words=REASON_WORDS,
        tabs=course_tabs(course, ""),
    )


@bp.get("/evaluations/<evaluation_id>/changes.xlsx")
@requires("certificate.read")
def evaluation_xlsx(evaluation_id: str) -> Response:
    """Everybody whose outcome would become another if the run were applied now."""
    run = queries.get_evaluation(current_actor(), evaluation_id)
    course = db.session.get_one(Course, run.course_id)
    difference, after, before = difference_of(run)
    people = queries.people_of(course.organisation_id, [key for keys in difference.kinds.values() for key in keys])
    table = change_table(difference, before, after, people)
    return send_table(table, f"Thay đổi kết quả xét {course.name}", "xlsx")


@bp.post("/evaluations/<evaluation_id>/apply")
@requires("certificate.manage")
def apply(evaluation_id: str) -> ResponseReturnValue:
    """Write it down."""
    try:
        ask_to_apply(evaluation_id, actor=current_actor())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(say_refusal(refusal), "danger")
    else:
        flash(gettext("The outcomes are being written down."), "success")
    return redirect(url_for("certificates.evaluation", evaluation_id=evaluation_id), 303)
