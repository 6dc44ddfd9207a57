"""The learner's own pages: known by the cookie of the phone, or found for an hour."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts import queries as accounts
from classroom.core.clock import now, today
from classroom.core.errors import NotFound
from classroom.core.qr import qr_svg
from classroom.exams.presenters.results import own_tests
from classroom.learners.rules import is_learner_code
from classroom.portal.presenters import sentence
from classroom.portal.queries import own_courses
from classroom.portal.views import known
from classroom.sessions.queries.badges import find_badge, living_badge
from classroom.sessions.rules.badges import badge_path, learner_path, parse_badge
from classroom.web.guards import find_actor, public

bp = Blueprint("portal", __name__)


@bp.after_request
def tell_nobody(response: Response) -> Response:
    """Where a learner goes from here is nobody's business."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/me")
@public
def me() -> ResponseReturnValue:
    """Where one is, what is missing, what was issued: of those who identified in this very browser."""
    people, chosen = _chosen(known.everybody())
    if not chosen:
        return _which(people)
    person, at = chosen, now()
    organisation = accounts.get_organisation(person.organisation_id)
    g.time_zone = organisation.time_zone
    tests, day = own_tests(person.id, person.organisation_id), today(organisation.time_zone)
    hidden = any(each.score is None for each in tests)
    courses = own_courses(person.id, person.organisation_id, at)
    return make_response(
        render_template(
            "portal/me.html",
            organisation_name=organisation.name,
            person=person,
            others=len(people) > 1,
            courses=[(each, sentence(each, day, test_hidden=hidden)) for each in courses],
            tests=tests,
            at=at,
            today=day,
            zone=organisation.time_zone,
            found=known.found_person(),
        )
    )


@bp.get("/me/badge")
@public
def my_badge() -> ResponseReturnValue:
    """The learner's own code, large, to be shown to the tablet; without a badge it is the learner code.

    It checks its owner in: who was only found by a number does not get it.
    """
    people, person = _chosen(known.of_phone())
    if not person:
        return _which(people)
    badge = living_badge(person.id)
    organisation = accounts.get_organisation(person.organisation_id)
    root = str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))
    link = root + (badge_path(badge.code) if badge else learner_path(person.code))
    return make_response(
        render_template(
            "portal/badge.html",
            organisation_name=organisation.name,
            person=person,
            qr=qr_svg(link, person.code),
            others=len(people) > 1,
        )
    )


@bp.get("/B/<code>")
@bp.get("/b/<code>")
@public
def badge(code: str) -> ResponseReturnValue:
    """Somebody read a badge with a phone: say what it is, and nothing of whose. Staff go to its learner."""
    parsed = parse_badge(code)
    if parsed is None:
        raise NotFound
    actor = find_actor()
    found = find_badge(actor.organisation_id, parsed) if actor and actor.may("learner.read") else None
    if found and found.learner:
        return redirect(url_for("desk.learner_page", learner_id=found.learner.public_id))
    return make_response(render_template("portal/is_badge.html"))


@bp.get("/L/<code>")
@bp.get("/l/<code>")
@public
def learner_code(code: str) -> ResponseReturnValue:
    """The same for the code that a phone shows in place of a badge."""
    if not is_learner_code(code):
        raise NotFound
    return make_response(render_template("portal/is_badge.html"))


def _chosen(people: Sequence[Any]) -> tuple[Sequence[Any], Any]:
    """Those who are known here, and who of them is meant."""
    wanted = request.args.get("who", "")
    chosen = next((each for each in people if each.public_id == wanted), None)
    return people, chosen or (people[0] if len(people) == 1 else None)


def _which(people: Sequence[Any]) -> Response:
    template = "portal/choose.html" if people else "portal/unknown.html"
    return make_response(render_template(template, people=people, endpoint=request.endpoint))
