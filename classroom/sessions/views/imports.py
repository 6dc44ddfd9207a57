"""The pages of an import, step by step: file, columns, problems, confirm; then what came of it, and its undoing."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.core.sheets import SheetLimits, write_xlsx
from classroom.core.tables import Table
from classroom.sessions import queries
from classroom.sessions.forms.imports import answers, chosen_columns, problem_change, whole_number
from classroom.sessions.models import Programme, RosterImport
from classroom.sessions.queries import imports
from classroom.sessions.queries.imports import Draft
from classroom.sessions.rules.imports import SeatStep, Step, old_text
from classroom.sessions.services import imports as services
from classroom.sessions.services.imports import REPLACED_BY, Upload
from classroom.sessions.views import import_pages
from classroom.web.guards import current_actor, requires
from classroom.web.words import say, say_refusal

bp = Blueprint("imports", __name__)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/programmes/<programme_id>/import")
@requires("import.manage")
def new(programme_id: str) -> ResponseReturnValue:
    """The form for a file, and the history."""
    programme = queries.get_programme(current_actor(), programme_id)
    return _new_page(programme, target=_wish(request.args.get("class", "")))


@bp.post("/programmes/<programme_id>/import")
@requires("import.manage")
def upload(programme_id: str) -> ResponseReturnValue:
    """Keep the file and go to its columns; a file that cannot be used says why in place."""
    actor, programme = current_actor(), queries.get_programme(current_actor(), programme_id)
    kind, _, public_id = request.form.get("target", "").partition(":")
    sent = request.files.get("file")
    upload = Upload(sent.filename or "", sent.read()) if sent else Upload("", b"")
    courses = {course.public_id: course for course in programme.courses}
    try:
        if kind == "class":
            course, class_id = queries.get_class(actor, public_id).course.public_id, public_id
        else:
            course, class_id = public_id, ""
        if course not in courses:
            raise NotFound
        made = services.upload_list(upload, course=course, class_id=class_id, limits=_limits(), actor=actor)
    except Refusal as refusal:
        _pass_on(refusal)
        programme = queries.get_programme(actor, programme_id)
        page = _new_page(programme, target=request.form.get("target", ""), error=say_refusal(refusal))
        return page, 422
    return redirect(url_for("imports.columns", import_id=made.public_id), 303)


@bp.get("/programmes/<programme_id>/import/blank.xlsx")
@requires("import.manage")
def blank(programme_id: str) -> ResponseReturnValue:
    """An empty list to fill in."""
    queries.get_programme(current_actor(), programme_id)
    return _sheet(import_pages.blank_table(), "danh-sach-hoc-vien.xlsx")


@bp.get("/imports/<import_id>")
@requires("import.manage")
def columns(import_id: str) -> ResponseReturnValue:
    """The sheet as it is, with what each column is taken for."""
    draft = imports.open_draft(current_actor(), import_id, _limits())
    return _closed(draft.roster_import) or _columns_page(draft)


@bp.post("/imports/<import_id>")
@requires("import.manage")
def save_columns(import_id: str) -> ResponseReturnValue:
    """Keep what was corrected about the columns, and look again or go on."""
    actor, form = current_actor(), request.form
    draft = imports.open_draft(actor, import_id, _limits())
    try:
        services.set_columns(
            import_id,
            draft.reading,
            sheet=whole_number(form, "sheet", 0),
            heading_row=whole_number(form, "heading_row", draft.reading.layout.heading_row),
            columns=chosen_columns(form),
            target=form.get("target", ""),
            convert="convert" in form,
            actor=actor,
        )
    except Refusal as refusal:
        _pass_on(refusal)
        return _columns_page(imports.open_draft(actor, import_id, _limits()), say_refusal(refusal)), refusal.status
    draft = imports.open_draft(actor, import_id, _limits())
    obstacle = draft.plan.obstacle()
    if form.get("do") == "next" and obstacle and obstacle[0] in ("import.class_needed", "import.nobody"):
        return _columns_page(draft, say(*obstacle)), 422
    after = "imports.problems" if form.get("do") == "next" else "imports.columns"
    return redirect(url_for(after, import_id=import_id), 303)


@bp.get("/imports/<import_id>/problems")
@requires("import.manage")
def problems(import_id: str) -> ResponseReturnValue:
    """Everything worth looking at, by kind."""
    draft = imports.open_draft(current_actor(), import_id, _limits())
    if closed := _closed(draft.roster_import):
        return closed
    return render_template(
        "imports/problems.html",
        **import_pages.shared(draft),
        groups=import_pages.groups(draft.plan),
        corrections=import_pages.corrections(draft.reading, draft.plan.choices),
        skipped=draft.plan.having(Step.SKIPPED),
        class_options=import_pages.class_options(draft),
    )


@bp.post("/imports/<import_id>/problems")
@requires("import.manage")
def decide(import_id: str) -> ResponseReturnValue:
    """Keep one decision, and everything typed beside it."""
    actor = current_actor()
    draft = imports.open_draft(actor, import_id, _limits())
    services.change_choices(import_id, problem_change(request.form, draft.reading, draft.plan), actor=actor)
    return redirect(url_for("imports.problems", import_id=import_id, _anchor=request.form.get("kind") or None), 303)


@bp.get("/imports/<import_id>/remarks.xlsx")
@requires("import.manage")
def remarks(import_id: str) -> ResponseReturnValue:
    """The rows as they came with a column of remarks, to send back to the office."""
    draft = imports.open_draft(current_actor(), import_id, _limits())
    return _sheet(import_pages.remarks_table(draft.reading, draft.plan), "ghi-chu.xlsx")


@bp.get("/imports/<import_id>/confirm")
@requires("import.manage")
def confirm(import_id: str) -> ResponseReturnValue:
    """What will happen, in numbers and by name."""
    draft = imports.open_draft(current_actor(), import_id, _limits())
    return _closed(draft.roster_import) or _confirm_page(draft)


@bp.post("/imports/<import_id>/confirm")
@requires("import.manage")
def import_now(import_id: str) -> ResponseReturnValue:
    """Keep the answers, and import if that was pressed."""
    actor, form = current_actor(), request.form
    draft = imports.open_draft(actor, import_id, _limits())
    if closed := _closed(draft.roster_import):
        return closed
    services.change_choices(import_id, answers(form, draft.plan), actor=actor)
    if form.get("do") != "import":
        return redirect(url_for("imports.confirm", import_id=import_id), 303)
    try:
        done = services.confirm_import(import_id, form.get("digest", ""), limits=_limits(), actor=actor)
    except Refusal as refusal:
        _pass_on(refusal)
        page = _confirm_page(imports.open_draft(actor, import_id, _limits()), say_refusal(refusal))
        return page, refusal.status
    count = int(done.outcome["enrolled"])
    flash(ngettext("%(num)s learner has been enrolled.", "%(num)s learners have been enrolled.", count), "success")
    return redirect(url_for("imports.outcome", import_id=import_id), 303)


@bp.get("/imports/<import_id>/result")
@requires("import.manage")
def outcome(import_id: str) -> ResponseReturnValue:
    """What came of an import, with the way to undo it."""
    actor = current_actor()
    found = imports.get_import(actor, import_id)
    if found.state == "uploaded":
        return redirect(url_for("imports.columns", import_id=import_id))
    if newer := found.outcome.get(REPLACED_BY):
        flash(gettext("This list was uploaded again. Here is the latest upload."), "primary")
        return redirect(url_for("imports.columns", import_id=newer))
    if found.state == "dropped":
        return redirect(url_for("imports.new", programme_id=found.course.programme.public_id))
    return _outcome_page(found)


@bp.post("/imports/<import_id>/undo")
@requires("import.manage")
def undo(import_id: str) -> ResponseReturnValue:
    """Take an import back."""
    actor = current_actor()
    try:
        services.undo_import(import_id, request.form.get("reason", ""), actor=actor)
    except Refusal as refusal:
        _pass_on(refusal)
        return _outcome_page(imports.get_import(actor, import_id), say_refusal(refusal)), refusal.status
    flash(gettext("The import has been undone."), "success")
    return redirect(url_for("imports.outcome", import_id=import_id), 303)


@bp.post("/imports/<import_id>/drop")
@requires("import.manage")
def drop(import_id: str) -> ResponseReturnValue:
    """Put a file aside."""
    actor = current_actor()
    services.drop_import(import_id, actor=actor)
    programme = imports.get_import(actor, import_id).course.programme.public_id
    flash(gettext("The list has been put aside. Nothing was imported."), "success")
    return redirect(url_for("imports.new", programme_id=programme), 303)


def _new_page(programme: Programme, target: str = "", error: str = "") -> str:
    courses = [(course, imports.classes_of_course(course.id)) for course in programme.courses]
    return render_template(
        "imports/new.html",
        programme=programme,
        courses=courses,
        target=target,
        error=error,
        history=imports.imports_of(current_actor(), programme),
        megabytes=current_app.config["SHEET_UPLOAD_LIMIT"] // (1024 * 1024),
    )


def _columns_page(draft: Draft, error: str = "") -> str:
    reading = draft.reading
    return render_template(
        "imports/columns.html",
        **import_pages.shared(draft),
        **import_pages.sheet_preview(reading),
        error=error,
        old_text=old_text(reading.original),
        class_options=import_pages.class_options(draft),
        sheet_options=[(place, sheet.name) for place, sheet in enumerate(reading.sheets)],
        guessed=say("sheet.guessed_encoding", {"encoding": reading.original.guessed_encoding})
        if reading.original.guessed_encoding
        else "",
    )


def _confirm_page(draft: Draft, error: str = "") -> str:
    plan, steps = draft.plan, SeatStep
    return render_template(
        "imports/confirm.html",
        **import_pages.shared(draft),
        error=error,
        steps=steps,
        asked=[line for line in plan.lines if line.candidates and line.step is not Step.SKIPPED],
        elsewhere=[*plan.seated(steps.STAYS), *plan.seated(steps.MOVES)],
        gone=[line for line in plan.lines if line.seat_step in (steps.LEFT, steps.REJOIN)],
        class_codes={one.key: one.code for one in plan.known.classes},
        obstacle=plan.obstacle(),
        changes_of=import_pages.changes_of,
    )


def _outcome_page(found: RosterImport, error: str = "") -> str:
    return render_template("imports/outcome.html", found=found, outcome=found.outcome, error=error)


def _closed(found: RosterImport) -> ResponseReturnValue | None:
    """An import that is over has only its outcome to show."""
    if found.state == "uploaded":
        return None
    return redirect(url_for("imports.outcome", import_id=found.public_id))


def _wish(class_id: str) -> str:
    return f"class:{class_id}" if class_id else ""


def _limits() -> SheetLimits:
    config = current_app.config
    return SheetLimits(
        max_bytes=config["SHEET_UPLOAD_LIMIT"],
        max_unpacked=config["SHEET_UNPACKED_LIMIT"],
        max_rows=config["SHEET_ROW_LIMIT"],
    )


def _pass_on(refusal: Refusal) -> None:
    """Let refusals through that nothing on the page could heal."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal


def _sheet(table: Table, filename: str) -> Response:
    answer = Response(write_xlsx([table]), mimetype=_XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer
