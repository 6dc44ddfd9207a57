"""The page of one online result: what it says, whose it is, why, and how that can be changed."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.errors import Refusal
from classroom.learners import presenters as people
from classroom.learners import queries as learners
from classroom.learners.rules import show_phone
from classroom.online.presenters.matching import birth_of_record, masked
from classroom.online.queries import matching as queries
from classroom.online.services import matching as services
from classroom.online.views.blueprint import bp
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words import say_refusal
from classroom.web.words.matching import EVENTS, EVIDENCE, HOW, LINKS, REASONS

_FOUND = 20


@bp.get("/records/<record_id>")
@requires("online.read")
def record(record_id: str) -> ResponseReturnValue:
    """Everything about one record."""
    return _page(record_id)


@bp.post("/records/<record_id>/link")
@requires("online.manage")
def link_record(record_id: str) -> ResponseReturnValue:
    """Say whose it is."""
    form, actor = request.form, current_actor()
    try:
        services.link_by_hand(record_id, form.get("learner", ""), form.get("reason", ""), actor=actor)
    except Refusal as refused:
        if refused.status == 404:
            raise
        return _page(record_id, say_refusal(refused)), 422
    flash(_("The result belongs to this learner now."), "success")
    return redirect(url_for("online.record", record_id=record_id), 303)


@bp.post("/records/<record_id>/unlink")
@requires("online.manage")
def unlink_record(record_id: str) -> ResponseReturnValue:
    """They are different people."""
    try:
        services.unlink(record_id, request.form.get("reason", ""), actor=current_actor())
    except Refusal as refused:
        if refused.status == 404:
            raise
        return _page(record_id, say_refusal(refused)), 422
    flash(_("The result is a learner's of its own now. Nothing links the two again."), "success")
    return redirect(url_for("online.record", record_id=record_id), 303)


@bp.post("/records/<record_id>/reveal")
@requires("learner.reveal")
def reveal_record(record_id: str) -> ResponseReturnValue:
    """Show the whole ID number, which is written down."""
    number = services.reveal_number(record_id, actor=current_actor())
    return _page(record_id, number=number)


def _page(record_id: str, error: str = "", number: str = "") -> str:
    actor = current_actor()
    found = queries.get_record(actor.organisation_id, record_id)
    text = request.args.get("q", "").strip()[:200]
    return render_template(
        "online_matching/record.html",
        record=found,
        birth=birth_of_record(found),
        number=number or "".join(digit for digit, _differs in masked(found.id_number)),
        shown=bool(number),
        phone=show_phone(found.phone),
        link=LINKS.get(found.link, ""),
        how=HOW.get(found.linked_how, ""),
        evidence=[EVIDENCE.get(code, code) for code in found.evidence],
        case=queries.case_of(found),
        reasons=REASONS,
        events=[
            (event, EVENTS.get(event.kind, event.kind), who, staff) for event, who, staff in queries.events_of(found)
        ],
        rows=queries.rows_of(found),
        text=text,
        found=people.present_lines(learners.search(actor.organisation_id, text, _FOUND)) if text else [],
        error=error,
        way=way,
    )
