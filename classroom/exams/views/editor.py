"""The page on which a question is written. Nothing that was typed is lost: every button answers with the whole page."""

from collections.abc import Sequence

from flask import Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.core.pictures import LARGEST_FILE
from classroom.exams.forms.questions import Draft, picture_mark
from classroom.exams.models import Question
from classroom.exams.queries import bank as queries
from classroom.exams.rules.kinds import MOST_OPTIONS, Flaw, Kind
from classroom.exams.services import bank as services
from classroom.exams.services import pictures
from classroom.exams.services.bank import Place
from classroom.exams.views.bank import bp
from classroom.exams.views.showing import room_tabs, show, show_line
from classroom.web.guards import current_actor, requires
from classroom.web.words import say, say_refusal
from classroom.web.words.questions import KIND_HINTS, KIND_WORDS

#: Where a refusal is said that is no flaw of the question itself.
_PLACES = {"question.no_such_picture": "text", "topic.no_name": "topic", "topic.name_too_long": "topic"}
Problems = Sequence[tuple[str, str]]


@bp.get("/new")
@requires("question.manage")
def new() -> ResponseReturnValue:
    """First the kind, then an empty question of it."""
    kind = request.args.get("kind", "")
    if kind not in KIND_WORDS:
        return render_template(
            "questions/kinds.html", tabs=room_tabs("questions.bank"), kinds=KIND_WORDS, hints=KIND_HINTS
        )
    kept = {name: request.args.get(name, "")[:200] for name in ("course", "topic")}
    return _editor(Draft.empty(Kind(kind), **kept))


@bp.post("/new")
@requires("question.manage")
def create() -> ResponseReturnValue:
    """Save a new question, or do what another button of its page says."""
    draft = Draft.from_form(_kind(request.form.get("kind", "")), request.form)
    if answer := _worked_on(draft):
        return answer
    try:
        made = services.add_question(draft.content(), _place(draft), actor=current_actor())
    except Refusal as refusal:
        return _refused(draft, refusal)
    flash(gettext("The question has been added."), "success")
    if request.form.get("do") == "another":
        course, topic = draft.fields["course"], draft.fields["topic"]
        return redirect(url_for("questions.new", kind=draft.kind.value, course=course, topic=topic), 303)
    return redirect(url_for("questions.question", question_id=made.public_id), 303)


@bp.get("/<question_id>/edit")
@requires("question.manage")
def edit(question_id: str) -> ResponseReturnValue:
    """The newest version, or an earlier one, to be made into a new version."""
    found = queries.get_question(current_actor(), question_id)
    number = request.args.get("version", type=int) or found.number
    version = next((each for each in found.versions if each.number == number), None)
    if version is None:
        raise NotFound
    return _editor(Draft.of(found, version), found)


@bp.post("/<question_id>/edit")
@requires("question.manage")
def save(question_id: str) -> ResponseReturnValue:
    """Save a new version, or do what another button of the page says."""
    actor = current_actor()
    found = queries.get_question(actor, question_id)
    draft = Draft.from_form(Kind(queries.current_version(found).kind), request.form)
    if answer := _worked_on(draft, found):
        return answer
    number = found.number
    try:
        saved = services.new_version(
            question_id,
            draft.content(),
            _place(draft),
            actor=actor,
            note=draft.fields["note"],
            based_on=draft.based_on,
        )
    except Refusal as refusal:
        return _refused(draft, refusal, queries.get_question(actor, question_id))
    if saved.number != number:
        flash(gettext("Version %(number)s has been saved.", number=saved.number), "success")
    else:
        flash(gettext("The text and the answers are the same as before, so no new version was made."), "info")
    return redirect(url_for("questions.question", question_id=question_id), 303)


@bp.post("/preview")
@requires("question.manage")
def preview() -> ResponseReturnValue:
    """The question as it stands on the page, drawn."""
    draft = Draft.from_form(_kind(request.form.get("kind", "")), request.form)
    return render_template("questions/_preview.html", content=draft.content(), show=show, show_line=show_line)


@bp.post("/pictures")
@requires("question.manage")
def add_picture() -> ResponseReturnValue:
    """Take a picture in for a page that is still being written; answers what to write into the text."""
    try:
        made = pictures.add_picture(_sent_picture(), actor=current_actor())
    except Refusal as refusal:
        return jsonify(error=say_refusal(refusal)), refusal.status
    return jsonify(markdown=picture_mark(request.form.get("picture-words", ""), made.public_id))


def _worked_on(draft: Draft, question: Question | None = None) -> Response | str | tuple[str, int] | None:
    """The page after a button that does not save, or with what is wrong; None when it can be saved."""
    verb, _, about = request.form.get("do", "save").partition(":")
    if verb == "picture":
        return _with_picture(draft, question)
    if verb in ("add", "remove", "up", "down"):
        return _editor(draft.changed(verb, about), question)
    if verb == "preview":
        return _editor(draft, question, previewed=True)
    if flaws := draft.flaws():
        return _editor(draft, question, [_said(flaw) for flaw in flaws]), 422
    return None


def _with_picture(draft: Draft, question: Question | None) -> str | tuple[str, int]:
    try:
        made = pictures.add_picture(_sent_picture(), actor=current_actor())
    except Refusal as refusal:
        return _editor(draft, question, [("picture", say_refusal(refusal))]), refusal.status
    shown = draft.with_picture(request.form.get("picture-words", ""), made.public_id)
    return _editor(shown, question, previewed=True)


def _sent_picture() -> bytes:
    sent = request.files.get("picture")
    return sent.read(LARGEST_FILE + 1) if sent else b""


def _refused(draft: Draft, refusal: Refusal, question: Question | None = None) -> ResponseReturnValue:
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
    if refusal.code == "question.changed_meanwhile" and question:
        draft = draft.on_top_of(question.number)
    return _editor(draft, question, [(_PLACES.get(refusal.code, ""), say_refusal(refusal))]), refusal.status


def _editor(draft: Draft, question: Question | None = None, problems: Problems = (), *, previewed: bool = False) -> str:
    actor = current_actor()
    errors: dict[str, list[str]] = {}
    for name, words in problems:
        errors.setdefault(name, []).append(words)
    return render_template(
        "questions/edit.html",
        draft=draft,
        kind=draft.kind.value,
        question=question,
        problems=problems,
        errors=errors,
        content=draft.content(),
        previewed=previewed,
        topics=queries.topics(actor),
        courses=queries.courses(actor),
        kinds=KIND_WORDS,
        most=MOST_OPTIONS,
        largest=LARGEST_FILE,
        show=show,
        show_line=show_line,
    )


def _said(flaw: Flaw) -> tuple[str, str]:
    return flaw.where, say(flaw.code, flaw.details)


def _kind(value: str) -> Kind:
    if value not in KIND_WORDS:
        abort(400)
    return Kind(value)


def _place(draft: Draft) -> Place:
    return Place(draft.fields["course"], draft.fields["topic"])
