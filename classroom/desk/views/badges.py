"""Badges: made by a press, printed as often as needed, replaced with a reason."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.accounts import queries as accounts
from classroom.core.db import release
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.qr import UnfitLink
from classroom.desk import documents, queries
from classroom.desk.views import blueprint
from classroom.desk.views.blueprint import public_url
from classroom.learners import queries as learners
from classroom.sessions import documents as papers
from classroom.sessions import queries as sessions
from classroom.sessions import services
from classroom.sessions.documents import BadgeFace
from classroom.sessions.queries import badges
from classroom.web.files import send_pdf
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

bp = Blueprint("badges", __name__)
bp.context_processor(lambda: {"way": blueprint.way})


@bp.get("/classes/<class_id>/badges")
@requires("paper.print")
def overview(class_id: str) -> ResponseReturnValue:
    """Who has one, and the ways to make and print them."""
    return _page(class_id)


@bp.post("/classes/<class_id>/badges")
@requires("class.manage")
def issue(class_id: str) -> ResponseReturnValue:
    """Give a badge to everybody in the class who has none."""
    made = services.issue_badges(class_id, actor=current_actor())
    flash(
        ngettext("%(num)s badge was made. Print it below.", "%(num)s badges were made. Print them below.", made),
        "success",
    )
    return redirect(url_for(".overview", class_id=class_id), 303)


@bp.get("/classes/<class_id>/badges.pdf")
@requires("paper.print")
def print_class(class_id: str) -> ResponseReturnValue:
    """The badges of the class: all, those of chosen places, or those `?made=` on one day."""
    training_class = sessions.get_class(current_actor(), class_id)
    chosen, day = set(request.args.getlist("chosen")), request.args.get("made", "")
    faces = [
        documents.badge_face(badge, place.learner, training_class.code, public_url())
        for place, badge in badges.living_badges_of_class(training_class.id)
        if (not chosen or place.public_id in chosen) and (not day or documents.day_of(badge, current_actor()) == day)
    ]
    return _print(faces, f"Thẻ lớp {training_class.code}")


@bp.post("/classes/<class_id>/blank-badges")
@requires("class.manage")
def make_blanks(class_id: str) -> ResponseReturnValue:
    """Numbered badges for walk-ins, then their paper."""
    sessions.get_class(current_actor(), class_id)
    text = request.form.get("count", "").strip()
    try:
        if not text.isascii() or not text.isdigit() or len(text) > 4:
            raise Invalid("badge.count", most=80)
        made = services.make_blanks(class_id, int(text), actor=current_actor())
    except Invalid as refusal:
        return _page(class_id, say_refusal(refusal)), refusal.status
    first = made[0].blank_number
    return redirect(url_for(".print_blanks", class_id=class_id, first=first), 303)


@bp.get("/classes/<class_id>/blank-badges.pdf")
@requires("paper.print")
def print_blanks(class_id: str) -> ResponseReturnValue:
    """Blank badges that nobody has got yet, from a number on."""
    training_class = sessions.get_class(current_actor(), class_id)
    first = request.args.get("first", "1")
    least = int(first) if first.isascii() and first.isdigit() and len(first) < 6 else 1
    faces = [
        documents.blank_face(badge, training_class.code, public_url())
        for badge in badges.blanks_of_class(training_class.id)
        if (badge.blank_number or 0) >= least
    ]
    return _print(faces, f"Thẻ trống lớp {training_class.code}")


@bp.get("/people/<learner_id>/badge.pdf")
@requires("learner.read")
def print_one(learner_id: str) -> ResponseReturnValue:
    """The badge of one learner, with the class the learner is in now."""
    learner = learners.get_learner(current_actor().organisation_id, learner_id)
    badge = badges.living_badge(learner.id)
    places = sessions.enrolments_of_learner(learner.organisation_id, learner.id)
    here = next((place.training_class.code for place in places if place.ended_at is None), "")
    faces = [documents.badge_face(badge, learner, here, public_url())] if badge else []
    return _print(faces, f"Thẻ {learner.code}")


@bp.post("/people/<learner_id>/badge")
@requires("learner.manage")
def give_one(learner_id: str) -> ResponseReturnValue:
    """A first badge, or another one in its place with a reason."""
    actor = current_actor()
    learner = learners.get_learner(actor.organisation_id, learner_id)
    try:
        if badges.living_badge(learner.id) is None:
            services.issue_badge(learner_id, actor=actor)
            flash(_("The badge was made. Print it below."), "success")
        else:
            services.reissue_badge(learner_id, request.form.get("reason", ""), actor=actor)
            flash(_("A new badge was made. Whoever shows the old one is told that it was replaced."), "success")
    except Invalid as refusal:
        flash(say_refusal(refusal), "danger")
    return redirect(url_for("desk.learner_page", learner_id=learner_id, _anchor="badge"), 303)


def _page(class_id: str, error: str = "") -> str:
    actor = current_actor()
    training_class = sessions.get_class(actor, class_id)
    counts = queries.badge_counts(training_class.id, actor.time_zone)
    typed = request.form.get("count", "")
    return render_template("desk/badges.html", training_class=training_class, counts=counts, error=error, typed=typed)


def _print(faces: Sequence[BadgeFace], title: str) -> Response:
    if not faces:
        raise NotFound("badge.none")
    letterhead = documents.letterhead(accounts.get_organisation(current_actor().organisation_id), None)
    release()
    try:
        paper = papers.badges_pdf(letterhead, title, faces)
    except UnfitLink as too_long:
        raise Refusal("paper.address_too_long") from too_long
    return send_pdf(paper, f"{title}.pdf")
