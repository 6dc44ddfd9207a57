"""Key in papers that were answered by pen: whose, which form, one field for each question, twice."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.clock import now
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.exams.forms import by_pen as forms
from classroom.exams.models import PrintedForm
from classroom.exams.presenters.pens import fields_of
from classroom.exams.queries.by_pen import (
    PenRow,
    entries_waiting,
    form_by_code,
    forms_in_use,
    pen_rows,
    questions_of,
)
from classroom.exams.queries.sittings import SittingFacts, get_sitting
from classroom.exams.rules.entries import differences, unreadable
from classroom.exams.services import by_pen as services
from classroom.exams.views.sittings import common, let_pass_404
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

bp = Blueprint("by_pen", __name__, url_prefix="/sittings/<sitting_id>/by-pen")


@bp.get("")
@requires("exam.read")
def papers(sitting_id: str) -> ResponseReturnValue:
    """Whose papers are keyed in once, twice, or not at all."""
    sitting = get_sitting(current_actor(), sitting_id)
    rows = pen_rows(sitting)
    return render_template(
        "exam_staff/by_pen.html",
        **common(sitting, now()),
        rows=rows,
        numbers={name: sum(row.state == name for row in rows) for name in ("first", "differs", "done")},
        forms_in_use=forms_in_use(sitting),
    )


@bp.get("/<learner_id>")
@requires("exam.run")
def paper(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """The next step of one paper: the first entry, the second, or where they differ."""
    sitting, row = _whose(sitting_id, learner_id)
    if row.state == "done":
        return redirect(url_for(".papers", sitting_id=sitting_id), 303)
    if row.state == "differs":
        return _differences_page(sitting, row)
    return _entry_page(sitting, row, request.args.get("form", ""), None)


@bp.post("/<learner_id>")
@requires("exam.run")
def enter(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Keep an entry. What cannot be read is shown at its field, and nothing typed is lost."""
    sitting, row = _whose(sitting_id, learner_id)
    sheet, which = forms.sheet_from(request.form), forms.round_from(request.form)
    form = form_by_code(sitting, sheet.code)
    if form is not None and (request.form.get("look") or unreadable(questions_of(form), sheet.answers)):
        return _entry_page(sitting, row, sheet.code, sheet.answers), 200 if request.form.get("look") else 422
    try:
        entered = services.enter(sitting_id, learner_id, sheet, which, actor=current_actor())
    except Refusal as refusal:
        let_pass_404(refusal)
        return _entry_page(sitting, row, sheet.code, sheet.answers, say_refusal(refusal)), refusal.status
    return _after(sitting_id, row, entered)


@bp.post("/<learner_id>/decide")
@requires("exam.run")
def decide(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Write down what the paper says where the two entries differ."""
    sitting, row = _whose(sitting_id, learner_id)
    try:
        entered = services.correct(sitting_id, learner_id, forms.decided_from(request.form), actor=current_actor())
    except Refusal as refusal:
        let_pass_404(refusal)
        return _differences_page(sitting, row, say_refusal(refusal)), refusal.status
    return _after(sitting_id, row, entered)


@bp.post("/<learner_id>/drop")
@requires("exam.run")
def drop(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Throw away what was keyed in, to begin again."""
    sitting, row = _whose(sitting_id, learner_id)
    try:
        services.drop(sitting_id, learner_id, request.form.get("reason", ""), actor=current_actor())
    except Refusal as refusal:
        let_pass_404(refusal)
        page = _differences_page if row.state == "differs" else _first_page
        return page(sitting, row, drop_error=say_refusal(refusal)), refusal.status
    flash(_("What was keyed in has been thrown away."), "success")
    return redirect(url_for(".paper", sitting_id=sitting_id, learner_id=learner_id), 303)


def _after(sitting_id: str, row: PenRow, entered: services.Entered) -> ResponseReturnValue:
    if entered.state == "differs":
        return redirect(url_for(".paper", sitting_id=sitting_id, learner_id=row.learner), 303)
    if entered.state == "first":
        flash(_("First entry kept. It is keyed in once more, by somebody else if possible."), "success")
    else:
        flash(_("Both entries agree: the paper of %(name)s is marked.", name=row.name), "success")
    return redirect(url_for(".papers", sitting_id=sitting_id), 303)


def _whose(sitting_id: str, learner_id: str) -> tuple[SittingFacts, PenRow]:
    sitting = get_sitting(current_actor(), sitting_id)
    row = next((each for each in pen_rows(sitting) if each.learner == learner_id), None)
    if row is None:
        raise NotFound
    return sitting, row


def _first_page(sitting: SittingFacts, row: PenRow, drop_error: str = "") -> str:
    return _entry_page(sitting, row, "", None, drop_error=drop_error)


def _entry_page(
    sitting: SittingFacts,
    row: PenRow,
    code: str,
    typed: tuple[str, ...] | None,
    error: str = "",
    drop_error: str = "",
) -> str:
    in_use = forms_in_use(sitting)
    form: PrintedForm | None = form_by_code(sitting, code) if code else (in_use[0] if len(in_use) == 1 else None)
    questions = questions_of(form) if form is not None else []
    answers = typed if typed is not None and len(typed) == len(questions) else ("",) * len(questions)
    wrong = unreadable(questions, answers)
    if code and form is None and not error:
        error = say_refusal(Invalid("pen_entry.form_unknown", form=code[:20]))
    return render_template(
        "exam_staff/by_pen_entry.html",
        **_about(sitting, row),
        forms_in_use=in_use,
        form=form,
        code=code,
        which=2 if row.entries else 1,
        fields=fields_of(questions, answers, {place: say_refusal(no) for place, no in wrong.items()}),
        error=error,
        drop_error=drop_error,
    )


def _differences_page(sitting: SittingFacts, row: PenRow, error: str = "", drop_error: str = "") -> str:
    form, entries = entries_waiting(sitting, row.learner)
    questions = questions_of(form)
    first, second = (entry.answers for entry in entries)
    return render_template(
        "exam_staff/by_pen_differences.html",
        **_about(sitting, row),
        form=form,
        lines=[(questions[place], first[place], second[place]) for place in differences(questions, first, second)],
        agreed=len(questions) - len(differences(questions, first, second)),
        typed=request.form,
        error=error,
        drop_error=drop_error,
    )


def _about(sitting: SittingFacts, row: PenRow) -> dict[str, Any]:
    return {**common(sitting, now()), "row": row}
