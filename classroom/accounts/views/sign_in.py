"""Sign in and out."""

from flask import make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from classroom.accounts import services
from classroom.accounts.forms import SignInForm
from classroom.accounts.rules import TABLET_COOKIE_NAME
from classroom.accounts.views.door import (
    SESSION_COOKIE,
    blame,
    bp,
    known_browser,
    let_in,
    origin,
    present_token,
    user_agent,
)
from classroom.core.errors import Refusal
from classroom.web import cookies
from classroom.web.guards import current_actor, find_actor, public, requires, safe_next


@bp.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """The door. Whoever is in already goes through."""
    target = safe_next(request.args.get("next"))
    if find_actor():
        return redirect(target or "/")
    return render_template("accounts/sign_in.html", form=SignInForm(), next=target)


@bp.post("/sign-in")
@public
def check_sign_in() -> ResponseReturnValue:
    """Look at the password; the answer to a wrong name and to a wrong password is the same."""
    form, target = SignInForm(), safe_next(request.form.get("next"))
    if form.validate_on_submit():
        try:
            token, staff = services.sign_in(
                form.username.data,
                form.password.data,
                user_agent=user_agent(),
                origin=origin(),
                browser=known_browser(form.username.data),
                tablet=request.cookies.get(cookies.guarded(TABLET_COOKIE_NAME), ""),
            )
        except Refusal as refusal:
            blame(form, refusal)
        else:
            return let_in(token, staff, target or "/")
    return render_template("accounts/sign_in.html", form=form, next=target), 422


@bp.post("/sign-out")
@requires("account.own")
def sign_out() -> ResponseReturnValue:
    """End the session on the server, and let the browser forget pages, but not scans that were not sent yet."""
    services.sign_out(present_token(), actor=current_actor())
    session.clear()
    response = make_response(redirect(url_for("accounts.sign_in"), 303))
    cookies.drop(response, SESSION_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
