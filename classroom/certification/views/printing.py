"""Print runs of a batch: ask for one, fetch its files, see what was printed when and why again."""

import zipfile
from collections.abc import Iterator
from typing import IO, cast

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.accounts import queries as accounts
from classroom.certification.models import IssueBatch, PrintRun
from classroom.certification.queries import printing as queries
from classroom.certification.rules.printing import Scope
from classroom.certification.services import printing as services
from classroom.certification.views.certificate_pdf import crumbs_of, here
from classroom.core.db import db, release
from classroom.core.errors import Forbidden, Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.jobs.queries import latest_job
from classroom.web.files import PDF, send_file
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.issuing import CERTIFICATE_STATES

bp = Blueprint("certificate_printing", __name__, url_prefix="/certificates")
_LARGEST_NUMBER = 9_999_999
#: So many numbers that are no longer valid are named.
_NAMED = 10


@bp.get("/batches/<batch_id>/print")
@requires("certificate.read")
def runs(batch_id: str) -> ResponseReturnValue:
    """What was printed of a batch, and the form for more."""
    return _page(queries.batch_to_print(current_actor(), batch_id))


@bp.post("/batches/<batch_id>/print")
@requires("certificate.manage")
def start(batch_id: str) -> ResponseReturnValue:
    """Print a batch, a class or an intake of it, perhaps from a number on."""
    actor = current_actor()
    batch = queries.batch_to_print(actor, batch_id)
    try:
        scope = _scope(batch)
        run = services.print_run(batch_id, scope, reason=request.form.get("reason", ""), public_url=here(), actor=actor)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        return _page(queries.batch_to_print(actor, batch_id), say_refusal(refusal)), 422
    return redirect(url_for("certificate_printing.run", run_id=run.public_id), 303)


@bp.post("/<certificate_id>/print")
@requires("certificate.manage")
def start_single(certificate_id: str) -> ResponseReturnValue:
    """Print one certificate so that it is noted; the second time with a reason."""
    actor = current_actor()
    found = queries.certificate_to_print(actor, certificate_id)
    scope = Scope(certificate_id=found.id, name=found.number)
    made = services.print_run(
        found.batch.public_id, scope, reason=request.form.get("reason", ""), public_url=here(), actor=actor
    )
    return redirect(url_for("certificate_printing.run", run_id=made.public_id), 303)


@bp.get("/print-runs/<run_id>")
@requires("certificate.read")
def run(run_id: str) -> ResponseReturnValue:
    """One run with its progress and files, and what in them is no longer valid."""
    return _run_page(queries.get_run(current_actor(), run_id))


@bp.post("/print-runs/<run_id>/anew")
@requires("certificate.manage")
def anew(run_id: str) -> ResponseReturnValue:
    """Make files once more without what is no longer valid."""
    actor = current_actor()
    found = queries.get_run(actor, run_id)
    numbers = [one.number for gone in queries.no_longer_valid(found.id).values() for one in gone]
    said = ", ".join(numbers[:_NAMED]) + (" …" if len(numbers) > _NAMED else "")
    reason = (
        _("made anew without %(numbers)s, no longer valid", numbers=said)
        if numbers
        else _("made anew, files were dropped")
    )
    try:
        services.make_anew(run_id, reason, actor=actor)
    except Refusal as refusal:
        if isinstance(refusal, NotFound | Forbidden):
            raise
        return _run_page(queries.get_run(actor, run_id), say_refusal(refusal)), refusal.status
    return redirect(url_for("certificate_printing.run", run_id=run_id), 303)


@bp.get("/print-files/<file_id>.pdf")
@requires("certificate.read")
def file(file_id: str) -> ResponseReturnValue:
    """One file of a run; refused on the run's page while something in it is no longer valid."""
    found = queries.get_file(current_actor(), file_id)
    if found.id in queries.no_longer_valid(found.run_id):
        refusal = Refusal("print.no_longer_valid")
        return _run_page(queries.run_of(found), say_refusal(refusal)), refusal.status
    if found.file is None:
        raise NotFound
    content, name = found.file.content, found.file.filename
    release()
    return send_file(content, PDF, name)


@bp.get("/print-runs/<run_id>/all.zip")
@requires("certificate.read")
def archive(run_id: str) -> ResponseReturnValue:
    """All files of a run in one, sent while it is read: never more than one of them is in memory."""
    found = queries.get_run(current_actor(), run_id)
    keys = [part.file_id for part in found.files if part.file_id is not None]
    if found.state != "ready" or not keys:
        raise NotFound
    if queries.no_longer_valid(found.id):
        refusal = Refusal("print.no_longer_valid")
        return _run_page(found, say_refusal(refusal)), refusal.status
    name = f"giay-chung-nhan-{found.public_id}.zip"
    release()
    answer = Response(_zipped(keys), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


class _Pipe:
    """A file that can only be written to, and gives out what was written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def _zipped(keys: list[int]) -> Iterator[bytes]:
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001

    def sent() -> Iterator[bytes]:
        pipe = _Pipe()
        with zipfile.ZipFile(cast("IO[bytes]", pipe), "w", zipfile.ZIP_STORED) as archive:
            for key in keys:
                with app.app_context():
                    stored = db.session.get_one(StoredFile, key)
                    archive.writestr(stored.filename, stored.content)
                yield pipe.take()
        yield pipe.take()

    return sent()


def _scope(batch: IssueBatch) -> Scope:
    kind, _, key = request.form.get("what", "").partition(":")
    group = next((one for one in queries.groups(batch.id) if (one.kind, one.public_id) == (kind, key)), None)
    if kind and group is None:
        raise NotFound
    first, last = _number("first"), _number("last")
    return Scope(
        class_id=group.id if group and kind == "class" else None,
        intake_id=group.id if group and kind == "intake" else None,
        name=group.name if group else "",
        first_serial=first,
        last_serial=last,
    )


def _number(field: str) -> int:
    typed = request.form.get(field, "").strip()
    if not typed:
        return 0
    if not typed.isascii() or not typed.isdigit() or not 0 < int(typed) <= _LARGEST_NUMBER:
        raise Invalid("print.number")
    return int(typed)


def _page(batch: IssueBatch, error: str = "") -> str:
    actor = current_actor()
    return render_template(
        "certificate_printing/runs.html",
        batch=batch,
        crumbs=crumbs_of(batch),
        runs=queries.runs_of(batch.id),
        groups=queries.groups(batch.id),
        printed=queries.any_printed(batch.id, Scope()),
        error=error,
        staff={one.id: one.name for one in accounts.staff_of(actor.organisation_id)},
        job_of=lambda found: latest_job(actor.organisation_id, services.TASK, found.id),
    )


def _run_page(found: PrintRun, error: str = "") -> str:
    actor = current_actor()
    return render_template(
        "certificate_printing/run.html",
        run=found,
        crumbs=crumbs_of(found.batch),
        job=latest_job(actor.organisation_id, services.TASK, found.id),
        maker=accounts.get_staff_by_id(actor.organisation_id, found.made_by) if found.made_by else None,
        gone=queries.no_longer_valid(found.id),
        lacking=queries.lacking(found),
        named=_NAMED,
        states=CERTIFICATE_STATES,
        error=error,
    )
