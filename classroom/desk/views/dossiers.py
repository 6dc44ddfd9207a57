"""Dossiers of classes and certificates, to be read, printed or taken along; each look is written down."""

from typing import Any

from flask import Response, render_template, url_for
from flask.typing import ResponseReturnValue

from classroom.core.db import release
from classroom.desk import services
from classroom.desk.dossiers import Dossier, certificate_dossier, class_dossier, dossier_pdf, dossier_zip
from classroom.desk.views.blueprint import bp
from classroom.web.files import send_file, send_pdf
from classroom.web.guards import current_actor, requires

_ZIP = "application/zip"


@bp.get("/classes/<class_id>/dossier")
@requires("attendance.read")
def class_dossier_page(class_id: str) -> ResponseReturnValue:
    """Everything about a class on one page."""
    made = class_dossier(current_actor(), class_id)
    return _page(made, url_for("desk.class_page", class_id=class_id), "desk.class_dossier_file", class_id=class_id)


@bp.get("/classes/<class_id>/dossier.<any(pdf, zip):kind>")
@requires("attendance.read")
def class_dossier_file(class_id: str, kind: str) -> ResponseReturnValue:
    """The same as one PDF, or as a package with its attachments."""
    return _file(class_dossier(current_actor(), class_id), kind)


@bp.get("/certificates/<certificate_id>/dossier")
@requires("certificate.read")
def certificate_dossier_page(certificate_id: str) -> ResponseReturnValue:
    """Why somebody has this certificate, on one page."""
    made = certificate_dossier(current_actor(), certificate_id)
    return _page(made, "", "desk.certificate_dossier_file", certificate_id=certificate_id)


@bp.get("/certificates/<certificate_id>/dossier.<any(pdf, zip):kind>")
@requires("certificate.read")
def certificate_dossier_file(certificate_id: str, kind: str) -> ResponseReturnValue:
    """The same as one PDF, or as a package with its attachments."""
    return _file(certificate_dossier(current_actor(), certificate_id), kind)


def _page(made: Dossier, back: str, endpoint: str, **ids: str) -> str:
    services.note_dossier("dossier.opened", made.subject, made.about, "", actor=current_actor())
    values: dict[str, Any] = dict(ids)
    files = {kind: url_for(endpoint, kind=kind, **values) for kind in ("pdf", "zip")}
    return render_template("desk/dossier.html", made=made, back=back, files=files)


def _file(made: Dossier, kind: str) -> Response:
    actor = current_actor()
    services.note_dossier("dossier.downloaded", made.subject, made.about, kind, actor=actor)
    release()
    if kind == "pdf":
        return send_pdf(dossier_pdf(made, actor.time_zone), f"{made.name}.pdf")
    return send_file(dossier_zip(made, actor.time_zone), _ZIP, f"{made.name}.zip")
