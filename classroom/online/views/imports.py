"""The pages of an import of online results: file, columns, problems, confirm; then its report and its undoing."""

from functools import partial
from io import BytesIO

from flask import Response, current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.core.sheets import SheetLimits, write_csv, write_xlsx
from classroom.online.forms.imports import columns_form, pressed
from classroom.online.models import OnlineImport
from classroom.online.queries import imports
from classroom.online.services import imports as services
from classroom.online.services.imports.checking import steps_of
from classroom.online.views import import_pages
from classroom.online.views.blueprint import bp
from classroom.sessions.services.imports import Upload
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/imports")
@requires("online.read")
def imports_list() -> ResponseReturnValue:
    """Every import of the organisation, and the intakes that take one."""
    actor = current_actor()
    return render_template(
        "online_imports/list.html", history=imports.imports_of(actor), intakes=imports.intakes_for_imports(actor)
    )


@bp.get("/intakes/<intake_id>/imports/new")
@requires("online.manage")
def new_import(intake_id: str) -> ResponseReturnValue:
    """The form for one file or two, and the history of the intake."""
    return _new_page(intake_id)


@bp.post("/intakes/<intake_id>/imports/new")
@requires("online.manage")
def upload_import(intake_id: str) -> ResponseReturnValue:
    """Keep the files and go to their columns; files that cannot be used say why in place."""
    sent = [one for one in request.files.getlist("files") if one.filename][:3]
    uploads = [Upload(one.filename or "", one.read()) for one in sent]
    try:
        made = services.upload_results(
            uploads, intake_id=intake_id, limits=_limits(), secret=_secret(), actor=current_actor()
        )
    except Refusal as refusal:
        _pass_on(refusal)
        return _new_page(intake_id, say_refusal(refusal)), 422
    return redirect(url_for("online.import_columns", online_import_id=made.public_id), 303)


@bp.get("/imports/template.xlsx")
@requires("online.read")
def import_template() -> ResponseReturnValue:
    """The file to fill in where a platform has no export."""
    return _download(write_xlsx([import_pages.template_table()]), _XLSX, "mau-ket-qua-truc-tuyen.xlsx")


@bp.get("/imports/template.csv")
@requires("online.read")
def import_template_csv() -> ResponseReturnValue:
    """The same as text."""
    return _download(write_csv(import_pages.template_table()), "text/csv", "mau-ket-qua-truc-tuyen.csv")


@bp.get("/imports/<online_import_id>/columns")
@requires("online.manage")
def import_columns(online_import_id: str) -> ResponseReturnValue:
    """The sheet as it is, with what each column is taken for."""
    found = imports.get_import(current_actor(), online_import_id)
    return _closed(found) or _columns_page(found)


@bp.post("/imports/<online_import_id>/columns")
@requires("online.manage")
def save_import_columns(online_import_id: str) -> ResponseReturnValue:
    """Keep what was corrected about the columns, and look again or go on to the dry run."""
    actor = current_actor()
    found = imports.get_import(actor, online_import_id)
    if closed := _closed(found):
        return closed
    try:
        draft = imports.open_draft(found, _limits(), _secret())
        form = columns_form(request.form, draft.table, draft.mapping, actor.time_zone)
        services.set_columns(
            online_import_id, draft, form.mapping, sheet=form.sheet, heading_row=form.heading_row, order=form.order,
            source=form.source, taken_at=form.taken_at, keeps=form.keeps,
            read_again=partial(imports.open_draft, found, _limits(), _secret()), actor=actor,
        )  # fmt: skip
        if request.form.get("do") != "next":
            return redirect(url_for("online.import_columns", online_import_id=online_import_id), 303)
        _check(online_import_id)
    except Refusal as refusal:
        _pass_on(refusal)
        return _columns_page(imports.get_import(actor, online_import_id), say_refusal(refusal)), 422
    return redirect(url_for("online.import_problems", online_import_id=online_import_id), 303)


@bp.get("/imports/<online_import_id>/problems")
@requires("online.manage")
def import_problems(online_import_id: str) -> ResponseReturnValue:
    """Everything worth looking at, by kind."""
    found = imports.get_import(current_actor(), online_import_id)
    if closed := _closed(found):
        return closed
    found = _check(online_import_id)
    return render_template(
        "online_imports/problems.html",
        found=found,
        counts=found.outcome["counts"],
        groups=import_pages.groups(found),
        skipped=sorted(imports.choices_of(found).skipped),
        obstacle=_obstacle(found),
    )


@bp.post("/imports/<online_import_id>/problems")
@requires("online.manage")
def decide_import(online_import_id: str) -> ResponseReturnValue:
    """Keep one decision."""
    services.decide(online_import_id, *pressed(request.form), actor=current_actor())
    anchor = request.form.get("kind") or None
    return redirect(url_for("online.import_problems", online_import_id=online_import_id, _anchor=anchor), 303)


@bp.get("/imports/<online_import_id>/problems.xlsx")
@requires("online.manage")
def import_remarks(online_import_id: str) -> ResponseReturnValue:
    """The rows as they came with a column of remarks, to send back to whoever keeps the platform."""
    actor = current_actor()
    found = imports.get_import(actor, online_import_id)
    draft = imports.open_draft(found, _limits(), _secret())
    table = import_pages.remarks_table(draft, steps_of(found, draft.rows(actor.time_zone), draft.choices))
    return _download(write_xlsx([table]), _XLSX, "ghi-chu.xlsx")


