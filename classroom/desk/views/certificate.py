"""The certificate of `classroom serve --tls`, for tablets to install."""

from pathlib import Path

from flask import Blueprint, Response, current_app, make_response, render_template
from flask.typing import ResponseReturnValue

from classroom.core.certificates import Pair, find_pair
from classroom.core.errors import NotFound
from classroom.web.guards import public

bp = Blueprint("certificate", __name__)


@bp.get("/certificate")
@public
def steps() -> ResponseReturnValue:
    """How to install it, and the fingerprint to be compared with the one that the server has printed."""
    return make_response(render_template("desk/certificate.html", pair=_pair()))


@bp.get("/certificate.crt")
@public
def download() -> ResponseReturnValue:
    """The certificate itself; its key stays on the server."""
    response = Response(_pair().certificate.read_bytes(), content_type="application/x-x509-ca-cert")
    response.headers["Content-Disposition"] = 'attachment; filename="classroom.crt"'
    return response


def _pair() -> Pair:
    pair = find_pair(Path(current_app.config["INSTANCE"])) if current_app.config["TLS"] else None
    if pair is None:
        raise NotFound
    return pair
