"""The register: every number that was ever given, on the screen and on paper."""

from typing import NamedTuple

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.certification.documents.register import RegisterHead, register_pdf, register_table
from classroom.certification.presenters.register import present_rows
from classroom.certification.queries import register as queries
from classroom.certification.queries.batches import batches_of, get_batch
from classroom.certification.queries.certificates import years_of
from classroom.certification.queries.overview import all_courses
from classroom.certification.queries.register import Narrowed
from classroom.certification.views.blueprint import bp
from classroom.certification.views.steps import letterhead
from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import release
from classroom.core.errors import NotFound
from classroom.sessions.queries import get_course
from classroom.web.files import send_pdf, send_table
from classroom.web.guards import current_actor, requires

_PAGE = 100


class Asked(NamedTuple):
    """What the address asks for."""

    wanted: Narrowed
    course: str
    batch: str
    narrowed: str


@bp.get("/register")
@requires("certificate.read")
def register() -> ResponseReturnValue:
    """Numbers in their order, by year, course and batch; its volumes for the printer."""
    actor = current_actor()
    asked = _asked(actor)
    after = _number("after")
    rows = queries.register_page(asked.wanted, after, _PAGE + 1)
    course_id, years = asked.wanted.course_id, years_of(actor.organisation_id) or [today(actor.time_zone).year]
    batches = batches_of(course_id) if course_id else []
    return render_template(
        "certificates/register.html",
        rows=present_rows(rows[:_PAGE], actor.time_zone),
        more=rows[_PAGE - 1].serial if len(rows) > _PAGE else None,
        first=not after,
        years=[(year, year) for year in years],
        courses=all_courses(actor.organisation_id),
        batches=batches,
        choices=[("", _("All")), *((one.public_id, _("Batch %(number)s", number=one.number)) for one in batches)],
        asked=asked,
        counts=queries.count_by_state(asked.wanted),
        volumes=queries.volumes(asked.wanted),
        head=queries.chain_head(),
    )


@bp.get("/register.pdf")
@requires("certificate.read")
def register_file() -> ResponseReturnValue:
    """One volume on paper, with the end of the audit log's chain."""
    actor = current_actor()
    asked, first = _asked(actor), _number("from") or 1
    volume = next((one for one in queries.volumes(asked.wanted) if one.first == first), None)
    if volume is None:
        raise NotFound
    rows = queries.register_rows(asked.wanted, volume.first, volume.last)
    head, paper = _head(actor, asked, volume.first, volume.last), letterhead(actor)
    release()
    return send_pdf(register_pdf(paper, head, rows), f"{head.title}.pdf")


@bp.get("/register.xlsx")
@requires("certificate.read")
def register_xlsx() -> ResponseReturnValue:
    """All of it for Excel."""
    actor = current_actor()
    asked = _asked(actor)
    rows = queries.register_rows(asked.wanted)
    head = _head(actor, asked, 1, rows[-1].serial if rows else 0)
    table = register_table(head, rows)
    return send_table(table, f"Sổ gốc cấp giấy chứng nhận {asked.wanted.year}", "xlsx")


def _head(actor: Actor, asked: Asked, first: int, last: int) -> RegisterHead:
    return RegisterHead(asked.wanted.year, asked.narrowed, first, last, actor.time_zone, queries.chain_head())


def _asked(actor: Actor) -> Asked:
    course, batch = request.args.get("course", ""), request.args.get("batch", "")
    year = _number("year") or next(iter(years_of(actor.organisation_id)), today(actor.time_zone).year)
    found = get_course(actor, course) if course else None
    one = get_batch(actor, batch) if batch else None
    if one is not None and found is not None and one.course_id != found.id:
        one, batch = None, ""
    names = [f"Khóa học: {found.name}" if found else "", f"Lần cấp {one.number}" if one else ""]
    wanted = Narrowed(actor.organisation_id, year, found.id if found else None, one.id if one else None)
    return Asked(wanted, course, batch, ", ".join(filter(None, names)))


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
