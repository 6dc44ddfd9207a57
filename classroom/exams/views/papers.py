"""Papers: the list, the page of one, its terms, copies, putting away and bringing back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.exams.forms.papers import CopyForm, TermsForm, course_choices
from classroom.exams.models import Paper
from classroom.exams.presenters.papers import flaws_shown, parts_shown, state_of, terms_in_words
from classroom.exams.queries import papers as queries
from classroom.exams.queries import printed
from classroom.exams.queries.bank import courses
from classroom.exams.rules.papers import check, spell_points, stops
from classroom.exams.rules.terms import Terms
from classroom.exams.services import papers as services
from classroom.exams.views.showing import room_tabs, show
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words.questions import KIND_WORDS

bp = Blueprint("exam_papers", __name__, url_prefix="/exam-papers")

_PLACES = {"paper.title_missing": "title", "paper.retake_of": "retake_of"}


def go(endpoint: str, paper_id: str) -> ResponseReturnValue:
    """Answer a form that was taken: the browser opens a page of the paper with a GET."""
    return redirect(url_for(f"exam_papers.{endpoint}", paper_id=paper_id), 303)


def pass_on(refusal: Refusal) -> None:
    """Let refusals through that no change of the form could heal."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal


@bp.get("")
@requires("exam.read")
def papers() -> ResponseReturnValue:
    """All papers, by course."""
    lines = [(line, state_of(line.paper, len(stops(line.plan)))) for line in queries.papers(current_actor())]
    return render_template(
        "exam_papers/papers.html", lines=lines, tabs=room_tabs("exam_papers.papers"), spell_points=spell_points
    )


@bp.route("/new", methods=["GET", "POST"])
@requires("question.manage")
def new_paper() -> ResponseReturnValue:
    """Set up a paper: ?course= chooses one."""
    actor = current_actor()
    form = TermsForm()
    form.offer(courses(actor), _retakable())
    if request.method == "GET":
        form.show(Terms(""))
        form.course.data = request.args.get("course", "")
    if form.validate_on_submit():
        try:
            made = services.create_paper(
                form.course.data or "", form.terms(Terms("")), actor=actor, retake_of=form.retake_of.data or ""
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _PLACES)
        else:
            flash(gettext("The paper has been set up. Next: its questions."), "success")
            return go("edit_parts", made.public_id)
    return render_template("exam_papers/terms.html", form=form, paper=None), _status(form)


@bp.get("/<paper_id>")
@requires("exam.read")
def paper(paper_id: str) -> ResponseReturnValue:
    """A paper: terms, parts, what the check finds, its retakes."""
    found = queries.get_paper(current_actor(), paper_id)
    plan = queries.plan_of(found)
    flaws = flaws_shown(plan, check(plan))
    sittings = queries.sittings_of(found)
    return render_template(
        "exam_papers/paper.html",
        paper=found,
        plan=plan,
        terms=terms_in_words(Terms.of(found), plan),
        instructions=show(found.instructions),
        lines=parts_shown(plan),
        flaws=flaws,
        state=state_of(found, sum(flaw.stops for flaw in flaws)),
        sittings=sittings,
        figures=way("results.paper_analysis", paper_id=paper_id) if sittings else "",
        retakes=queries.retakes_of(found),
        first=queries.first_of(found),
        forms=[form for form in printed.forms_of(found) if form.annulled_at is None],
        kinds=KIND_WORDS,
        spell_points=spell_points,
    )


@bp.route("/<paper_id>/edit", methods=["GET", "POST"])
@requires("question.manage")
def edit_paper(paper_id: str) -> ResponseReturnValue:
    """Change title and terms."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    form = TermsForm()
    form.offer([found.course], _retakable(found))
    if request.method == "GET":
        form.show(Terms.of(found))
        first = queries.first_of(found)
        form.retake_of.data = first.public_id if first else ""
    form.course.data = found.course.public_id
    if form.validate_on_submit():
        try:
            terms = form.terms(Terms.of(found))
            services.update_terms(paper_id, terms, actor=actor, retake_of=form.retake_of.data or "")
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, _PLACES)
            found = queries.get_paper(actor, paper_id)
        else:
            flash(gettext("The paper has been saved."), "success")
            return go("paper", paper_id)
    sittings = queries.sittings_of(found)
    return render_template("exam_papers/terms.html", form=form, paper=found, sittings=sittings), _status(form)


@bp.route("/<paper_id>/copy", methods=["GET", "POST"])
@requires("question.manage")
def copy_paper(paper_id: str) -> ResponseReturnValue:
    """Copy a paper, perhaps for those who sit it again (?retake=1)."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    form = CopyForm()
    form.course.choices = course_choices(courses(actor))
    if request.method == "GET":
        form.retake.data = request.args.get("retake") == "1"
        form.title.data = _copied_title(found, retake=form.retake.data)
        form.course.data = found.course.public_id
    if form.validate_on_submit():
        try:
            made = services.copy_paper(
                paper_id, form.title.data or "", form.course.data or "", actor=actor, retake=form.retake.data
            )
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, {**_PLACES, "paper.retake_of": "retake"})
            found = queries.get_paper(actor, paper_id)
        else:
            flash(gettext("The copy has been made. Its questions can be changed now."), "success")
            return go("paper", made.public_id)
    return render_template("exam_papers/copy.html", form=form, paper=found), _status(form)


@bp.post("/<paper_id>/retire")
@requires("question.manage")
def retire_paper(paper_id: str) -> ResponseReturnValue:
    """Take a paper out of use, or bring it back."""
    if request.form.get("retired") == "1":
        services.retire_paper(paper_id, actor=current_actor())
        flash(gettext("The paper is no longer offered; what was sat stays."), "success")
    else:
        services.restore_paper(paper_id, actor=current_actor())
        flash(gettext("The paper is in use again."), "success")
    return go("paper", paper_id)


def _retakable(present: Paper | None = None) -> list[Paper]:
    """Papers of which another can be the retake: of the same course, in use, no retakes themselves."""
    found = [line.paper for line in queries.papers(current_actor())]
    return [
        one
        for one in found
        if one.retake_of_id is None
        and (present is None or (one.course_id == present.course_id and one.id != present.id))
        and (one.retired_at is None or (present is not None and present.retake_of_id == one.id))
    ]


def _copied_title(found: Paper, *, retake: bool) -> Any:
    if retake:
        return gettext("%(title)s (retake)", title=found.title)
    return gettext("%(title)s (copy)", title=found.title)


def _status(form: TermsForm | CopyForm) -> int:
    return 422 if form.errors else 200
