"""One's own account."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _

from classroom.accounts import queries, services
from classroom.accounts.forms import ChangePasswordForm, OwnAccountForm
from classroom.accounts.presenters import present_session
from classroom.accounts.rules import SHORTEST_PASSWORD
from classroom.accounts.views.door import blame, bp, present_token
from classroom.core.clock import now
from classroom.core.errors import Refusal
from classroom.core.signing import token_hash
from classroom.web.context import LANGUAGE_COOKIE
from classroom.web.guards import current_actor, requires


@bp.get("/account")
@requires("account.own")
def account() -> ResponseReturnValue:
    """Name, language, password, and where one is signed in."""
    return _page()


@bp.post("/account")
@requires("account.own")
def save_account() -> ResponseReturnValue:
    """Change what one may change about oneself."""
    form = OwnAccountForm()
    if not form.validate_on_submit():
        return _page(profile=form), 422
    language = form.language.data
    services.edit_own_account(
        form.name.data, form.phone.data or "", form.email.data or "", language, actor=current_actor()
    )
    with force_locale(language):
        flash(_("Saved."), "success")
    response = redirect(url_for("accounts.account"), 303)
    response.delete_cookie(LANGUAGE_COOKIE)
    return response


@bp.post("/account/password")
@requires("account.own")
def change_password() -> ResponseReturnValue:
    """Change the password; every other sign-in ends."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            services.change_password(
                form.old_password.data, form.new_password.data, keep=present_token(), actor=current_actor()
            )
        except Refusal as refusal:
            about_old = refusal.code in {"account.old_password_wrong", "account.too_many_tries"}
            blame(form.old_password if about_old else form.new_password, refusal)
        else:
            flash(_("Your password is changed. You have been signed out everywhere else."), "success")
            return redirect(url_for("accounts.account"), 303)
    return _page(password=form), 422


@bp.post("/account/sessions")
@requires("account.own")
def end_sessions() -> ResponseReturnValue:
    """Sign out everywhere but here."""
    ended = services.end_other_sessions(present_token(), actor=current_actor())
    words = ngettext("%(num)s other sign-in has ended.", "%(num)s other sign-ins have ended.", ended)
    flash(words, "success")
    return redirect(url_for("accounts.account"), 303)


def _page(profile: OwnAccountForm | None = None, password: ChangePasswordForm | None = None) -> str:
    actor = current_actor()
    staff = queries.get_staff_by_id(actor.organisation_id, actor.staff_id or 0)
    here = token_hash(present_token())
    return render_template(
        "accounts/account.html",
        person=staff,
        profile=profile or OwnAccountForm(formdata=None, obj=staff),
        password=password or ChangePasswordForm(formdata=None),
        sessions=[present_session(one, here) for one in queries.living_sessions(staff.id, now())],
        shortest=SHORTEST_PASSWORD,
    )
