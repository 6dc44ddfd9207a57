"""Certificates: find them, look at one, and do what has to be done about it, each with its reason."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.certification.forms.issuing import ActForm, first_error
from classroom.certification.presenters.explaining import explain
from classroom.certification.queries import certificates as queries
from classroom.certification.queries.certificates import STATES, Wanted
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.rules.codes import shown_code
from classroom.certification.services import reissuing, revoking
from classroom.certification.views.blueprint import bp
from classroom.core.errors import Refusal
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words import say_refusal
from classroom.web.words.issuing import CERTIFICATE_STATES, EVENTS, PATHS, REISSUES

_PAGE = 50


@bp.get("/issued")
@requires("certificate.read")
def certificates() -> ResponseReturnValue:
    """Search by number, name, unit, code and state; the newest numbers first."""
    actor, args = current_actor(), request.args
    state = args.get("state", "")
    wanted = Wanted(args.get("q", "")[:100], args.get("unit", "")[:100], state if state in STATES else "")
    rows = queries.search(actor.organisation_id, wanted, before=_before(), limit=_PAGE + 1)
    return render_template(
        "certificates/certificates.html",
        rows=[(one, PrintedFacts.from_json(one.facts)) for one in rows[:_PAGE]],
        more=rows[_PAGE - 1] if len(rows) > _PAGE else None,
        first=not args.get("before"),
        total=queries.count_found(actor.organisation_id, wanted),
        wanted=wanted,
        states=CERTIFICATE_STATES,
        choices=[("", _("All")), *((state, words[0]) for state, words in CERTIFICATE_STATES.items())],
    )


def _before() -> tuple[int, int] | None:
    year, _dot, serial = request.args.get("before", "").partition(".")
    whole = all(part.isascii() and part.isdigit() and len(part) < 10 for part in (year, serial))
    return (int(year), int(serial)) if whole else None


@bp.get("/issued/<certificate_id>")
@requires("certificate.read")
def certificate(certificate_id: str) -> ResponseReturnValue:
    """One certificate: what it says, why, what happened to it, what can be done."""
    return _page(certificate_id)


def _page(certificate_id: str, error: str = "", acted: str = "") -> str:
    actor = current_actor()
    one = queries.get_certificate(actor, certificate_id)
    return render_template(
        "certificates/certificate.html",
        one=one,
        facts=PrintedFacts.from_json(one.facts),
        code=shown_code(one.code),
        history=queries.history_of(one),
        explanation=explain(one.explanation, str(one.facts.get("path", ""))),
        replaced_by=queries.find_by_key(actor.organisation_id, one.replaced_by_id),
        replaces=queries.find_by_key(actor.organisation_id, one.replaces_id),
        rule=queries.rule_of(one),
        approver=queries.approver_of(one),
        error=error,
        acted=acted,
        form=request.form,
        way=way,
        words={"states": CERTIFICATE_STATES, "events": EVENTS, "paths": PATHS, "reissues": REISSUES},
    )


def _do(certificate_id: str, acted: str, done: str, act: Callable[[], Any]) -> ResponseReturnValue:
    try:
        act()
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(certificate_id, say_refusal(refusal), acted), refusal.status
    flash(done, "success")
    return redirect(url_for("certificates.certificate", certificate_id=certificate_id), 303)


def _by_decision(certificate_id: str, acted: str, done: str, act: Callable[..., None]) -> ResponseReturnValue:
    actor = current_actor()
    queries.get_certificate(actor, certificate_id)
    form = ActForm()
    if not form.validate():
        return _page(certificate_id, first_error(form), acted), 422
    return _do(certificate_id, acted, done, lambda: act(certificate_id, form.by_decision(), actor=actor))


@bp.post("/issued/<certificate_id>/revoke")
@requires("certificate.approve")
def revoke(certificate_id: str) -> ResponseReturnValue:
    """Withdraw it; the reason is public."""
    return _by_decision(certificate_id, "revoke", _("The certificate is revoked."), revoking.revoke)


@bp.post("/issued/<certificate_id>/restore")
@requires("certificate.approve")
def restore(certificate_id: str) -> ResponseReturnValue:
    """Let a revoked one be valid again."""
    return _by_decision(certificate_id, "restore", _("The certificate is valid again."), revoking.restore)


@bp.post("/issued/<certificate_id>/void")
@requires("certificate.approve")
def void(certificate_id: str) -> ResponseReturnValue:
    """Give up a number that was spoiled before anybody had the paper."""
    act = lambda: revoking.void(certificate_id, request.form.get("reason", ""), actor=current_actor())  # noqa: E731
    return _do(certificate_id, "void", _("The number is void; its row and its reason stay."), act)


@bp.post("/issued/<certificate_id>/hand-out")
@requires("certificate.manage")
def hand_out(certificate_id: str) -> ResponseReturnValue:
    """Note who received the paper."""
    act = lambda: revoking.hand_out(certificate_id, request.form.get("to", ""), actor=current_actor())  # noqa: E731
    return _do(certificate_id, "hand_out", _("Noted."), act)


@bp.post("/issued/<certificate_id>/take-back")
@requires("certificate.manage")
def take_back(certificate_id: str) -> ResponseReturnValue:
    """The paper is with the office again."""
    act = lambda: revoking.take_back(certificate_id, request.form.get("reason", ""), actor=current_actor())  # noqa: E731
    return _do(certificate_id, "take_back", _("Noted."), act)


@bp.post("/issued/<certificate_id>/reissue")
@requires("certificate.manage")
def reissue(certificate_id: str) -> ResponseReturnValue:
    """Prepare a new certificate in place of this one."""
    form = request.form
    try:
        made = reissuing.reissue(certificate_id, form.get("kind", ""), form.get("reason", ""), actor=current_actor())
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return _page(certificate_id, say_refusal(refusal), "reissue"), refusal.status
    flash(_("The new certificate is prepared. Next: enter the decision."), "success")
    return redirect(url_for("certificates.batch", batch_id=made.public_id), 303)
