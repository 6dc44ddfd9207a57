"""One's own organisation, and for the operator all of them."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.accounts import queries, services
from classroom.accounts.forms import NewOrganisationForm, OrganisationForm
from classroom.accounts.views.door import blame, bp
from classroom.accounts.views.staff import show_link
from classroom.core.errors import NotFound, Refusal
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.get("/admin/organisation")
@requires("organisation.manage")
def organisation() -> ResponseReturnValue:
    """How the organisation is called on papers."""
    found = queries.get_organisation(current_actor().organisation_id)
    return render_template("accounts/organisation.html", form=OrganisationForm(obj=found))


@bp.post("/admin/organisation")
@requires("organisation.manage")
def save_organisation() -> ResponseReturnValue:
    """Change it; papers printed from now on carry the new words."""
    form = OrganisationForm()
    if not form.validate_on_submit():
        return render_template("accounts/organisation.html", form=form), 422
    try:
        services.edit_organisation(form.facts(), actor=current_actor(), knowingly="keep_times" in request.form)
    except Refusal as refusal:
        blame(form.time_zone, refusal)
        asks = refusal.code == "organisation.sessions_planned"
        return render_template("accounts/organisation.html", form=form, asks=asks), refusal.status
    flash(_("Saved. Papers printed from now on show it like this."), "success")
    return redirect(url_for("accounts.organisation"), 303)


@bp.get("/admin/organisations")
@requires("deployment.manage")
def organisations() -> ResponseReturnValue:
    """Every organisation of this deployment."""
    return render_template(
        "accounts/organisations.html",
        organisations=queries.organisations(),
        administrators=queries.administrators(),
        own_id=current_actor().organisation_id,
    )


@bp.get("/admin/organisations/new")
@requires("deployment.manage")
def new_organisation() -> ResponseReturnValue:
    """An empty form."""
    return render_template("accounts/new_organisation.html", form=NewOrganisationForm())


@bp.post("/admin/organisations/new")
@requires("deployment.manage")
def create_organisation() -> ResponseReturnValue:
    """Make the organisation and show the link of its first administrator."""
    form = NewOrganisationForm()
    if form.validate_on_submit():
        try:
            _made, person, token = services.open_organisation(form.facts(), form.first(), actor=current_actor())
        except Refusal as refusal:
            blame(form.username, refusal)
        else:
            return show_link(person, token, url_for("accounts.organisations"))
    return render_template("accounts/new_organisation.html", form=form), 422


@bp.post("/admin/organisations/<organisation_id>/switch-off")
@requires("deployment.manage")
def switch_off_organisation(organisation_id: str) -> ResponseReturnValue:
    """Close it: nobody of its staff is signed in from now on."""
    return _switch(organisation_id, on=False)


@bp.post("/admin/organisations/<organisation_id>/switch-on")
@requires("deployment.manage")
def switch_on_organisation(organisation_id: str) -> ResponseReturnValue:
    """Open it again."""
    return _switch(organisation_id, on=True)


@bp.post("/admin/organisations/<organisation_id>/administrators/<staff_id>/link")
@requires("deployment.manage")
def make_administrator_link(organisation_id: str, staff_id: str) -> ResponseReturnValue:
    """A fresh link for an administrator who cannot get in."""
    person, token = services.make_administrator_link(organisation_id, staff_id, actor=current_actor())
    return show_link(person, token, url_for("accounts.organisations"))


def _switch(organisation_id: str, *, on: bool) -> ResponseReturnValue:
    try:
        found = services.switch_organisation(organisation_id, on=on, actor=current_actor())
    except NotFound:
        raise
    except Refusal as refusal:
        flash(say_refusal(refusal), "danger")
    else:
        words = _("%(name)s is open again.") if on else _("%(name)s is switched off.")
        flash(words % {"name": found.name}, "success")
    return redirect(url_for("accounts.organisations"), 303)
