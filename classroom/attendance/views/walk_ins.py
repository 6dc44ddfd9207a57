"""Walk-ins: who stands at the door and is on no list."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.attendance import presenters, queries, services
from classroom.attendance.views.board import bp as bp
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.learners.forms import LearnerForm
from classroom.learners.rules import LearnerFacts
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.get("/walk-in")
@requires("attendance.record")
def walk_in(session_id: str) -> ResponseReturnValue:
    """An empty form, or one with the name that a phone has sent."""
    asked = _asked(session_id)
    return _page(session_id, LearnerForm(data={"name": asked.name if asked else request.args.get("name", "")[:200]}))


@bp.post("/walk-in")
@requires("attendance.record")
def take_in(session_id: str) -> ResponseReturnValue:
    """Take somebody in. Whoever looks like somebody who is known already is shown first, and never chosen by itself."""
    queries.get_session_facts(current_actor(), session_id)
    form = LearnerForm()
    facts = form.facts()
    if facts is None:
        return _page(session_id, form), 422
    alike = _alike(session_id, facts)
    if alike and request.form.get("seen") != _names(alike):
        return _page(session_id, form, alike), 409
    try:
        taken = services.take_in_walk_in(
            session_id, facts, reason=_("Walk-in"), request=request.form.get("request", ""), actor=current_actor()
        )
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        form.form_errors.append(say_refusal(refusal))
        return _page(session_id, form), refusal.status
    if taken.guest:
        flash(_("%(name)s sits in another class of this course and is here as a guest.", name=facts.name), "success")
    else:
        flash(_("%(name)s has been taken in. A coordinator decides about the place later.", name=facts.name), "success")
    return redirect(url_for(".board", session_id=session_id), 303)


def _asked(session_id: str) -> Any:
    facts = queries.get_session_facts(current_actor(), session_id)
    wanted = request.values.get("request", "")
    return queries.get_request(facts.id, wanted) if wanted else None


def _alike(session_id: str, facts: LearnerFacts) -> Sequence[Any]:
    return queries.people_like(queries.get_session_facts(current_actor(), session_id), facts)


def _names(alike: Sequence[Any]) -> str:
    return ".".join(one.enrolment for one in alike)


def _page(session_id: str, form: LearnerForm, alike: Sequence[Any] = ()) -> str:
    board = queries.get_board(current_actor(), session_id, now())
    return render_template(
        "attendance/walk_in.html",
        board=board,
        shown=presenters.board_parts(board),
        form=form,
        asked=_asked(session_id),
        alike=alike,
        seen=_names(alike),
    )
