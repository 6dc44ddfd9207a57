"""The scanner's page and what makes it open without a network. Nothing in it is about anybody."""

from flask import Blueprint, jsonify, make_response, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.errors import NotFound
from classroom.web.assets import DIST, asset
from classroom.web.brand import brand_png
from classroom.web.guards import public
from classroom.web.headers import WORKER_POLICY

bp = Blueprint("tablet_pages", __name__, url_prefix="/tablet")

ICON_SIZES = (180, 192, 512)
_LONGEST_MARK = 20


@bp.get("/")
@public
def shell() -> ResponseReturnValue:
    """The empty page; its script asks for everything else. It is the same for everybody who reads this language."""
    response = make_response(render_template("tablet/shell.html"))
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/sw.js")
@public
def worker() -> ResponseReturnValue:
    """The service worker, at an address that never changes; it is looked at anew at every start."""
    response = make_response((DIST / "tablet-sw.js").read_bytes())
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'"
    return response


@bp.get("/decoder-<mark>.js")
@public
def decoder(mark: str) -> ResponseReturnValue:
    """The worker that reads codes, inside the service worker's scope; its name changes with its content."""
    made = DIST / f"decoder-{mark}.js"
    if not (mark.isascii() and mark.isalnum() and len(mark) <= _LONGEST_MARK) or not made.is_file():
        raise NotFound
    response = make_response(made.read_bytes())
    response.headers["Content-Type"] = "text/javascript; charset=utf-8"
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Content-Security-Policy"] = WORKER_POLICY
    return response


@bp.get("/icon-<int:size>.png")
@public
def icon(size: int) -> ResponseReturnValue:
    """The sign for the home screen."""
    if size not in ICON_SIZES:
        raise NotFound
    response = make_response(brand_png(size))
    response.headers["Content-Type"] = "image/png"
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


@bp.get("/manifest.webmanifest")
@public
def manifest() -> ResponseReturnValue:
    """What the home screen of the tablet shows."""
    said = {
        "name": _("Classroom – scanner"),
        "short_name": _("Scanner"),
        "start_url": "/tablet/",
        "scope": "/tablet/",
        "display": "standalone",
        "background_color": "#f5f7fa",
        "theme_color": "#0b5cad",
        "icons": [
            {"src": asset("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(
                {
                    "src": url_for(".icon", size=size),
                    "sizes": f"{size}x{size}",
                    "type": "image/png",
                    "purpose": "any maskable",
                }
                for size in (192, 512)
            ),
        ],
    }
    response = jsonify(said)
    response.headers["Content-Type"] = "application/manifest+json"
    return response
