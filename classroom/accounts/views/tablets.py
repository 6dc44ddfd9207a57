"""The organisation's tablets: added with a one-time code, looked after, put out."""

from flask import current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.accounts import presenters, queries, services
from classroom.accounts.models import Tablet
from classroom.accounts.rules import TABLET_CODE_LIFE
from classroom.accounts.views.door import bp
from classroom.core.clock import now
from classroom.core.errors import NotFound, Refusal
from classroom.core.qr import qr_svg
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.get("/tablets")
@requires("tablet.manage")
def tablets() -> ResponseReturnValue:
    """All of them with what they last said, and the form for one more."""
    return _list_page()


@bp.post("/tablets")
@requires("tablet.manage")
def add_tablet() -> ResponseReturnValue:
    """Add a tablet and show its code."""
    try:
        tablet, code = services.add_tablet(request.form.get("name", ""), actor=current_actor())
    except Refusal as refusal:
        return _list_page(say_refusal(refusal)), refusal.status
    return _code_page(tablet, code)


@bp.get("/tablets/<tablet_id>")
@requires("tablet.manage")
def tablet(tablet_id: str) -> ResponseReturnValue:
    """One tablet with everything that can be done about it."""
    return _tablet_page(_get(tablet_id))


@bp.post("/tablets/<tablet_id>")
@requires("tablet.manage")
def rename_tablet(tablet_id: str) -> ResponseReturnValue:
    """Give it another name."""
    _get(tablet_id)
    try:
        services.rename_tablet(tablet_id, request.form.get("name", ""), actor=current_actor())
    except Refusal as refusal:
        return _tablet_page(_get(tablet_id), name_error=say_refusal(refusal)), refusal.status
    flash(_("Saved."), "success")
    return redirect(url_for("accounts.tablets"), 303)


@bp.post("/tablets/<tablet_id>/code")
@requires("tablet.manage")
def renew_tablet_code(tablet_id: str) -> ResponseReturnValue:
    """Another one-time code, shown this once."""
    _get(tablet_id)
    try:
        found, code = services.renew_code(tablet_id, actor=current_actor())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(say_refusal(refusal), "danger")
        return redirect(url_for("accounts.tablet", tablet_id=tablet_id), 303)
    return _code_page(found, code)


@bp.post("/tablets/<tablet_id>/revoke")
@requires("tablet.manage")
def revoke_tablet(tablet_id: str) -> ResponseReturnValue:
    """Put it out, with a reason."""
    _get(tablet_id)
    try:
        found = services.revoke_tablet(tablet_id, request.form.get("reason", ""), actor=current_actor())
    except Refusal as refusal:
        return _tablet_page(_get(tablet_id), reason_error=say_refusal(refusal)), refusal.status
    flash(_("%(name)s gets no list any more. What it still brings waits in the inbox.", name=found.name), "success")
    return redirect(url_for("accounts.tablets"), 303)


def _get(tablet_id: str) -> Tablet:
    return queries.get_tablet(current_actor().organisation_id, tablet_id)


def _list_page(error: str = "") -> str:
    rows = [presenters.present_tablet(one) for one in queries.tablets_of(current_actor().organisation_id)]
    return render_template("accounts/tablets.html", rows=rows, error=error, typed=request.form.get("name", ""))


def _tablet_page(found: Tablet, name_error: str = "", reason_error: str = "") -> str:
    return render_template(
        "accounts/tablet.html",
        tablet=found,
        row=presenters.present_tablet(found),
        name_error=name_error,
        reason_error=reason_error,
        typed=request.form.get("name", found.name),
    )


def _code_page(found: Tablet, code: str) -> str:
    root = current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")
    address = f"{root}/tablet/"
    return render_template(
        "accounts/tablet_code.html",
        tablet=found,
        code=f"{code[:4]} {code[4:]}",
        address=address,
        # What follows # stays in the browser: no log and no proxy sees it.
        qr=qr_svg(f"{address}#code={code}", _("Code for %(name)s", name=found.name)),
        expires_at=now() + TABLET_CODE_LIFE,
    )
