"""Batches: prepare one, look at its lines, take its annex."""

from functools import partial
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.certification.documents.annex import AnnexHead, annex_pdf, annex_table, parts
from classroom.certification.forms.issuing import BatchForm, first_error
from classroom.certification.models import IssueBatch
from classroom.certification.queries import batches as queries
from classroom.certification.queries.overview import groups_to_choose
from classroom.certification.queries.printed import count_others, intakes_being_undone, setting_of
from classroom.certification.queries.stale import Differences, differences
from classroom.certification.rules.batches import Scope
from classroom.certification.rules.certificates import PrintedFacts
from classroom.certification.services import drafting
from classroom.certification.services.issuing import ISSUE
from classroom.certification.views.blueprint import bp
from classroom.certification.views.steps import letterhead, show_file, step
from classroom.core.db import release
from classroom.core.errors import NotFound, Refusal
from classroom.core.names import fold
from classroom.jobs.queries import latest_job
from classroom.online.models import Intake
from classroom.sessions.models import TrainingClass
from classroom.sessions.queries import get_course
from classroom.web.files import send_pdf, send_table
from classroom.web.guards import current_actor, requires
from classroom.web.ways import way
from classroom.web.words import say_refusal
from classroom.web.words.issuing import BATCH_STATES, DIFFERENCES, LEFT_OUT, PROBLEMS, REISSUES

_PAGE = 100
_WORDS = {
    "states": BATCH_STATES,
    "left_out": LEFT_OUT,
    "problems": PROBLEMS,
    "differing": DIFFERENCES,
    "reissues": REISSUES,
}


@bp.route("/courses/<course_id>/batches/new", methods=["GET", "POST"])
@requires("certificate.manage")
def new_batch(course_id: str) -> ResponseReturnValue:
    """Choose for whom, and let a job prepare the draft."""
    actor = current_actor()
    course = get_course(actor, course_id)
    form = BatchForm()
    form.offer(groups_to_choose(course.id))
    error = ""
    if request.method == "POST":
        if form.validate():
            try:
                made = drafting.prepare_batch(course_id, _scope(form, course.id), form.title.data or "", actor=actor)
                return redirect(url_for("certificates.batch", batch_id=made.public_id), 303)
            except Refusal as refusal:
                if refusal.status in {403, 404}:
                    raise
                error = say_refusal(refusal)
                course = get_course(actor, course_id)
        error = error or first_error(form)
    page = render_template("certificates/new_batch.html", form=form, course=course, error=error)
    return page, 422 if error else 200


def _scope(form: BatchForm, course_id: int) -> Scope:
    kind, _colon, public_id = (form.group.data or "").partition(":")
    found: dict[str, Any] = {}
    if kind:
        found[f"{kind}_id"] = queries.group_key(course_id, TrainingClass if kind == "class" else Intake, public_id)
    return Scope(**found, unit_fold=fold(form.unit.data or ""), order=form.order.data or "group")


@bp.get("/batches/<batch_id>")
@requires("certificate.read")
def batch(batch_id: str) -> ResponseReturnValue:
    """One batch: its state and next step, what should be looked at, its lines."""
    return batch_page(batch_id)


def batch_page(batch_id: str, error: str = "") -> str:
    """The page, with what was refused."""
    actor = current_actor()
    found = queries.get_batch(actor, batch_id)
    show, text = request.args.get("show", ""), request.args.get("q", "")[:100]
    rows = queries.lines(found.id, show=show, text=text, after=_after(), limit=_PAGE + 1)
    counts = queries.count_lines(found.id)
    is_open = found.state in {"draft", "submitted"} and found.ready_at is not None
    settings = queries.find_settings(actor.organisation_id)
    return render_template(
        "certificates/batch.html",
        batch=found,
        counts=counts,
        rows=rows[:_PAGE],
        more=(rows[_PAGE - 1].sort_key, rows[_PAGE - 1].id) if len(rows) > _PAGE else None,
        first=not request.args.get("after"),
        show=show,
        text=text,
        differing=differences(found, setting_of(found.course)) if is_open else Differences(),
        others=count_others(found.id, found.course_id) if is_open and found.kind == "first" else 0,
        undoing=intakes_being_undone(found.course_id) if found.state == "draft" and found.kind == "first" else [],
        job=_job(found),
        four_eyes=bool(settings and settings.four_eyes),
        annex_parts=parts(counts.issuing),
        error=error,
        way=way,
        words=_WORDS,
    )


