"""Certificates unit by unit: receipt sheets, handing out, and which spellings mean one unit."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from classroom.accounts import queries as accounts
from classroom.certification.documents.receipts import ReceiptHead, receipt_pdf
from classroom.certification.models import IssueBatch
from classroom.certification.queries import units as queries
from classroom.certification.queries.printing import batch_to_print
from classroom.certification.rules.printing import Scope
from classroom.certification.services import printing
from classroom.certification.services import units as services
from classroom.certification.views.certificate_pdf import crumbs_of, here
from classroom.core.clock import today
from classroom.core.db import release
from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.core.letterhead import Letterhead
from classroom.web.files import send_pdf
from classroom.web.filters import local_date
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

bp = Blueprint("certificate_units", __name__, url_prefix="/certificates")


@bp.get("/batches/<batch_id>/units")
@requires("certificate.read")
def units(batch_id: str) -> ResponseReturnValue:
    """The units of a batch, each with what is still here."""
    return _page(batch_to_print(current_actor(), batch_id))


@bp.get("/batches/<batch_id>/receipt.pdf")
@requires("certificate.read")
def receipt(batch_id: str) -> ResponseReturnValue:
    """The sheet on which the unit of `?unit=` signs."""
    actor = current_actor()
    batch = batch_to_print(actor, batch_id)
    unit = queries.get_unit(actor.organisation_id, batch.id, request.args.get("unit", ""))
    rows = queries.receipt_rows(batch.id, unit.folds)
    organisation = accounts.get_organisation(actor.organisation_id)
    day = f" ngày {local_date(batch.decision_on)}" if batch.decision_on else ""
    head = ReceiptHead(
        unit.name, batch.course.name, f"Số {batch.decision_number}{day}" if batch.decision_number else ""
    )
    letterhead = Letterhead(
        organisation.name, organisation.parent_name, organisation.place, dated_on=today(actor.time_zone)
    )
    release()
    return send_pdf(
        receipt_pdf(letterhead, head, rows), f"Giao nhận giấy chứng nhận – {unit.name or 'không đơn vị'}.pdf"
    )


@bp.post("/batches/<batch_id>/units")
@requires("certificate.manage")
def change(batch_id: str) -> ResponseReturnValue:
    """Note that a unit has its certificates or gave them back, or print them."""
    actor = current_actor()
    batch = batch_to_print(actor, batch_id)
    unit = request.form.get("unit", "")
    try:
        if request.form.get("do") == "print":
            found = queries.get_unit(actor.organisation_id, batch.id, unit)
            scope = Scope(unit_folds=found.folds, name=found.name)
            reason = request.form.get("reason", "")
            made = printing.print_run(batch_id, scope, reason=reason, public_url=here(), actor=actor)
            return redirect(url_for("certificate_printing.run", run_id=made.public_id), 303)
        to = request.form.get("to", "")
        if request.form.get("do") == "take_back":
            count = services.take_back(batch_id, unit, to, request.form.get("reason", ""), actor=actor)
            said = ngettext("%(num)s certificate is with us again.", "%(num)s certificates are with us again.", count)
        else:
            count = services.hand_out(batch_id, unit, to, actor=actor)
            said = ngettext(
                "%(num)s certificate noted as handed out.", "%(num)s certificates noted as handed out.", count
            )
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        return _page(batch_to_print(actor, batch_id), say_refusal(refusal), unit), 422
    flash(said, "success")
    return redirect(url_for("certificate_units.units", batch_id=batch_id), 303)


@bp.get("/units")
@requires("certificate.manage")
def spellings() -> ResponseReturnValue:
    """Which spellings mean one unit, and which may."""
    return _spellings()


@bp.post("/units")
@requires("certificate.manage")
def join() -> ResponseReturnValue:
    """Let spellings mean the unit that was chosen."""
    actor, unit = current_actor(), request.form.get("unit", "")
    others = [alias for alias in request.form.getlist("alias") if alias != unit]
    try:
        for alias in others[:50] or [""]:
            services.join_units(alias, unit, actor=actor)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        return _spellings(say_refusal(refusal)), 422
    return redirect(url_for("certificate_units.spellings"), 303)


@bp.post("/units/<alias_id>/part")
@requires("certificate.manage")
def part(alias_id: str) -> ResponseReturnValue:
    """Let a spelling mean a unit of its own again."""
    services.part_units(alias_id, actor=current_actor())
    return redirect(url_for("certificate_units.spellings"), 303)


def _page(batch: IssueBatch, error: str = "", unit: str = "") -> str:
    found = queries.unit_batches(current_actor().organisation_id, batch.id)
    return render_template(
        "certificate_printing/units.html",
        batch=batch,
        crumbs=crumbs_of(batch),
        units=found,
        error=error,
        chosen=unit,
    )


def _spellings(error: str = "") -> str:
    organisation_id = current_actor().organisation_id
    return render_template(
        "certificate_printing/spellings.html",
        aliases=queries.aliases(organisation_id),
        suggestions=queries.suggestions(organisation_id),
        error=error,
    )
