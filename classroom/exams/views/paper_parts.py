"""What a paper asks: the table of its parts, picking questions, the preview."""

from secrets import token_hex

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from classroom.core.errors import Refusal
from classroom.exams.forms.parts import PartsForm, added
from classroom.exams.models import Paper
from classroom.exams.presenters.showing import ShownQuestion, show_question
from classroom.exams.queries import papers as queries
from classroom.exams.queries.picking import MOST, questions_to_pick
from classroom.exams.rules.drawing import SEED_BYTES, draw
from classroom.exams.rules.kinds import Kind
from classroom.exams.rules.papers import check_ready, spell_points
from classroom.exams.rules.terms import Terms
from classroom.exams.services import papers as services
from classroom.exams.views.papers import bp, go, pass_on
from classroom.exams.views.showing import picture_url, show
from classroom.web.guards import current_actor, requires
from classroom.web.words import say_refusal
from classroom.web.words.questions import KIND_WORDS


@bp.route("/<paper_id>/parts", methods=["GET", "POST"])
@requires("question.manage")
def edit_parts(paper_id: str) -> ResponseReturnValue:
    """The table of parts. Every button sends it whole and saves it."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    if request.method == "GET":
        return _parts_page(found, PartsForm.of(found))
    form = PartsForm.sent(request.form)
    lines = form.lines()
    if lines is None:
        return _parts_page(found, form), 422
    try:
        if form.seen is None:  # nobody's page: it would empty the paper
            raise Refusal("paper.changed_meanwhile")
        services.set_parts(paper_id, lines, actor=actor, seen=form.seen)
    except Refusal as refusal:
        pass_on(refusal)
        return _parts_page(queries.get_paper(actor, paper_id), form, say_refusal(refusal)), refusal.status
    if form.action == "pick":
        return go("pick_questions", paper_id)
    if form.action == "done":
        flash(gettext("The paper has been saved."), "success")
        return go("paper", paper_id)
    return go("edit_parts", paper_id)


@bp.get("/<paper_id>/questions")
@requires("question.manage")
def pick_questions(paper_id: str) -> ResponseReturnValue:
    """Questions that can be put on the paper: ?q= words, ?topic= one topic."""
    return _pick_page(queries.get_paper(current_actor(), paper_id), request.args.get("points", "1"))


@bp.post("/<paper_id>/questions")
@requires("question.manage")
def add_questions(paper_id: str) -> ResponseReturnValue:
    """Put the chosen questions at the end of the paper."""
    actor = current_actor()
    found = queries.get_paper(actor, paper_id)
    chosen = request.form.getlist("chosen")
    try:
        if chosen:
            lines = added(found, chosen, request.form.get("points", ""))
            services.set_parts(paper_id, lines, actor=actor, seen=found.updated_at)
    except Refusal as refusal:
        pass_on(refusal)
        found = queries.get_paper(actor, paper_id)
        return _pick_page(found, request.form.get("points", ""), chosen, say_refusal(refusal)), refusal.status
    return go("edit_parts", paper_id)


@bp.get("/<paper_id>/preview")
@requires("exam.run")
def preview(paper_id: str) -> ResponseReturnValue:
    """The paper as one learner would get it: ?seed= shows the same draw again, without one it is drawn afresh."""
    found = queries.get_paper(current_actor(), paper_id)
    seed = _seed(request.args.get("seed", ""))
    if seed is None:
        again = url_for("exam_papers.preview", paper_id=paper_id, seed=token_hex(SEED_BYTES))
        return redirect(again, 303)
    return render_template(
        "exam_papers/preview.html",
        paper=found,
        terms=Terms.of(found),
        instructions=show(found.instructions),
        items=_drawn(found, seed),
    )


def _drawn(paper: Paper, seed: bytes) -> list[ShownQuestion]:
    plan = queries.plan_of(paper)
    check_ready(plan)
    pool = queries.pool_of(plan)
    shown = queries.shown_versions(version for part in pool for _, version in part.versions)
    items = draw(pool, seed, shown, shuffle_questions=paper.shuffle_questions, shuffle_options=paper.shuffle_options)
    contents = {one.version_id: one.content for part in plan.parts for one in part.candidates}
    return [
        show_question(place, Kind(content.kind), content.text, content.body, item.order, picture_url)
        for place, item in enumerate(items)
        if (content := contents[item.version_id])
    ]


def _seed(text: str) -> bytes | None:
    try:
        seed = bytes.fromhex(text)
    except ValueError:
        return None
    return seed if len(seed) == SEED_BYTES else None


def _parts_page(paper: Paper, form: PartsForm, error: str = "") -> str:
    plan = queries.plan_of(paper)
    labels = {one.public_id: one for part in plan.parts if part.is_fixed for one in part.candidates}
    return render_template(
        "exam_papers/parts.html",
        paper=paper,
        form=form,
        error=error,
        plan=plan,
        labels=labels,
        topics=queries.topics_with_counts(current_actor(), paper.course_id),
        topic_names={part.topic.public_id: part.topic.name for part in paper.parts if part.topic},
        sittings=queries.sittings_of(paper),
        kinds=KIND_WORDS,
        spell_points=spell_points,
    )


def _pick_page(paper: Paper, points: str, chosen: list[str] | None = None, error: str = "") -> str:
    text, topic = request.args.get("q", ""), request.args.get("topic", "")
    return render_template(
        "exam_papers/pick.html",
        paper=paper,
        lines=[
            (one, queries.label_of(version), version.kind) for one, version in questions_to_pick(paper, text, topic)
        ],
        most=MOST,
        text=text,
        topic=topic,
        topics=queries.topics_with_counts(current_actor(), paper.course_id),
        points=points,
        chosen=chosen or [],
        error=error,
        kinds=KIND_WORDS,
    )
