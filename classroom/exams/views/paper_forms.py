"""Printed forms of a paper. Everything is read first; no transaction is held while a paper is made."""

from collections.abc import Iterable, Sequence

from flask import flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.accounts import queries as accounts
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import release
from classroom.core.errors import NotFound, Refusal
from classroom.core.letterhead import Letterhead
from classroom.exams.documents.papers import FormFacts, FormItem, PictureFile, key_pdf, paper_pdf
from classroom.exams.forms.papers import PrintForm
from classroom.exams.models import Paper, PrintedForm
from classroom.exams.presenters.papers import flaws_shown
from classroom.exams.queries import papers as queries
from classroom.exams.queries import printed
from classroom.exams.rules.drawing import Item
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.papers import check
from classroom.exams.services import printing
from classroom.exams.views.papers import bp, go, pass_on
from classroom.web.files import PDF, send_file
from classroom.web.forms import show_refusal
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal


@bp.get("/<paper_id>/forms")
@requires("exam.run")
def forms(paper_id: str) -> ResponseReturnValue:
    """The printed forms of a paper."""
    form = PrintForm()
    form.count.data = 2
    return _forms_page(queries.get_paper(current_actor(), paper_id), form)


@bp.post("/<paper_id>/forms")
@requires("question.manage")
def make_forms(paper_id: str) -> ResponseReturnValue:
    """Draw new forms to print."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    form = PrintForm()
    if form.validate_on_submit():
        try:
            made = printing.print_forms(paper_id, form.count.data or 0, actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            show_refusal(form, refusal, {"paper.form_count": "count"})
            found = queries.get_paper(actor, paper_id)
        else:
            codes = ", ".join(one.code for one in made)
            flash(gettext("New forms: %(codes)s. Print each of them as often as you need.", codes=codes), "success")
            return go("forms", paper_id)
    return _forms_page(found, form), 422


@bp.get("/<paper_id>/forms/<form_id>/paper.pdf")
@requires("exam.run")
def form_pdf(paper_id: str, form_id: str) -> ResponseReturnValue:
    """One form with its answer sheet."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    facts = _facts(found, [printed.get_form(actor, found, form_id)])[0]
    letterhead = _letterhead(actor)
    pictures = _pictures(actor, facts.pictures)
    filename = f"Đề {facts.code} – {facts.title}.pdf"
    release()
    return send_file(paper_pdf(letterhead, facts, pictures), PDF, filename)


@bp.get("/<paper_id>/forms/key.pdf")
@requires("question.manage")
def forms_key(paper_id: str) -> ResponseReturnValue:
    """The key of all forms that are in use."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    living = [one for one in printed.forms_of(found) if one.annulled_at is None]
    if not living:
        raise NotFound("paper.no_forms")
    facts, letterhead, filename = _facts(found, living), _letterhead(actor), f"Đáp án – {found.title}.pdf"
    release()
    return send_file(key_pdf(letterhead, facts), PDF, filename)


@bp.route("/<paper_id>/forms/<form_id>/annul", methods=["GET", "POST"])
@requires("question.manage")
def annul_form(paper_id: str, form_id: str) -> ResponseReturnValue:
    """Take a printed form out of use."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    form = printed.get_form(actor, found, form_id)
    error = ""
    if request.method == "POST":
        try:
            printing.annul_form(paper_id, form_id, request.form.get("reason", ""), actor=actor)
        except Refusal as refusal:
            pass_on(refusal)
            error = say_refusal(refusal)
            found = queries.get_paper(actor, paper_id)
            form = printed.get_form(actor, found, form_id)
        else:
            flash(gettext("The form %(code)s has been annulled.", code=form.code), "success")
            return go("forms", paper_id)
    keyed = printed.keyed_from(form)
    return (
        render_template("exam_papers/annul_form.html", paper=found, form=form, keyed=keyed, error=error),
        422 if error else 200,
    )


def _forms_page(paper: Paper, form: PrintForm) -> str:
    plan = queries.plan_of(paper)
    return render_template(
        "exam_papers/forms.html",
        paper=paper,
        form=form,
        forms=printed.forms_of(paper),
        most=printing.MOST_AT_ONCE,
        flaws=flaws_shown(plan, check(plan, printing=True)),
        all_alike=not (paper.shuffle_questions or paper.shuffle_options or any(part.topic for part in plan.parts)),
    )


def _facts(paper: Paper, forms: Sequence[PrintedForm]) -> list[FormFacts]:
    drawn = {form.code: [Item.from_json(each) for each in form.items] for form in forms}
    versions = queries.versions_of(item.version_id for items in drawn.values() for item in items)

    def shown(item: Item) -> FormItem:
        version = versions[item.version_id]
        return FormItem(Kind(version.kind), version.text, version.body, item.order, item.points)

    return [
        FormFacts(
            code,
            paper.title,
            paper.course.name,
            paper.time_limit,
            paper.instructions,
            [shown(item) for item in items],
        )
        for code, items in drawn.items()
    ]


def _pictures(actor: Actor, public_ids: Iterable[str]) -> dict[str, PictureFile]:
    found = printed.pictures(actor, public_ids)
    return {one.public_id: PictureFile(one.file.content, one.file.media_type, one.width, one.height) for one in found}


def _letterhead(actor: Actor) -> Letterhead:
    organisation = accounts.get_organisation(actor.organisation_id)
    return Letterhead(organisation.name, organisation.parent_name, organisation.place, dated_on=today(actor.time_zone))