@bp.get("/imports/<online_import_id>/confirm")
@requires("online.manage")
def confirm_import(online_import_id: str) -> ResponseReturnValue:
    """What will happen, in numbers."""
    found = imports.get_import(current_actor(), online_import_id)
    return _closed(found) or _confirm_page(_check(online_import_id))


@bp.post("/imports/<online_import_id>/confirm")
@requires("online.manage")
def import_now(online_import_id: str) -> ResponseReturnValue:
    """Hand it to the worker."""
    try:
        services.start_import(online_import_id, actor=current_actor())
    except Refusal as refusal:
        _pass_on(refusal)
        found = _check(online_import_id, anew=refusal.code == "import.changed_meanwhile")
        return _confirm_page(found, say_refusal(refusal)), refusal.status
    return redirect(url_for("online.import_report", online_import_id=online_import_id), 303)


@bp.get("/imports/<online_import_id>")
@requires("online.read")
def import_report(online_import_id: str) -> ResponseReturnValue:
    """How far the job is, and what came of it."""
    found = imports.get_import(current_actor(), online_import_id)
    if found.state == "uploaded":
        return redirect(url_for("online.import_columns", online_import_id=online_import_id))
    return _report_page(found)


@bp.post("/imports/<online_import_id>/undo")
@requires("online.manage")
def undo_import(online_import_id: str) -> ResponseReturnValue:
    """Take an import back."""
    try:
        services.start_undo(online_import_id, request.form.get("reason", ""), actor=current_actor())
    except Refusal as refusal:
        _pass_on(refusal)
        found = imports.get_import(current_actor(), online_import_id)
        return _report_page(found, say_refusal(refusal)), refusal.status
    return redirect(url_for("online.import_report", online_import_id=online_import_id), 303)


@bp.post("/imports/<online_import_id>/keep")
@requires("online.manage")
def call_off_undo(online_import_id: str) -> ResponseReturnValue:
    """Leave an import as it is whose undo did not begin."""
    services.call_off_undo(online_import_id, actor=current_actor())
    flash(gettext("The import counts as before."), "success")
    return redirect(url_for("online.import_report", online_import_id=online_import_id), 303)


@bp.post("/imports/<online_import_id>/drop")
@requires("online.manage")
def drop_import(online_import_id: str) -> ResponseReturnValue:
    """Put a file aside."""
    intake = services.drop_import(online_import_id, actor=current_actor())
    flash(gettext("The file has been put aside. Nothing was imported."), "success")
    return redirect(url_for("online.new_import", intake_id=intake.public_id), 303)


@bp.get("/import-files/<import_file_id>")
@requires("online.manage")
def import_file(import_file_id: str) -> ResponseReturnValue:
    """The original, byte for byte; who takes it stands in the log."""
    file, content = services.fetch_original(import_file_id, secret=_secret(), actor=current_actor())
    return send_file(BytesIO(content), "application/octet-stream", as_attachment=True, download_name=file.filename)


def _new_page(intake_id: str, error: str = "") -> str:
    actor = current_actor()
    intake = imports.get_intake(actor, intake_id)
    return render_template(
        "online_imports/new.html",
        intake=intake,
        error=error,
        history=imports.imports_of(actor, intake.id),
        megabytes=current_app.config["SHEET_UPLOAD_LIMIT"] // (1024 * 1024),
    )


def _columns_page(found: OnlineImport, error: str = "") -> str:
    draft = imports.open_draft(found, _limits(), _secret())
    return render_template(
        "online_imports/columns.html", error=error, **import_pages.columns_page(found, draft, current_actor())
    )


def _confirm_page(found: OnlineImport, error: str = "") -> str:
    return render_template(
        "online_imports/confirm.html",
        found=found,
        counts=found.outcome["counts"],
        obstacle=_obstacle(found),
        error=error,
    )


def _report_page(found: OnlineImport, error: str = "") -> str:
    return render_template("online_imports/report.html", error=error, **import_pages.report_page(found))


def _check(import_id: str, *, anew: bool = False) -> OnlineImport:
    """The import with a dry run that stands; made again where something was decided since."""
    found = imports.get_import(current_actor(), import_id)
    if not anew and "kinds" in found.outcome:
        return found
    return services.check_import(import_id, limits=_limits(), secret=_secret(), actor=current_actor())


def _obstacle(found: OnlineImport) -> str:
    stop = services.obstacle(found)
    return say_refusal(Refusal(stop[0], **stop[1])) if stop else ""


def _closed(found: OnlineImport) -> ResponseReturnValue | None:
    """An import that is over has only its report to show."""
    if found.state == "uploaded":
        return None
    return redirect(url_for("online.import_report", online_import_id=found.public_id))


def _limits() -> SheetLimits:
    return services.limits_of(current_app.config)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _pass_on(refusal: Refusal) -> None:
    """Let refusals through that nothing on the page could heal."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal


def _download(content: bytes, kind: str, filename: str) -> Response:
    answer = Response(content, mimetype=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer
