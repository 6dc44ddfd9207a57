"""One learner in a test: where the attempt stands, more time, a yes past the rules, late answers, annulment."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.clock import now
from classroom.core.errors import NotFound, Refusal
from classroom.exams.forms import sittings as forms
from classroom.exams.queries.late import late_answers
from classroom.exams.queries.sittings import BoardRow, SittingFacts, board_rows, get_sitting
from classroom.exams.services import answering, opening
from classroom.exams.views.sittings import bp as bp
from classroom.exams.views.sittings import common, let_pass_404
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.get("/sittings/<sitting_id>/learners/<learner_id>")
@requires("exam.read")
def learner(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Everything about one learner's test, and what can be done about it."""
    return _page(sitting_id, learner_id)


@bp.post("/sittings/<sitting_id>/learners/<learner_id>/more-time")
@requires("exam.run")
def extend_one(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Give one learner more time; an attempt whose time was up goes on."""

    def act() -> None:
        minutes, reason = forms.minutes_from(request.form), request.form.get("reason", "")
        opening.extend(sitting_id, minutes, learner=learner_id, reason=reason, actor=current_actor())

    return _do(sitting_id, learner_id, "more-time", act, _("The learner has got more time."))


@bp.post("/sittings/<sitting_id>/learners/<learner_id>/let-in")
@requires("exam.run")
def let_in(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Say yes past the rules."""

    def act() -> None:
        minutes, reason = forms.extra_minutes_from(request.form), request.form.get("reason", "")
        opening.let_in(sitting_id, learner_id, reason, minutes, actor=current_actor())

    return _do(sitting_id, learner_id, "let-in", act, _("The learner may begin now."))


@bp.post("/sittings/<sitting_id>/learners/<learner_id>/late")
@requires("exam.mark")
def take_late(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Let late answers count."""

    def act() -> None:
        row = _row(get_sitting(current_actor(), sitting_id), learner_id)
        answering.take_late(
            row.attempt, forms.strays_from(request.form), request.form.get("reason", ""), actor=current_actor()
        )

    return _do(sitting_id, learner_id, "late", act, _("The chosen answers count; the attempt was marked anew."))


@bp.post("/sittings/<sitting_id>/learners/<learner_id>/annul")
@requires("exam.mark")
def annul_attempt(sitting_id: str, learner_id: str) -> ResponseReturnValue:
    """Say that the attempt shall not count."""

    def act() -> None:
        row = _row(get_sitting(current_actor(), sitting_id), learner_id)
        if not row.attempt or row.attempt != request.form.get("attempt"):
            raise Refusal("attempt.not_latest")
        answering.annul_attempt(row.attempt, request.form.get("reason", ""), actor=current_actor())

    return _do(sitting_id, learner_id, "annul", act, _("The attempt has been annulled."))


def _do(sitting_id: str, learner_id: str, form: str, act: Callable[[], None], words: str) -> ResponseReturnValue:
    """Do it and show the learner's page; what is refused is said at its own form, nothing typed is lost."""
    try:
        act()
    except Refusal as refusal:
        let_pass_404(refusal)
        return _page(sitting_id, learner_id, {form: say_refusal(refusal)}), refusal.status
    flash(words, "success")
    return redirect(url_for(".learner", sitting_id=sitting_id, learner_id=learner_id), 303)


def _page(sitting_id: str, learner_id: str, errors: dict[str, str] | None = None) -> str:
    at = now()
    sitting = get_sitting(current_actor(), sitting_id)
    row = _row(sitting, learner_id)
    return render_template(
        "exam_staff/learner.html",
        **common(sitting, at),
        row=row,
        late=late_answers(row.attempt) if row.strays else [],
        usual=forms.USUAL_MINUTES,
        errors=errors or {},
        typed=request.form,
    )


def _row(sitting: SittingFacts, learner_id: str) -> BoardRow:
    found = next((row for row in board_rows(sitting) if row.learner == learner_id), None)
    if found is None:
        raise NotFound
    return found
