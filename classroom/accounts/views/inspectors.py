"""Invite an inspector: a name, a last day, an order; nothing else can be chosen."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts import services
from classroom.accounts.forms import InspectorForm
from classroom.accounts.rules import LONGEST_INSPECTION
from classroom.accounts.views.door import blame, bp
from classroom.accounts.views.staff import show_link
from classroom.core.errors import Refusal
from classroom.web.guards import current_actor, requires


@bp.get("/admin/inspectors/new")
@requires("staff.manage")
def new_inspector() -> ResponseReturnValue:
    """An empty form."""
    return _page(InspectorForm())


@bp.post("/admin/inspectors/new")
@requires("staff.manage")
def invite_inspector() -> ResponseReturnValue:
    """Make the account and show its one-time link."""
    form, actor = InspectorForm(), current_actor()
    if form.validate_on_submit():
        try:
            made = services.invite_inspector(form.facts(), actor=actor)
        except Refusal as refusal:
            blame(form.last_on if refusal.code == "inspector.day" else form.username, refusal)
        else:
            return show_link(made, services.make_link(made, actor=actor), url_for("accounts.staff"))
    return _page(form), 422


def _page(form: InspectorForm) -> str:
    return render_template("accounts/new_inspector.html", form=form, days=LONGEST_INSPECTION.days)
