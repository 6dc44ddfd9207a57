"""The learner's own page: known by the cookie of the phone, and by nothing else."""

from flask import Blueprint, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue

from classroom.accounts import queries as accounts
from classroom.attendance.queries.phones import learners_of_browser
from classroom.attendance.queries.standing import standings_of
from classroom.core.clock import now
from classroom.core.signing import token_hash
from classroom.web import cookies
from classroom.web.guards import public

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
    token = request.cookies.get(cookies.guarded(_PHONE_COOKIE))
    people = learners_of_browser(token_hash(token)) if token else []
    wanted = request.args.get("who", "")
    chosen = [each for each in people if each.public_id == wanted] or (people if len(people) == 1 else [])
    if not chosen:
        template = "portal/choose.html" if people else "portal/unknown.html"
        return make_response(render_template(template, people=people))
    person, at = chosen[0], now()
    organisation = accounts.get_organisation(person.organisation_id)
    g.time_zone = organisation.time_zone
    return make_response(
        render_template(
            "portal/me.html",
            organisation_name=organisation.name,
            person=person,
            others=len(people) > 1,
            standings=standings_of(person.id, person.organisation_id, at),
            at=at,
        )
    )
