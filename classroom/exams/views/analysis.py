"""What the answers of many say about the questions: of one sitting, or of a whole paper."""

from collections.abc import Sequence

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from classroom.core.clock import now
from classroom.core.db import release
from classroom.exams.documents.item_analysis import ReportHead, item_analysis_pdf
from classroom.exams.queries.analysis import analysis_of
from classroom.exams.queries.analysis_blocks import AnalysisPage, present_analysis
from classroom.exams.queries.renewing import open_renewal
from classroom.exams.queries.results import Results, results_of_paper, results_of_sitting
from classroom.exams.queries.ruled import question_ids
from classroom.exams.queries.secrecy import check_keys
from classroom.exams.queries.sitting_facts import SittingFacts, get_sitting
from classroom.exams.views.results import bp, letterhead, papers_of, sheet_head, sitting_tabs, way
from classroom.web.files import send_pdf
from classroom.web.filters import local_date, local_datetime
from classroom.web.guards import current_actor, requires


@bp.get("/sittings/<sitting_id>/analysis")
@requires("exam.read")
def analysis(sitting_id: str) -> ResponseReturnValue:
    """The questions of one sitting."""
    facts, results, page = _of_sitting(sitting_id)
    return render_template(
        "exam_staff/analysis.html",
        page_=page,
        sitting=facts,
        paper=results.paper,
        renewal=open_renewal(papers_of(results)),
        heading=_("Analysis of the questions"),
        scale=facts.terms.scale,
        tabs_of=sitting_tabs(facts.public_id),
        pdf=way("results.analysis_pdf", sitting_id=sitting_id),
    )


@bp.get("/sittings/<sitting_id>/analysis.pdf")
@requires("paper.print")
def analysis_pdf(sitting_id: str) -> ResponseReturnValue:
    """The same as a report."""
    current_actor().require("exam.read")
    facts, _results, page = _of_sitting(sitting_id)
    head = ReportHead("BÁO CÁO PHÂN TÍCH CÂU HỎI KIỂM TRA", sheet_head(facts).lines())
    return _send(head, page, f"Phân tích câu hỏi lớp {facts.session.class_code}.pdf")


@bp.get("/exam-papers/<paper_id>/analysis")
@requires("programme.read")
def paper_analysis(paper_id: str) -> ResponseReturnValue:
    """The questions of a paper over all its sittings."""
    results, page = _of_paper(paper_id)
    return render_template(
        "exam_staff/analysis.html",
        page_=page,
        sitting=None,
        paper=results.paper,
        renewal=open_renewal(papers_of(results)),
        heading=_("Analysis of the paper"),
        scale=results.paper.scale,
        sittings=list(results.sittings.values()),
        pdf=way("results.paper_analysis_pdf", paper_id=paper_id),
    )


@bp.get("/exam-papers/<paper_id>/analysis.pdf")
@requires("programme.read")
def paper_analysis_pdf(paper_id: str) -> ResponseReturnValue:
    """The same as a report."""
    current_actor().require("paper.print")
    results, page = _of_paper(paper_id)
    head = ReportHead("BÁO CÁO PHÂN TÍCH CÂU HỎI KIỂM TRA", _paper_lines(results))
    return _send(head, page, f"Phân tích đề {results.paper.title}.pdf")


def _of_sitting(sitting_id: str) -> tuple[SittingFacts, Results, AnalysisPage]:
    actor = current_actor()
    facts = get_sitting(actor, sitting_id)
    results = results_of_sitting(actor, sitting_id)
    return facts, results, _page(results, facts.terms.scale, facts.terms.pass_percent)


def _of_paper(paper_id: str) -> tuple[Results, AnalysisPage]:
    """It shows all classes, so it asks for a permission that no trainer holds."""
    actor = current_actor()
    actor.require("exam.read")
    results = results_of_paper(actor, paper_id)
    return results, _page(results, results.paper.scale, results.paper.pass_percent)


def _page(results: Results, scale: int, pass_percent: int) -> AnalysisPage:
    questions = {item["q"] for go in results.attempts for item in go.items}
    check_keys(current_actor(), questions)
    return present_analysis(results, analysis_of(results), question_ids(questions), scale, pass_percent)


def _paper_lines(results: Results) -> Sequence[Sequence[str]]:
    paper, sittings = results.paper, list(results.sittings.values())
    days = f"{local_date(sittings[0].opened_at)} – {local_date(sittings[-1].opened_at)}" if sittings else ""
    classes = ", ".join(dict.fromkeys(sitting.class_code for sitting in sittings))
    lines = [
        ["Bài kiểm tra", paper.title],
        ["Khóa học", paper.course.name],
        ["Các lớp", classes],
        ["Thời gian", days],
        ["Lập lúc", local_datetime(now())],
    ]
    return [line for line in lines if line[1]]


def _send(head: ReportHead, page: AnalysisPage, filename: str) -> ResponseReturnValue:
    top = letterhead()
    release()
    return send_pdf(item_analysis_pdf(top, head, page), filename)
