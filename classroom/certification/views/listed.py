"""Exceptions of a course: who is certified, or not, beside the rule."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.certification.queries import listed as queries
from classroom.certification.services.listing import list_learner, unlist
from classroom.certification.views.blueprint import bp
from classroom.certification.views.rules import course_tabs
from classroom.core.db import db
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.learners import queries as learners
from classroom.learners.presenters import present_lines
from classroom.sessions.models import Course
from classroom.sessions.queries import get_course
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

_FOUND = 20


@bp.get("/courses/<course_id>/exceptions")
@requires("certificate.read")
def listed(course_id: str) -> ResponseReturnValue:
    """Both lists; `find` searches for somebody to be added."""
    return _page(course_id)


@bp.post("/courses/<course_id>/exceptions")
@requires("certificate.manage")
def add_listed(course_id: str) -> ResponseReturnValue:
    """Put somebody on a list."""
    told = request.form
    try:
        list_learner(
            course_id, told.get("learner", ""), told.get("kind", ""), told.get("note", ""), actor=current_actor()
        )
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return _page(course_id, say_refusal(refusal)), 422
    flash(gettext("Written down. It counts from the next comparison on."), "success")
    return redirect(url_for("certificates.listed", course_id=course_id), 303)


@bp.post("/exceptions/<listed_id>/annul")
@requires("certificate.manage")
def annul_listed(listed_id: str) -> ResponseReturnValue:
    """Take somebody off a list."""
    gone = unlist(listed_id, actor=current_actor())
    flash(gettext("Taken off the list. It counts from the next comparison on."), "success")
    course = db.session.get_one(Course, gone.course_id)
    return redirect(url_for("certificates.listed", course_id=course.public_id), 303)


def _page(course_id: str, error: str = "") -> str:
    actor = current_actor()
    course = get_course(actor, course_id)
    text = request.args.get("q", "").strip()[:200]
    sought = (request.form.get("find") or request.args.get("find", "")).strip()[:200]
    found = learners.search(actor.organisation_id, sought, _FOUND) if sought else []
    return render_template(
        "certification_rules/listed.html",
        course=course,
        rows=queries.listed(course.id, text),
        counts=queries.count_listed(course.id),
        text=text,
        sought=sought,
        found=present_lines(found),
        chosen=request.form.get("learner", ""),
        kind=request.form.get("kind") or request.args.get("kind", "allow"),
        note=request.form.get("note", ""),
        error=error,
        tabs=course_tabs(course, "certificates.listed"),
    )