def _job(found: IssueBatch) -> Any:
    """The job that writes lines or numbers now, or that could not."""
    task = drafting.PREPARE if found.state == "draft" else ISSUE
    if (found.state == "draft" and found.ready_at is None) or found.state in {"approved", "issuing"}:
        return latest_job(found.organisation_id, task, found.id)
    return None


def _after() -> tuple[str, int] | None:
    place, _dot, key = request.args.get("after", "").partition(".")
    return (key[:800], int(place)) if place.isascii() and place.isdigit() and len(place) < 19 else None


@bp.post("/batches/<batch_id>/leave-out")
@requires("certificate.manage")
def leave_out(batch_id: str) -> ResponseReturnValue:
    """Take one person out of a draft, or in again."""
    actor, learner, form = current_actor(), request.form.get("learner", ""), request.form

    def act() -> None:
        if form.get("take_in"):
            drafting.take_in(batch_id, learner, actor=actor)
        else:
            drafting.leave_out(batch_id, learner, form.get("reason", ""), actor=actor)

    return step(batch_id, act, _("Noted."), batch_page)


@bp.post("/batches/<batch_id>/refresh")
@requires("certificate.manage")
def refresh_batch(batch_id: str) -> ResponseReturnValue:
    """Write the lines of a draft anew."""
    act = partial(drafting.refresh_batch, batch_id, actor=current_actor())
    return step(batch_id, act, _("The lines are being written anew."), batch_page)


@bp.get("/batches/<batch_id>/annex.pdf")
@requires("certificate.read")
def annex_file(batch_id: str) -> ResponseReturnValue:
    """The list of names to be signed; big ones in parts."""
    found = queries.get_batch(current_actor(), batch_id)
    people = _people(found)
    wanted = request.args.get("part", "1")
    part = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 6 else 0
    if not 1 <= part <= parts(len(people)):
        raise NotFound
    head, paper = _annex_head(found), letterhead(current_actor())
    number, landscape = found.number, request.args.get("layout") != "portrait"
    release()
    name = f"Danh sách cấp giấy chứng nhận lần {number}" + (f" phần {part}" if parts(len(people)) > 1 else "")
    return send_pdf(annex_pdf(paper, head, people, part=part, landscape=landscape), f"{name}.pdf")


@bp.get("/batches/<batch_id>/annex.xlsx")
@requires("certificate.read")
def annex_xlsx(batch_id: str) -> ResponseReturnValue:
    """The same for Excel, whole."""
    found = queries.get_batch(current_actor(), batch_id)
    table = annex_table(_annex_head(found), _people(found))
    return send_table(table, f"Danh sách cấp giấy chứng nhận lần {found.number}", "xlsx")


@bp.get("/batches/<batch_id>/decision")
@requires("certificate.read")
def decision_file(batch_id: str) -> ResponseReturnValue:
    """The scan of the decision."""
    found = queries.get_batch(current_actor(), batch_id)
    if found.decision_file is None:
        raise NotFound
    return show_file(found.decision_file)


def _people(found: IssueBatch) -> list[PrintedFacts]:
    return [PrintedFacts.from_json(row.facts) for row in queries.all_annex_lines(found.id)]


def _annex_head(found: IssueBatch) -> AnnexHead:
    course = found.course
    grouped = Scope.from_json(found.scope).order == "group"
    return AnnexHead(
        course.programme.name, course.name, found.number, found.decision_number, found.decision_on, grouped
    )
