"""Pages of the learners room: the list of people, and the form of one."""

from collections.abc import Sequence

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.errors import NotFound, Refusal
from classroom.learners import documents, presenters, queries, services
from classroom.learners.forms import LearnerForm
from classroom.learners.models import Learner
from classroom.learners.rules import mask_id_number
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.learners import AUDIENCE_WORDS

bp = Blueprint("learners", __name__)
_SHOWN, _EXPORTED = 200, 50_000


@bp.get("/people")
@requires("learner.read")
def people() -> ResponseReturnValue:
    """Everybody, or those who are searched for."""
    actor, (text, audience) = current_actor(), _asked()
    found = queries.search(actor.organisation_id, text, _SHOWN, audience=audience)
    total = len(found)
    if total == _SHOWN:
        total = queries.count(actor.organisation_id, text, audience=audience)
    return render_template(
        "learners/people.html",
        rows=presenters.present_lines(found),
        total=total,
        text=text,
        audience=audience,
        audiences=AUDIENCE_WORDS,
        search_text=text,
    )


@bp.get("/people/export.<any(xlsx, csv):kind>")
@requires("learner.read")
def export(kind: str) -> ResponseReturnValue:
    """The list as a spreadsheet, with the last four digits of ID numbers."""
    table = documents.learner_table(_listed(), whole_id_numbers=False)
    return _file(*documents.write(table, kind), kind)


@bp.post("/people/export.<any(xlsx, csv):kind>")
@requires("learner.reveal")
def export_whole(kind: str) -> ResponseReturnValue:
    """The list with whole ID numbers, which is written down."""
    found = _listed()
    services.note_export(len(found), actor=current_actor())
    return _file(*documents.write(documents.learner_table(found, whole_id_numbers=True), kind), kind)


@bp.get("/people/new")
@requires("learner.manage")
def new_learner() -> ResponseReturnValue:
    """An empty form, with the name that was searched for on the page one comes from."""
    name = " ".join(request.args.get("name", "").split())[:200]
    return _new_page(LearnerForm(data={"name": name}))


@bp.post("/people/new")
@requires("learner.manage")
def create_learner() -> ResponseReturnValue:
    """Add a learner."""
    form = LearnerForm()
    if facts := form.facts():
        try:
            made = services.create_learner(facts, actor=current_actor())
        except Refusal as refusal:
            form.id_number.errors = [say_refusal(refusal)]
        else:
            flash(_("%(name)s has been added, with the code %(code)s.", name=made.name, code=made.code), "success")
            if class_id := _class_waiting():
                return redirect(url_for("sessions.enrol", class_id=class_id, q=made.code), 303)
            return redirect(url_for("desk.learner_page", learner_id=made.public_id), 303)
    return _new_page(form), 422


@bp.get("/people/<learner_id>/edit")
@requires("learner.manage")
def edit_learner(learner_id: str) -> ResponseReturnValue:
    """The form of one learner."""
    learner = queries.get_learner(current_actor().organisation_id, learner_id)
    return _edit_page(learner, LearnerForm.of(learner))


@bp.post("/people/<learner_id>/edit")
@requires("learner.manage")
def save_learner(learner_id: str) -> ResponseReturnValue:
    """Change what is known of a learner."""
    actor, form = current_actor(), LearnerForm()
    learner = queries.get_learner(actor.organisation_id, learner_id)
    if facts := form.facts(learner.id_number):
        try:
            services.update_learner(learner_id, facts, actor=actor)
        except Refusal as refusal:
            form.id_number.errors = [say_refusal(refusal)]
        else:
            flash(_("The changes have been saved."), "success")
            return redirect(url_for("desk.learner_page", learner_id=learner_id), 303)
    return _edit_page(queries.get_learner(actor.organisation_id, learner_id), form), 422


@bp.post("/people/<learner_id>/code")
@requires("learner.manage")
def replace_code(learner_id: str) -> ResponseReturnValue:
    """Give another code."""
    learner = services.replace_code(learner_id, actor=current_actor())
    flash(_("The new code is %(code)s. Print the badge again.", code=learner.code), "success")
    return redirect(url_for("desk.learner_page", learner_id=learner_id), 303)


@bp.post("/people/<learner_id>/reveal")
@requires("learner.reveal")
def reveal(learner_id: str) -> ResponseReturnValue:
    """Show the whole ID number, which is written down."""
    actor = current_actor()
    number = services.reveal_id_number(learner_id, actor=actor)
    learner = queries.get_learner(actor.organisation_id, learner_id)
    return render_template("learners/reveal.html", learner=learner, id_number=number)


def _new_page(form: LearnerForm) -> str:
    return render_template("learners/new_learner.html", form=form, class_id=_class_waiting())


def _class_waiting() -> str:
    """The class in which the new learner is to be enrolled next, or ""."""
    return request.args.get("class", "").strip()[:40]


def _edit_page(learner: Learner, form: LearnerForm) -> str:
    masked = mask_id_number(learner.id_number)
    return render_template("learners/edit_learner.html", learner=learner, form=form, masked=masked)


def _asked() -> tuple[str, str]:
    audience = request.values.get("audience", "")
    return request.values.get("q", "").strip()[:200], audience if audience in AUDIENCE_WORDS else ""


def _listed() -> Sequence[Learner]:
    text, audience = _asked()
    found = queries.search(current_actor().organisation_id, text, _EXPORTED, audience=audience)
    if not found:
        raise NotFound("learner.nobody_found")
    return found


def _file(content: bytes, media_type: str, kind: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers.set("Content-Disposition", "attachment", filename=f"hoc-vien.{kind}")
    return answer
