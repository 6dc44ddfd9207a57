"""Take questions out as GIFT or as a spreadsheet; what a format cannot hold is named before and in the file."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.sheets import write_xlsx
from classroom.exams.forms.question_imports import chosen_questions
from classroom.exams.queries.question_imports import questions_to_export
from classroom.exams.rules.imports.gift_writing import write_gift
from classroom.exams.rules.imports.sheet_writing import write_questions
from classroom.exams.rules.kinds import Content
from classroom.exams.services.question_imports import note_export
from classroom.exams.views.imports import XLSX, attachment
from classroom.web.guards import current_actor, requires
from classroom.web.words.question_files import KIND_NAMES

bp = Blueprint("question_exports", __name__, url_prefix="/questions/export")


@bp.get("")
@requires("question.manage")
def choose() -> ResponseReturnValue:
    """How many questions are meant, and what each format would leave out."""
    return _page()


@bp.post("")
@requires("question.manage")
def take_out() -> ResponseReturnValue:
    """The file; that it was taken out stands in the log."""
    actor = current_actor()
    drafts = questions_to_export(actor, chosen_questions(request.form))
    if not drafts:
        return _page()
    if request.form.get("format") == "sheet":
        sheet = write_questions(drafts)
        note_export("sheet", len(drafts) - len(sheet.left_out), len(sheet.left_out), actor=actor)
        return attachment(write_xlsx([sheet.table]), "cau-hoi.xlsx", XLSX)
    written = write_gift(drafts, _remark)
    note_export("gift", len(drafts) - len(written.left_out), len(written.left_out), actor=actor)
    return attachment(written.text.encode(), "cau-hoi.gift", "text/plain; charset=utf-8")


def _page() -> str:
    chosen = chosen_questions(request.values)
    drafts = questions_to_export(current_actor(), chosen)
    return render_template(
        "question_imports/export.html",
        chosen=chosen,
        count=len(drafts),
        left_out={"gift": write_gift(drafts, _remark).left_out, "sheet": write_questions(drafts).left_out},
        kinds=KIND_NAMES,
    )


def _remark(content: Content) -> str:
    facts = {"kind": KIND_NAMES[content.kind], "text": content.text[:200]}
    return str(gettext("GIFT cannot hold this question (%(kind)s): %(text)s", **facts))
