"""Pages of the queue: one question at a time, decided by a key or a tap; and the list of all that wait."""

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.online.models import MatchCase
from classroom.online.presenters.matching import birth_of_record, masked, present_side
from classroom.online.queries import matching as queries
from classroom.online.queries.matching import Filter
from classroom.online.services import matching as services
from classroom.online.views.blueprint import bp
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words.matching import REASONS, SENTENCES


@bp.get("/matching")
@requires("online.read")
def matching() -> ResponseReturnValue:
    """The question that is asked next, or the one that is named."""
    actor, only = current_actor(), _asked()
    wanted = request.args.get("case", "")
    waiting = queries.waiting_cases(actor.organisation_id, only, 1)
    case = queries.get_case(actor.organisation_id, wanted) if wanted else (waiting[0] if waiting else None)
    shared = {"only": only, "filters": _filters(actor.organisation_id), "undo": _undo(), "way": way}
    if case is None:
        return render_template("online_matching/nothing.html", **shared)
    return render_template("online_matching/case.html", **shared, **_case_facts(case, only))


@bp.get("/matching/list")
@requires("online.read")
def matching_list() -> ResponseReturnValue:
    """All questions that wait, found by words of name, account or unit."""
    actor, only = current_actor(), _asked()
    cases = queries.waiting_cases(actor.organisation_id, only)
    return render_template(
        "online_matching/list.html",
        only=only,
        filters=_filters(actor.organisation_id),
        cases=[(case, birth_of_record(case.record), REASONS.get(case.reason, case.reason)) for case in cases],
        total=queries.count(actor.organisation_id, only),
        undo=_undo(),
    )


@bp.post("/matching/<case_id>/same")
@requires("online.manage")
def match_same(case_id: str) -> ResponseReturnValue:
    """The record is this candidate's."""
    return _on(services.same(case_id, request.form.get("learner", ""), actor=current_actor()))


@bp.post("/matching/<case_id>/different")
@requires("online.manage")
def match_different(case_id: str) -> ResponseReturnValue:
    """None of the candidates."""
    return _on(services.different(case_id, actor=current_actor()))


@bp.post("/matching/<case_id>/later")
@requires("online.manage")
def match_later(case_id: str) -> ResponseReturnValue:
    """Ask again at the end."""
    return _on(services.later(case_id, actor=current_actor()))


@bp.post("/matching/<case_id>/undo")
@requires("online.manage")
def match_undo(case_id: str) -> ResponseReturnValue:
    """Take the decision back and ask again at once."""
    case = services.undo(case_id, actor=current_actor())
    return redirect(url_for("online.matching", case=case.public_id, **_kept()), 303)


def _on(decided: MatchCase) -> ResponseReturnValue:
    """To the next question; what was just decided can be taken back there."""
    return redirect(url_for("online.matching", decided=decided.public_id, **_kept()), 303)


def _asked() -> Filter:
    values = {name: request.values.get(name, "").strip()[:100] for name in ("intake", "reason", "q")}
    return Filter(values["intake"], values["reason"] if values["reason"] in REASONS else "", values["q"])


def _kept() -> dict[str, Any]:
    """The filter, as it stays in addresses."""
    only = _asked()
    named = {"intake": only.intake, "reason": only.reason, "q": only.text}
    return {name: value for name, value in named.items() if value}


def _filters(organisation_id: int) -> dict[str, Any]:
    reasons = queries.reasons_waiting(organisation_id)
    return {
        "intakes": queries.intakes_waiting(organisation_id),
        "reasons": [(name, words, reasons[name]) for name, words in REASONS.items() if name in reasons],
        "kept": _kept(),
    }


def _undo() -> MatchCase | None:
    """The reader's latest decision, while the page that follows it is open."""
    actor = current_actor()
    if not request.args.get("decided"):
        return None
    case = queries.last_decided(actor.organisation_id, actor.staff_id)
    return case if case is not None and case.public_id == request.args["decided"] else None


def _case_facts(case: MatchCase, only: Filter) -> dict[str, Any]:
    found = queries.learners_of(case)
    holdings = queries.holdings_of([learner.id for learner, _ in found])
    return {
        "case": case,
        "record": case.record,
        "birth": birth_of_record(case.record),
        "number": masked(case.record.id_number),
        "sentence": SENTENCES.get(case.reason, ""),
        "place": queries.place_of(case.organisation_id, case, only),
        "sides": [
            present_side(number, case.record, learner, facts, holdings[learner.id])
            for number, (learner, facts) in enumerate(found, 1)
        ],
    }
