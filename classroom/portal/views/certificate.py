"""One's own certificate as a file."""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from classroom.certification.documents import certificate as paper
from classroom.certification.queries.designs import design_of_batch, verify_root
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.db import release
from classroom.core.errors import NotFound
from classroom.portal import queries
from classroom.portal.views import known
from classroom.portal.views.pages import bp
from classroom.web.files import send_pdf
from classroom.web.guards import public


@bp.get("/me/certificate/<certificate_id>.pdf")
@public
def certificate(certificate_id: str) -> ResponseReturnValue:
    """As it was issued, for whom it was issued to; one that is no longer valid says so across the page."""
    found = queries.own_certificate(certificate_id, [each.id for each in known.everybody()])
    if found is None:
        raise NotFound
    chosen = design_of_batch(found.batch)
    root = verify_root(found.organisation_id, str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/")))
    look = paper.Look(chosen.design, chosen.logo, root, found.state)
    printable = paper.Printable(PrintedFacts.from_json(found.facts), found.code)
    release()
    return send_pdf(paper.render([printable], look), f"Giấy chứng nhận {printable.facts.number.replace('/', '-')}.pdf")
