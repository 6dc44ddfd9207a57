"""The blueprint of intakes, accounts and imports; addresses begin with /online."""

from typing import Any

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from classroom.core.errors import Forbidden, NotFound, Refusal

bp = Blueprint("online", __name__, url_prefix="/online")


def go(endpoint: str, **values: Any) -> ResponseReturnValue:
    """Answer a form that was taken: the browser opens the page with a GET."""
    return redirect(url_for(endpoint, **values), 303)


def pass_on(refusal: Refusal) -> None:
    """Let refusals through that no change of the form could heal."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
