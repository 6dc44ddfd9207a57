"""The way in without a phone that is known: learner code or account number, and four digits."""

from typing import Final

from flask import make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.portal import services
from classroom.portal.views import known
from classroom.portal.views.pages import bp
from classroom.web.guards import public
from classroom.web.words import say_refusal

_LONGEST_TYPED: Final = 120


@bp.get("/me/find")
@public
def find() -> ResponseReturnValue:
    """Two fields."""
    return make_response(render_template("portal/find.html"))


@bp.post("/me/find")
@public
def look_up() -> ResponseReturnValue:
    """Unknown and wrong are answered by the same page, after the same statements."""
    typed, digits = request.form.get("who", "")[:_LONGEST_TYPED], request.form.get("digits", "")[:_LONGEST_TYPED]
    try:
        person = services.find_person(typed, digits, request.remote_addr or "")
    except services.TooManyTries as refusal:
        page = render_template("portal/find.html", error=say_refusal(refusal))
        return make_response(page, 429, {"Retry-After": f"{refusal.wait.total_seconds():.0f}"})
    if person is None:
        error = gettext(
            "Code and digits do not belong together. Check both; if that does not help, ask the organisers."
        )
        return make_response(render_template("portal/find.html", error=error), 422)
    response = make_response(redirect(url_for("portal.me", who=person.public_id), 303))
    known.remember(response, person)
    return response


@bp.post("/me/forget")
@public
def forget() -> ResponseReturnValue:
    """Leave no trace on a machine that others use."""
    response = make_response(redirect(url_for("portal.find"), 303))
    known.forget(response)
    return response
