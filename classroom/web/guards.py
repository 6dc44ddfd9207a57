"""Who may enter. Every view names a permission or says that it is public; one check before the request holds all."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, g, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest
from werkzeug.exceptions import NotFound as NoSuchPage

from classroom.core.actor import Actor
from classroom.core.errors import Forbidden, Refusal

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"
#: Held by everybody who is signed in.
SIGNED_IN = "account.own"


class SignInNeeded(Refusal):
    """Nobody is signed in, or no longer."""

    status = 401


def requires(permission: str) -> Callable[[View], View]:
    """Open the view only to a signed-in member of staff who holds the permission."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Open the view to anybody; it must guard itself by codes, grants or tokens."""
    view.permission = PUBLIC  # type: ignore[attr-defined]
    return view


def install(app: Flask, load_actor: Callable[[], Actor | None]) -> None:
    """Guard every request of the application; `load_actor` is brought by the accounts room."""
    app.extensions["classroom_actor_loader"] = load_actor
    app.before_request(_check_letters)
    app.before_request(_check_door)


def find_actor() -> Actor | None:
    """The signed-in member of staff, or None; looked up once a request."""
    if "actor" not in g:
        from flask import current_app

        g.actor = current_app.extensions["classroom_actor_loader"]()
    found: Actor | None = g.actor
    return found


def current_actor() -> Actor:
    """The signed-in member of staff; refuses when nobody is."""
    actor = find_actor()
    if actor is None:
        raise SignInNeeded("account.sign_in_needed")
    return actor


def wants_json() -> bool:
    """Whether a script asked, which can follow no redirect to a page."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def safe_next(target: str | None) -> str | None:
    """`target` when it is a path of ours, None when it leads elsewhere."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target):
        return None
    return target


def _check_letters() -> None:
    """No keyboard writes the letter 0, and PostgreSQL keeps no text with it."""
    if "\0" in request.path:
        raise NoSuchPage
    if any("\0" in text for sent in (request.args, request.form) for pair in sent.items(multi=True) for text in pair):
        raise BadRequest


def _check_door() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    from flask import current_app

    view = current_app.view_functions[request.endpoint]
    permission = getattr(view, "permission", None)
    if permission is None:
        raise RuntimeError(f"{request.endpoint} names no permission")
    if permission == PUBLIC:
        return None
    actor = find_actor()
    if actor is None:
        return _ask_to_sign_in()
    if permission != SIGNED_IN and not actor.may(permission):
        raise Forbidden(permission=permission)
    return None


def _ask_to_sign_in() -> ResponseReturnValue:
    if wants_json() or request.method != "GET":
        if wants_json():
            return jsonify(error="account.sign_in_needed"), 401
        raise SignInNeeded("account.sign_in_needed")
    return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
