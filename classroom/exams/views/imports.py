"""Bring questions in from files: upload, look at what would come in, confirm."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.core.sheets import SheetLimits, write_xlsx
from classroom.exams.forms.question_imports import sent_file, sent_format
from classroom.exams.queries import question_imports as queries
from classroom.exams.queries.question_imports import DryRun
from classroom.exams.rules.imports.sheet_writing import template
from classroom.exams.services import question_imports as services
from classroom.exams.views.question_preview import show
from classroom.web.guards import current_actor, requires
from classroom.web.words import say, say_refusal
from classroom.web.words.question_files import FORMAT_NAMES

bp = Blueprint("question_imports", __name__, url_prefix="/questions/import")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@requires("question.manage")
def new() -> ResponseReturnValue:
    """The form for a file, and the files so far."""
    return _new_page()


@bp.post("")
@requires("question.manage")
def upload() -> ResponseReturnValue:
    """Keep the file and show what is in it; one that cannot be used says why in place."""
    filename, content = sent_file(request.files.get("file"))
    try:
        made = services.upload_questions(
            filename,
            content,
            file_format=sent_format(request.form),
            course=request.form.get("course", ""),
            limits=_limits(),
            actor=current_actor(),
        )
    except Refusal as refusal:
        _pass_on(refusal)
        return _new_page(error=say_refusal(refusal)), 422
    return redirect(url_for("question_imports.look", question_import_id=made.public_id), 303)


@bp.get("/template.xlsx")
@requires("question.manage")
def blank() -> ResponseReturnValue:
    """The spreadsheet to fill in, with examples."""
    return attachment(write_xlsx(template()), "mau-cau-hoi.xlsx", XLSX)


@bp.get("/<question_import_id>")
@requires("question.manage")
def look(question_import_id: str) -> ResponseReturnValue:
    """What would come in and what would not; nothing is written yet."""
    found = queries.get_import(current_actor(), question_import_id)
    if found.state == "confirmed":
        return render_template("question_imports/outcome.html", found=found, outcome=found.outcome)
    if found.state == "dropped":
        return redirect(url_for("question_imports.new"))
    try:
        run = queries.open_import(current_actor(), question_import_id, _limits())
    except Refusal as refusal:  # the limits of this server have become narrower since
        _pass_on(refusal)
        return _new_page(error=say_refusal(refusal)), 422
    return _look_page(run)


@bp.post("/<question_import_id>/format")
@requires("question.manage")
def choose_format(question_import_id: str) -> ResponseReturnValue:
    """Read the file another way."""
    actor, file_format = current_actor(), sent_format(request.form)
    queries.get_import(actor, question_import_id)
    try:
        if file_format:
            services.choose_format(question_import_id, file_format, limits=_limits(), actor=actor)
    except Refusal as refusal:
        _pass_on(refusal)
        run = queries.open_import(actor, question_import_id, _limits())
        return _look_page(run, error=say_refusal(refusal)), 422
    return redirect(url_for("question_imports.look", question_import_id=question_import_id), 303)


@bp.post("/<question_import_id>/confirm")
@requires("question.manage")
def confirm(question_import_id: str) -> ResponseReturnValue:
    """Write what was shown."""
    actor, form = current_actor(), request.form
    try:
        done = services.confirm_questions(
            question_import_id, form.get("digest", ""), others="others" in form, limits=_limits(), actor=actor
        )
    except Refusal as refusal:
        _pass_on(refusal)
        if refusal.code == "question_import.closed":
            raise
        run = queries.open_import(actor, question_import_id, _limits())
        return _look_page(run, error=say_refusal(refusal)), refusal.status
    count = int(done.outcome["good"])
    flash(ngettext("%(num)s question is in the bank now.", "%(num)s questions are in the bank now.", count), "success")
    return redirect(url_for("question_imports.look", question_import_id=question_import_id), 303)


@bp.post("/<question_import_id>/drop")
@requires("question.manage")
def drop(question_import_id: str) -> ResponseReturnValue:
    """Put the file aside."""
    services.drop_questions(question_import_id, actor=current_actor())
    flash(gettext("The file has been put aside. No question was imported."), "success")
    return redirect(url_for("question_imports.new"), 303)


def attachment(content: bytes, filename: str, media_type: str) -> Response:
    """A file to be saved."""
    answer = Response(content, content_type=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=filename)
    return answer


def _new_page(error: str = "") -> str:
    actor = current_actor()
    return render_template(
        "question_imports/new.html",
        error=error,
        courses=queries.courses_of(actor),
        course=request.form.get("course", request.args.get("course", "")),
        formats=FORMAT_NAMES,
        chosen_format=sent_format(request.form),
        history=queries.imports_of(actor),
        megabytes=current_app.config["SHEET_UPLOAD_LIMIT"] // (1024 * 1024),
    )


def _look_page(run: DryRun, error: str = "") -> str:
    guessed = run.reading.guessed
    return render_template(
        "question_imports/look.html",
        found=run.question_import,
        plan=run.plan,
        counts=run.plan.counts(),
        shown=[show(draft) for draft in run.plan.good],
        say=say,
        formats=FORMAT_NAMES,
        guessed=say("question_import.guessed_encoding", {"encoding": guessed}) if guessed else "",
        error=error,
    )


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
