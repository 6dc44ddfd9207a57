"""Whether a certificate is what it says: for anybody, without signing in, scripts or cookies.

Nothing is written: a counter in the database would make a miss slower or faster than a hit, and the page slow.
"""

from datetime import timedelta
from typing import Final

from flask import Blueprint, Response, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from classroom.certification.queries.verifying import find_by_code
from classroom.certification.rules.codes import LENGTH, parse_code, shown_code
from classroom.certification.rules.verifying import shown
from classroom.core.ceiling import Ceiling
from classroom.web.guards import public

bp = Blueprint("verify", __name__)

WINDOW: Final = timedelta(minutes=10)
#: Whole offices stand behind one address, and a code is 60 bits: this is against floods, not against guessing.
PER_ADDRESS: Final = Ceiling(20_000, WINDOW)
#: Above what one address may ask, so that nobody alone can keep others from looking at a certificate.
PER_CODE: Final = Ceiling(50_000, WINDOW)
_NO_CODE: Final = "U" * LENGTH
"""Never written as a code, and looked up all the same: what is no code at all takes as long as one that is unknown."""
_LONGEST_TYPED: Final = 60


@bp.after_request
def tell_nobody(response: Response) -> Response:
    """Not for search engines, not for the next page."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.get("/V")
@bp.get("/v")
@public
def ask() -> ResponseReturnValue:
    """A field for the code; what was typed is looked up at its own address."""
    typed = request.args.get("code", "").strip()
    if typed:
        written = typed[:_LONGEST_TYPED].replace("/", "-")
        return redirect(url_for("verify.show", code=parse_code(written) or written), 303)
    return make_response(render_template("verify/ask.html"))


@bp.get("/V/<code>")
@bp.get("/v/<code>")
@public
def show(code: str) -> ResponseReturnValue:
    """What is known of the certificate with this code."""
    parsed = parse_code(code)
    if PER_ADDRESS.reached(request.remote_addr or "") or PER_CODE.reached(parsed or _NO_CODE):
        return make_response(render_template("verify/busy.html"), 429, {"Retry-After": str(WINDOW.seconds)})
    found = find_by_code(parsed or _NO_CODE)
    answer = shown(found)
    g.time_zone = answer.time_zone
    page = render_template(
        "verify/show.html", answer=answer, code=shown_code(parsed) if parsed else code[:_LONGEST_TYPED]
    )
    return make_response(page, 200 if found else 404)
