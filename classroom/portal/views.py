"""The learner's own pages: known by the cookie of the phone, and by nothing else."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts import queries as accounts
from classroom.attendance.queries.phones import learners_of_browser
from classroom.attendance.queries.standing import standings_of
from classroom.core.clock import now
from classroom.core.errors import NotFound
from classroom.core.qr import qr_svg
from classroom.core.signing import token_hash
from classroom.exams.presenters.results import own_tests
from classroom.learners.rules import is_learner_code
from classroom.sessions.queries.badges import find_badge, living_badge
from classroom.sessions.rules.badges import badge_path, learner_path, parse_badge
from classroom.web import cookies
from classroom.web.guards import find_actor, public

bp = Blueprint("portal", __name__)

_PHONE_COOKIE = "phone"


@bp.after_request
def tell_nobody(response: Response) -> Response:
    """Where a learner goes from here is nobody's business."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/me")
@public
def me() -> ResponseReturnValue:
    """Attendance so far and what is still needed, of those who identified in this very browser."""
    people, chosen = _people()
    if not chosen:
        return _which(people)
    person, at = chosen, now()
    organisation = accounts.get_organisation(person.organisation_id)
    g.time_zone = organisation.time_zone
    return make_response(
        render_template(
            "portal/me.html",
            organisation_name=organisation.name,
            person=person,
            others=len(people) > 1,
            standings=standings_of(person.id, person.organisation_id, at),
            tests=own_tests(person.id, person.organisation_id),
            at=at,
        )
    )


@bp.get("/me/badge")
@public
def my_badge() -> ResponseReturnValue:
    """The learner's own code, large, to be shown to the tablet; without a badge it is the learner code."""
    people, person = _people()
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


def _people() -> tuple[Sequence[Any], Any]:
    """Who identified in this browser, and who of them is meant."""
    token = request.cookies.get(cookies.guarded(_PHONE_COOKIE))
    people = learners_of_browser(token_hash(token)) if token else []
    wanted = request.args.get("who", "")
    chosen = next((each for each in people if each.public_id == wanted), None)
    return people, chosen or (people[0] if len(people) == 1 else None)


def _which(people: Sequence[Any]) -> Response:
    template = "portal/choose.html" if people else "portal/unknown.html"
    return make_response(render_template(template, people=people, endpoint=request.endpoint))
