"""The question bank: its list, the page of a question, topics, pictures."""

from flask import Blueprint, Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Forbidden, NotFound, Refusal
from classroom.exams.queries import bank as queries
from classroom.exams.queries import question_use
from classroom.exams.queries.bank import Wanted
from classroom.exams.queries.pictures import find_picture
from classroom.exams.rules.kinds import Kind
from classroom.exams.services import bank as services
from classroom.exams.services import topics as topic_services
from classroom.exams.views.showing import room_tabs, show, show_line
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.questions import KIND_WORDS

bp = Blueprint("questions", __name__, url_prefix="/questions")
_SHOWN = 300


@bp.get("")
@requires("question.manage")
def bank() -> ResponseReturnValue:
    """All questions in use, or those that are looked for."""
    actor, wanted = current_actor(), _wanted()
    lines = queries.search(actor, wanted, _SHOWN)
    return render_template(
        "questions/bank.html",
        tabs=room_tabs("questions.bank"),
        lines=lines,
        total=queries.count(actor, wanted) if len(lines) == _SHOWN else len(lines),
        wanted=wanted,
        narrowed=wanted != Wanted(),
        topics=queries.topics(actor),
        courses=queries.courses(actor),
        kinds=KIND_WORDS,
        short_title=services.short_title,
        import_url=url_for("question_imports.new") if "question_imports.new" in current_app.view_functions else "",
    )


@bp.get("/<question_id>")
@requires("question.manage")
def question(question_id: str) -> ResponseReturnValue:
    """One question: its newest version or an earlier one, where it is used, how it did."""
    actor = current_actor()
    found = queries.get_question(actor, question_id)
    number = request.args.get("version", type=int) or found.number
    version = next((each for each in found.versions if each.number == number), None)
    if version is None:
        raise NotFound
    return render_template(
        "questions/question.html",
        question=found,
        version=version,
        title=services.short_title(version.title, version.text),
        uses=question_use.papers_with(actor, found),
        outcomes=question_use.outcomes_of(actor, found),
        most_sittings=question_use.MOST_SITTINGS,
        most_attempts=question_use.MOST_ATTEMPTS,
        kinds=KIND_WORDS,
        show=show,
        show_line=show_line,
    )


@bp.post("/<question_id>/retire")
@requires("question.manage")
def retire(question_id: str) -> ResponseReturnValue:
    """Take a question out of use, or back."""
    retired = request.form.get("retired") == "1"
    services.retire(question_id, retired=retired, actor=current_actor())
    said = (
        gettext("The question is no longer drawn or offered.") if retired else gettext("The question is in use again.")
    )
    flash(said, "success")
    return redirect(url_for("questions.question", question_id=question_id), 303)


@bp.get("/pictures/<picture_id>")
@requires("exam.read")
def picture(picture_id: str) -> Response:
    """A picture, as staff see it."""
    found = find_picture(current_actor().organisation_id, picture_id)
    if found is None:
        raise NotFound
    return Response(found.file.content, mimetype=found.file.media_type)


# --- topics ---


@bp.get("/topics")
@requires("question.manage")
def topics() -> ResponseReturnValue:
    """All topics, with what is in them."""
    return _topics_page()


@bp.post("/topics")
@requires("question.manage")
def add_topic() -> ResponseReturnValue:
    """Add a topic."""
    name = request.form.get("name", "")
    try:
        topic_services.add_topic(name, actor=current_actor())
    except Refusal as refusal:
        _pass_on(refusal)
        return _topics_page(name=name, error=say_refusal(refusal)), refusal.status
    flash(gettext("The topic has been added."), "success")
    return redirect(url_for("questions.topics"), 303)


@bp.get("/topics/<topic_id>")
@requires("question.manage")
def topic(topic_id: str) -> ResponseReturnValue:
    """The forms that rename a topic or merge it into another."""
    return _topic_page(topic_id)


@bp.post("/topics/<topic_id>")
@requires("question.manage")
def rename_topic(topic_id: str) -> ResponseReturnValue:
    """Call a topic otherwise."""
    name = request.form.get("name", "")
    try:
        topic_services.rename_topic(topic_id, name, actor=current_actor())
    except Refusal as refusal:
        _pass_on(refusal)
        return _topic_page(topic_id, name=name, error=say_refusal(refusal)), refusal.status
    flash(gettext("The topic has been renamed."), "success")
    return redirect(url_for("questions.topics"), 303)


@bp.post("/topics/<topic_id>/merge")
@requires("question.manage")
def merge_topic(topic_id: str) -> ResponseReturnValue:
    """Move everything of a topic into another one."""
    try:
        kept = topic_services.merge_topics(topic_id, request.form.get("into", ""), actor=current_actor())
    except Refusal as refusal:
        if isinstance(refusal, Forbidden):
            raise
        queries.get_topic(current_actor(), topic_id)
        missing = isinstance(refusal, NotFound)
        words = gettext("Choose the topic to merge into.") if missing else say_refusal(refusal)
        return _topic_page(topic_id, merge_error=words), 422
    flash(gettext("The topics have been merged into “%(name)s”.", name=kept.name), "success")
    return redirect(url_for("questions.topics"), 303)


def _topics_page(name: str = "", error: str = "") -> str:
    return render_template(
        "questions/topics.html",
        tabs=room_tabs("questions.topics"),
        topics=queries.topics(current_actor()),
        name=name,
        error=error,
    )


def _topic_page(topic_id: str, name: str | None = None, error: str = "", merge_error: str = "") -> str:
    lines = queries.topics(current_actor())
    found = next((line for line in lines if line.topic.public_id == topic_id), None)
    if found is None:
        raise NotFound
    return render_template(
        "questions/topic.html",
        line=found,
        others=[line.topic for line in lines if line is not found],
        name=found.topic.name if name is None else name,
        error=error,
        merge_error=merge_error,
    )


def _wanted() -> Wanted:
    asked = request.args
    kind = asked.get("kind", "")
    return Wanted(
        text=asked.get("q", "").strip()[:200],
        course=asked.get("course", "")[:40],
        topic=asked.get("topic", "")[:40],
        kind=Kind(kind) if kind in KIND_WORDS else None,
        retired=asked.get("retired") == "1",
    )


def _pass_on(refusal: Refusal) -> None:
    """Let refusals through that no change of the form could heal."""
    if isinstance(refusal, NotFound | Forbidden):
        raise refusal
