"""One certificate as a PDF, made when it is asked for."""

from flask import Blueprint, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.certification.documents import certificate as paper
from classroom.certification.models import IssueBatch
from classroom.certification.queries.designs import design_of_batch, verify_root
from classroom.certification.queries.printing import certificate_to_print
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.db import release
from classroom.core.errors import NotFound
from classroom.web.files import send_pdf
from classroom.web.guards import current_actor, requires

bp = Blueprint("certificate_pdf", __name__, url_prefix="/certificates")


@bp.get("/<certificate_id>.pdf")
@requires("certificate.read")
def single(certificate_id: str) -> ResponseReturnValue:
    """The certificate as it was issued; one that is no longer valid says so across the page."""
    actor = current_actor()
    found = certificate_to_print(actor, certificate_id)
    if found.erased_at is not None:
        raise NotFound("certificate.erased")
    chosen = design_of_batch(found.batch)
    look = paper.Look(chosen.design, chosen.logo, verify_root(actor.organisation_id, here()), found.state)
    printable = paper.Printable(PrintedFacts.from_json(found.facts), found.code)
    release()
    name = f"Giấy chứng nhận {printable.facts.number.replace('/', '-')} {printable.facts.name}.pdf"
    return send_pdf(paper.render([printable], look), name)


def here() -> str:
    """The address of the pages, for organisations without one of their own for verification."""
    return str(current_app.config["PUBLIC_URL"] or request.url_root.rstrip("/"))


def crumbs_of(batch: IssueBatch) -> list[tuple[str, str]]:
    """The way from a page about printing back to its batch."""
    name = batch.title or gettext("Batch %(number)s – %(course)s", number=batch.number, course=batch.course.name)
    endpoint = "certificates.batch"
    known = endpoint in current_app.view_functions
    return [(name, url_for(endpoint, batch_id=batch.public_id))] if known else []
