"""One-time links: a first or forgotten password, and the very first start."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.accounts import queries, services
from classroom.accounts.forms import NewPasswordForm, SetupForm
from classroom.accounts.models import Staff
from classroom.accounts.rules import SHORTEST_PASSWORD
from classroom.accounts.views.door import blame, bp, let_in, origin, user_agent
from classroom.core.clock import now
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.signing import token_hash
from classroom.web.guards import public
from classroom.web.words import say


@bp.get("/link/<token>")
@public
def use_link(token: str) -> ResponseReturnValue:
    """Ask for a password. Looking uses nothing up: chat programs open links to show a preview."""
    staff = queries.find_open_link(token_hash(token), now())
    if staff is None:
        return _dead("account.link_unusable")
    return _ask(staff, NewPasswordForm())


@bp.post("/link/<token>")
@public
def set_password_by_link(token: str) -> ResponseReturnValue:
    """Set the password, use the link up, and go on signed in."""
    form = NewPasswordForm()
    staff = queries.find_open_link(token_hash(token), now())
    if staff is None:
        return _dead("account.link_unusable")
    if form.validate_on_submit():
        try:
            cookie, person = services.use_link(token, form.password.data, user_agent=user_agent(), origin=origin())
        except NotFound as gone:
            return _dead(gone.code)
        except Invalid as refusal:
            blame(form.password, refusal)
        else:
            response = let_in(cookie, person, "/")
            flash(_("Your password is set. From now on, sign in as %(username)s.", username=person.username), "success")
            return response
    return _ask(staff, form), 422


def _ask(staff: Staff, form: NewPasswordForm) -> str:
    return render_template("accounts/link.html", form=form, staff_member=staff, shortest=SHORTEST_PASSWORD)


def _dead(code: str) -> ResponseReturnValue:
    return render_template("accounts/dead_link.html", message=say(code)), 404


@bp.get("/setup/<token>")
@public
def setup(token: str) -> ResponseReturnValue:
    """The first page that a new deployment shows."""
    if not queries.find_setup_link(token_hash(token)):
        return _dead("account.setup_done")
    return render_template("accounts/setup.html", form=SetupForm(), shortest=SHORTEST_PASSWORD)


@bp.post("/setup/<token>")
@public
def finish_setup(token: str) -> ResponseReturnValue:
    """Make the organisation with its first person, who goes on signed in."""
    form = SetupForm()
    if not queries.find_setup_link(token_hash(token)):
        return _dead("account.setup_done")
    if form.validate_on_submit():
        try:
            cookie, person = services.finish_setup(token, form.start(), user_agent=user_agent(), origin=origin())
        except NotFound as gone:
            return _dead(gone.code)
        except Refusal as refusal:
            blame(form.password if refusal.code.startswith("account.password") else form, refusal)
        else:
            response = let_in(cookie, person, "/admin/staff")
            flash(_("All is set up. Next, make accounts for your coordinators and trainers."), "success")
            return response
    return render_template("accounts/setup.html", form=form, shortest=SHORTEST_PASSWORD), 422
