"""Requests to be erased: noted on the learner's page, decided here with what it will do in numbers."""

from collections.abc import Mapping
from typing import Any

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.clock import today
from classroom.core.errors import Invalid, Refusal
from classroom.desk.views.blueprint import bp
from classroom.learners import queries, services
from classroom.learners.models import ErasureRequest, Learner
from classroom.learners.rules.erasure import AskedErasure
from classroom.web.forms import parse_day
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.erasure import say_counts


@bp.get("/people/<learner_id>/erase")
@requires("learner.manage")
def ask_erasure(learner_id: str) -> ResponseReturnValue:
    """An empty form for a request that came in."""
    learner = queries.get_learner(current_actor().organisation_id, learner_id)
    if waiting := queries.find_open_erasure(learner.id):
        return _to(waiting)
    return _ask_page(learner, {})


@bp.post("/people/<learner_id>/erase")
@requires("learner.manage")
def note_erasure(learner_id: str) -> ResponseReturnValue:
    """Note the request; nothing is erased before somebody has decided."""
    actor, form = current_actor(), request.form
    learner = queries.get_learner(actor.organisation_id, learner_id)
    received = parse_day(form.get("received_on", ""))
    if form.get("received_on", "").strip() and received is None:
        return _ask_page(learner, form, Invalid("erasure.day")), 422
    asked = AskedErasure(form.get("asked_by", ""), form.get("identity", ""), form.get("reason", ""), received)
    days = int(current_app.config["ERASURE_WORKING_DAYS"])
    try:
        made = services.ask_erasure(learner_id, asked, working_days=days, actor=actor)
    except (Invalid, Refusal) as refused:
        learner = queries.get_learner(actor.organisation_id, learner_id)
        return _ask_page(learner, form, refused), refused.status
    flash(_("The request is noted and waits in the inbox."), "success")
    return (
        _to(made) if actor.may("learner.erase") else redirect(url_for("desk.learner_page", learner_id=learner_id), 303)
    )


@bp.get("/erasures")
@requires("learner.erase")
def erasures() -> ResponseReturnValue:
    """Requests with their last days, the most urgent first, and what became of earlier ones."""
    actor = current_actor()
    return render_template(
        "desk/erasures.html",
        waiting=queries.erasures(actor.organisation_id),
        decided=queries.erasures(actor.organisation_id, decided=True),
        today=today(actor.time_zone),
    )


@bp.get("/erasures/<erasure_id>")
@requires("learner.erase")
def erasure(erasure_id: str) -> ResponseReturnValue:
    """One request: who asked, what erasing will do in numbers, and the two answers."""
    return _decide_page(queries.get_erasure(current_actor().organisation_id, erasure_id))


@bp.post("/erasures/<erasure_id>/erase")
@requires("learner.erase")
def erase_now(erasure_id: str) -> ResponseReturnValue:
    """Erase the person everywhere."""
    return _decided(erasure_id, services.erase_learner, "erase", _("The person is erased. This cannot be undone."))


@bp.post("/erasures/<erasure_id>/refuse")
@requires("learner.erase")
def refuse_erasure(erasure_id: str) -> ResponseReturnValue:
    """Say no, with a reason."""
    return _decided(erasure_id, services.refuse_erasure, "refuse", _("The request is refused. Tell the person why."))


def _decided(erasure_id: str, decide: Any, which: str, said: str) -> ResponseReturnValue:
    actor = current_actor()
    asked = queries.get_erasure(actor.organisation_id, erasure_id)
    try:
        decide(asked.public_id, request.form.get("reason", ""), actor=actor)
    except (Invalid, Refusal) as refused:
        asked = queries.get_erasure(actor.organisation_id, erasure_id)
        return _decide_page(asked, {which: say_refusal(refused)}), refused.status
    flash(said, "success")
    return redirect(url_for("desk.erasures"), 303)


def _ask_page(learner: Learner, form: Mapping[str, str], refused: Refusal | None = None) -> str:
    actor = current_actor()
    return render_template(
        "desk/ask_erasure.html",
        learner=learner,
        form=form,
        error=say_refusal(refused) if refused else "",
        today=today(actor.time_zone),
        days=current_app.config["ERASURE_WORKING_DAYS"],
    )


def _decide_page(asked: ErasureRequest, errors: Mapping[str, str] = {}) -> str:
    hindered, counts = "", dict(asked.counts)
    if asked.state == "open":
        try:
            counts = services.foresee_erasure(asked)
        except Refusal as refused:
            hindered = say_refusal(refused)
    return render_template(
        "desk/erasure.html",
        asked=asked,
        lines=say_counts(counts),
        hindered=hindered,
        errors=errors,
        today=today(current_actor().time_zone),
    )


def _to(asked: ErasureRequest) -> ResponseReturnValue:
    if not current_actor().may("learner.erase"):
        return redirect(url_for("desk.inbox"), 303)
    return redirect(url_for("desk.erasure", erasure_id=asked.public_id), 303)
