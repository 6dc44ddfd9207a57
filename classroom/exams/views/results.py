"""Results of a sitting: who sat, with how many points; as a page, a spreadsheet, and the sheet to be signed."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from classroom.accounts.queries import get_organisation
from classroom.attendance.documents import PARTS
from classroom.core.clock import local, now, today
from classroom.core.db import release
from classroom.core.letterhead import Letterhead
from classroom.core.markup import render, render_line
from classroom.exams.documents.result_sheet import RulingNote, SheetHead, result_sheet_pdf, result_table
from classroom.exams.forms.papers import COUNTS
from classroom.exams.queries.class_results import ALONE, FINAL, ClassResults, class_results
from classroom.exams.queries.renewing import open_renewal
from classroom.exams.queries.result_lines import histogram_of, totals
from classroom.exams.queries.results import Results
from classroom.exams.queries.ruled import Decided, decided_in
from classroom.exams.queries.sitting_facts import SittingFacts
from classroom.exams.rules import spelling
from classroom.sessions import queries as sessions
from classroom.web.files import send_pdf, send_table
from classroom.web.guards import PUBLIC, SIGNED_IN, current_actor, requires
from classroom.web.words.results import ADVICE

bp = Blueprint("results", __name__)


def way(endpoint: str, **values: Any) -> str:
    """The address of a page that the reader may open, or "" where there is no way for this reader."""
    view = current_app.view_functions.get(endpoint)
    permission = getattr(view, "permission", "")
    if view is None or not (permission in {PUBLIC, SIGNED_IN} or current_actor().may(permission)):
        return ""
    return url_for(endpoint, **values)


def picture_url(public_id: str) -> str:
    """Where staff see a picture of the bank."""
    return way("questions.picture", picture_id=public_id)


def show(text: str) -> Markup:
    """A text of the Markdown subset, for staff."""
    return render(text, picture_url)


def show_line(text: str) -> Markup:
    """The same within a line."""
    return render_line(text, picture_url)


@bp.context_processor
def _tools() -> dict[str, Any]:
    return {"way": way, "show": show, "show_line": show_line, "spell": spelling, "advice_words": ADVICE}


@bp.get("/sittings/<sitting_id>/results")
@requires("exam.read")
def sitting(sitting_id: str) -> ResponseReturnValue:
    """The class with its points, over the retakes unless the sitting alone is wanted; histogram, numbers, files."""
    read = _read(sitting_id)
    facts, results, lines = read.facts, read.results, read.lines
    terms = facts.terms
    return render_template(
        "exam_staff/results.html",
        sitting=facts,
        lines=lines,
        read=read,
        views=_views(read),
        policy=COUNTS[results.paper.counts],
        taught_only=current_actor().classes_taught_only,
        numbers=totals(lines),
        chart=histogram_of(results.counted, terms.scale, terms.pass_percent),
        rulings=_decided(results),
        renewal=open_renewal(papers_of(results)),
        tabs_of=sitting_tabs(facts.public_id),
    )


@bp.get("/sittings/<sitting_id>/results.xlsx")
@requires("paper.print")
def sitting_xlsx(sitting_id: str) -> ResponseReturnValue:
    """Every attempt, for Excel."""
    return _sheet(sitting_id, "xlsx")


@bp.get("/sittings/<sitting_id>/results.csv")
@requires("paper.print")
def sitting_csv(sitting_id: str) -> ResponseReturnValue:
    """The same as plain text."""
    return _sheet(sitting_id, "csv")


@bp.get("/sittings/<sitting_id>/results.pdf")
@requires("paper.print")
def sitting_pdf(sitting_id: str) -> ResponseReturnValue:
    """Bảng tổng hợp kết quả kiểm tra."""
    actor = current_actor()
    actor.require("exam.read")
    read = _read(sitting_id)
    head = _head(read)
    zone = actor.time_zone
    notes = [
        RulingNote(each.question, each.action, each.number, each.reason, local(each.at, zone).date(), each.by)
        for each in _decided(read.results)
    ]
    paper_head = letterhead()
    release()
    paper = result_sheet_pdf(paper_head, head, read.lines, totals(read.lines), notes)
    return send_pdf(paper, f"Kết quả kiểm tra lớp {head.code}.pdf")


def sitting_tabs(sitting_id: str) -> list[dict[str, Any]]:
    """The pages about one sitting, for `page.tabs`: endpoint, address and whether it is the present one."""
    known = (("sittings.board", ""), ("results.sitting", "results"), ("results.analysis", "analysis"))
    return [
        {"name": name or "board", "url": url, "active": request.endpoint == endpoint}
        for endpoint, name in known
        if (url := way(endpoint, sitting_id=sitting_id))
    ]


def letterhead() -> Letterhead:
    """The head of official papers of the reader's organisation, dated today."""
    actor = current_actor()
    organisation = get_organisation(actor.organisation_id)
    return Letterhead(organisation.name, organisation.parent_name, organisation.place, "", today(actor.time_zone))


def sheet_head(facts: SittingFacts) -> SheetHead:
    """What stands above the official table of a sitting."""
    actor = current_actor()
    zone, session = actor.time_zone, facts.session
    training_class = sessions.get_class(actor, session.class_public_id)
    room = training_class.room
    return SheetHead(
        paper=facts.title,
        course=session.course,
        code=session.class_code,
        title=training_class.title,
        held_on=session.held_on,
        session=f"Ngày {session.day_number}, {PARTS[session.part].lower()}",
        opened_at=local(facts.opened_at, zone),
        ended_at=local(facts.ended_at, zone) if facts.ended_at else None,
        made_at=local(now(), zone),
        venue=f"{room.name}, {room.venue.name}" if room else "",
        scale=facts.terms.scale,
        pass_percent=facts.terms.pass_percent,
        zone=zone,
    )


def _read(sitting_id: str) -> ClassResults:
    return class_results(current_actor(), sitting_id, request.args.get("view", ""))


def _head(read: ClassResults) -> SheetHead:
    head = sheet_head(read.facts)
    return replace(head, counts=read.results.paper.counts) if read.final else head


def _views(read: ClassResults) -> list[dict[str, Any]]:
    """Both ways of counting, for `page.tabs`; nothing where they say the same."""
    if not read.both:
        return []
    return [
        {
            "label": label,
            "url": url_for(".sitting", sitting_id=read.facts.public_id, view=view),
            "active": read.view == view,
        }
        for view, label in ((FINAL, _("With retakes")), (ALONE, _("This test alone")))
    ]


def papers_of(results: Results) -> set[int]:
    """The keys of the papers whose attempts are looked at."""
    return {sitting.paper_id for sitting in results.sittings.values()}


def _decided(results: Results) -> Sequence[Decided]:
    questions = {item["q"] for go in results.attempts for item in go.items}
    return decided_in(papers_of(results), questions)


def _sheet(sitting_id: str, kind: str) -> Response:
    current_actor().require("exam.read")
    read = _read(sitting_id)
    head = _head(read)
    return send_table(result_table(head, read.lines), f"Kết quả kiểm tra lớp {head.code}", kind)
