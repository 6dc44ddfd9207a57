"""Decide about a question after it was answered: choose, see who changes, apply with a reason."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from classroom.core.errors import Refusal
from classroom.exams.documents.ruling_changes import changes_table
from classroom.exams.forms.marks import ruling_from
from classroom.exams.queries.renewing import last_renewal
from classroom.exams.queries.ruled import last_ruling, paper_to_rule, present_version, question_to_rule
from classroom.exams.services.regrading import Applied, Change, Diff, apply_ruling, preview_ruling
from classroom.exams.views.results import bp
from classroom.web.files import send_table
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal

#: So many changes stand on the page; the spreadsheet has all.
MOST_SHOWN = 200
_FLIPS = {("pass", "fail"): 0, ("fail", "pass"): 1}


@bp.get("/exam-papers/<paper_id>/questions/<question_id>/ruling")
@requires("exam.mark")
def ruling(paper_id: str, question_id: str) -> ResponseReturnValue:
    """What can be decided; with a choice in the address, who would change. Nothing is written."""
    if "action" not in request.args:
        return _page(paper_id, question_id)
    try:
        action, number = ruling_from(request.args)
        diff = preview_ruling(paper_id, question_id, action, number, actor=current_actor())
    except Refusal as refusal:
        return _refused(refusal, paper_id, question_id)
    return _page(paper_id, question_id, request.args["action"], diff)


@bp.post("/exam-papers/<paper_id>/questions/<question_id>/ruling")
@requires("exam.mark")
def apply(paper_id: str, question_id: str) -> ResponseReturnValue:
    """Decide, and mark everybody anew."""
    actor, reason = current_actor(), request.form.get("reason", "")
    try:
        action, number = ruling_from(request.form)
        if not reason.strip():
            diff = preview_ruling(paper_id, question_id, action, number, actor=actor)
            error = _("Say why; the reason is kept with the decision.")
            return _page(paper_id, question_id, request.form["action"], diff, error), 422
        applied = apply_ruling(paper_id, question_id, action, number, reason=reason, actor=actor)
    except Refusal as refusal:
        return _refused(refusal, paper_id, question_id)
    flash(_said(applied), "info" if applied.nothing else "success")
    return redirect(url_for(".ruling", paper_id=paper_id, question_id=question_id), 303)


@bp.get("/exam-papers/<paper_id>/questions/<question_id>/ruling.xlsx")
@requires("exam.mark")
def changes_xlsx(paper_id: str, question_id: str) -> ResponseReturnValue:
    """Everybody who would change, for Excel; what cannot be chosen leads back to the page, which says why."""
    try:
        action, number = ruling_from(request.args)
        diff = preview_ruling(paper_id, question_id, action, number, actor=current_actor())
    except Refusal as refusal:
        return _refused(refusal, paper_id, question_id)
    return send_table(changes_table(by_gravity(diff.changed)), "Bài có kết quả khác", "xlsx")


def by_gravity(changes: Sequence[Change]) -> list[Change]:
    """Who would fail first, then who would pass, then the others; by name as they came."""
    return sorted(changes, key=lambda each: _FLIPS.get((each.outcome_before, each.outcome_after), 2))


def _said(applied: Applied) -> str:
    if applied.nothing:
        return str(_("Nothing changes: this was decided before, and all attempts are marked by it."))
    if applied.later:
        return str(_("Decided. All attempts at this paper are marked again in the background."))
    return str(
        ngettext(
            "Decided. %(num)s attempt has another result now, of %(of)s.",
            "Decided. %(num)s attempts have another result now, of %(of)s.",
            applied.changed,
            of=applied.attempts,
        )
    )


def _refused(refusal: Refusal, paper_id: str, question_id: str) -> ResponseReturnValue:
    if refusal.status in {403, 404}:
        raise refusal
    return _page(paper_id, question_id, error=say_refusal(refusal)), refusal.status


def _page(paper_id: str, question_id: str, chosen: str = "", diff: Diff | None = None, error: str = "") -> str:
    actor = current_actor()
    paper, question = paper_to_rule(actor, paper_id), question_to_rule(actor, question_id)
    last = last_ruling(paper, question)
    return render_template(
        "exam_staff/ruling.html",
        paper=paper,
        question=question,
        versions=list(reversed(question.versions)),
        last=last,
        renewal=last_renewal([paper.id]),
        present=present_version(paper, question, last),
        chosen=chosen,
        diff=diff,
        changes=by_gravity(diff.changed)[:MOST_SHOWN] if diff else [],
        changed=len(diff.changed) if diff else 0,
        files={"xlsx": url_for(".changes_xlsx", paper_id=paper_id, question_id=question_id, action=chosen)},
        error=error,
    )
