"""From a draft to its numbers: decision, approval, job; or cancelled."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.certification.forms.issuing import DecisionForm
from classroom.certification.models import IssueBatch
from classroom.certification.queries import batches as queries
from classroom.certification.services import approving
from classroom.certification.services.decisions import LARGEST
from classroom.certification.views.batches import batch_page
from classroom.certification.views.blueprint import bp
from classroom.certification.views.steps import step
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.errors import Refusal
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires

_PLACES = {
    "decision.no_number": "number",
    "decision.long_number": "number",
    "decision.no_date": "decided_on",
    "decision.in_future": "decided_on",
    "decision.long_ago": "decided_on",
    "decision.issued_before": "issued_on",
    "decision.issued_late": "issued_on",
    "decision.no_signer": "signer_name",
}


@bp.route("/batches/<batch_id>/submit", methods=["GET", "POST"])
@requires("certificate.manage")
def submit_batch(batch_id: str) -> ResponseReturnValue:
    """Enter the decision as it was signed."""
    actor = current_actor()
    found = queries.get_batch(actor, batch_id)
    form = DecisionForm(data=_known(found, actor))
    form.scan.flags.required = True
    sent = request.files.get("scan")
    if request.method == "POST" and not form.validate():
        if not sent:
            show_refusal(form, Refusal("decision.no_file"), {"decision.no_file": "scan"})
    elif request.method == "POST":
        content = sent.read(LARGEST + 1) if sent else b""
        try:
            decision = form.decision((sent.filename if sent else "") or "", content)
            approving.submit_batch(batch_id, decision, actor=actor)
        except Refusal as refusal:
            if refusal.status in {403, 404}:
                raise
            places = {**_PLACES, **(dict.fromkeys([refusal.code], "scan") if _of_file(refusal.code) else {})}
            show_refusal(form, refusal, places)
            found = queries.get_batch(actor, batch_id)
        else:
            flash(_("The batch is submitted. Next: somebody who may approves it."), "success")
            return redirect(url_for("certificates.batch", batch_id=batch_id), 303)
    page = render_template(
        "certificates/submit.html",
        form=form,
        batch=found,
        counts=queries.count_lines(found.id),
        megabytes=LARGEST // 1024 // 1024,
    )
    return page, 422 if form.errors or form.form_errors else 200


def _known(batch: IssueBatch, actor: Actor) -> dict[str, object]:
    """What the form begins with: what was entered before, else who signs by the course's design."""
    design = approving.template_of(actor.organisation_id, batch.course_id)
    signs = dict(design.settings) if design else {}
    return {
        "number": batch.decision_number,
        "decided_on": batch.decision_on,
        "issued_on": batch.issued_on or today(actor.time_zone),
        "signer_title": batch.signer_title or signs.get("signer_title", ""),
        "signer_name": batch.signer_name or signs.get("signer_name", ""),
    }


def _of_file(code: str) -> bool:
    return code.startswith(("decision.file_", "picture.")) or code == "decision.no_file"


@bp.post("/batches/<batch_id>/take-back")
@requires("certificate.manage")
def take_back_batch(batch_id: str) -> ResponseReturnValue:
    """Make it a draft again."""
    act = partial(approving.take_back_batch, batch_id, actor=current_actor())
    return step(batch_id, act, _("The batch is a draft again."), batch_page)


@bp.post("/batches/<batch_id>/approve")
@requires("certificate.approve")
def approve_batch(batch_id: str) -> ResponseReturnValue:
    """Let the certificates be issued."""
    act = partial(approving.approve_batch, batch_id, actor=current_actor())
    return step(batch_id, act, _("Approved. The numbers are being given."), batch_page)


@bp.post("/batches/<batch_id>/resume")
@requires("certificate.approve")
def resume_batch(batch_id: str) -> ResponseReturnValue:
    """Ask once more for the job that gives the numbers."""
    act = partial(approving.resume_batch, batch_id, actor=current_actor())
    return step(batch_id, act, _("It goes on where it was."), batch_page)


@bp.post("/batches/<batch_id>/cancel")
@requires("certificate.manage")
def cancel_batch(batch_id: str) -> ResponseReturnValue:
    """Put a batch away that is not approved."""
    reason = request.form.get("reason", "")
    act = partial(approving.cancel_batch, batch_id, reason, actor=current_actor())
    return step(batch_id, act, _("The batch is cancelled."), batch_page)
