"""Statistics of a programme with charts: the page, the spreadsheet, the report."""

from dataclasses import asdict, replace

from flask import Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext

from classroom.accounts import queries as accounts
from classroom.core import pdf
from classroom.core.clock import now, today
from classroom.core.db import release
from classroom.core.sheets import write_xlsx
from classroom.core.tables import Table
from classroom.desk.documents import letterhead
from classroom.desk.numbers import Section, sections, written
from classroom.desk.queries.statistics import course_numbers
from classroom.desk.rules import charts
from classroom.desk.views.blueprint import bp
from classroom.sessions import queries as sessions
from classroom.sessions.models import Programme
from classroom.web.files import XLSX, send_file, send_pdf
from classroom.web.guards import current_actor, requires


@bp.get("/programmes/<programme_id>/statistics")
@requires("certificate.read")
def statistics(programme_id: str) -> ResponseReturnValue:
    """Charts, each with its table."""
    programme, courses = _courses(programme_id)
    return render_template("desk/statistics.html", programme=programme, courses=courses, written=written, box=charts)


@bp.get("/programmes/<programme_id>/statistics.xlsx")
@requires("certificate.read")
def statistics_xlsx(programme_id: str) -> ResponseReturnValue:
    """One sheet for each table."""
    programme, courses = _courses(programme_id)
    several = len(courses) > 1
    tables = [
        replace(each.table, title=f"{each.table.title} – {course}" if several else each.table.title)
        for course, found in courses
        for each in found
    ]
    name = f"{gettext('Statistics')} {programme.name}"
    release()
    return send_file(write_xlsx(tables or [Table(name[:31], [], [])]), XLSX, f"{name}.xlsx")


@bp.get("/programmes/<programme_id>/statistics.pdf")
@requires("certificate.read")
def statistics_pdf(programme_id: str) -> Response:
    """The report of the programme; official papers are Vietnamese, whatever language the reader chose."""
    actor = current_actor()
    with force_locale("vi"):
        programme, courses = _courses(programme_id)
        name = programme.name
        organisation = accounts.get_organisation(actor.organisation_id)
        head = letterhead(organisation, today(actor.time_zone))
        release()
        data = {
            "title": "BÁO CÁO KẾT QUẢ CHƯƠNG TRÌNH",
            "programme": name,
            "letterhead": head.as_data(),
            "box": {"width": charts.WIDTH, "bar": charts.BAR},
            "courses": [{"name": course, "sections": [_printed(each) for each in found]} for course, found in courses],
        }
        return send_pdf(pdf.render("programme_report", data), f"Báo cáo {name}.pdf")


def _printed(section: Section) -> dict[str, object]:
    return {
        "key": section.key,
        "title": section.title,
        "label": section.label,
        "headings": [column.heading for column in section.table.columns],
        "rows": [[written(cell) for cell in row] for row in section.table.rows],
        "bars": asdict(section.bars) if section.bars else None,
        "lines": asdict(section.lines) if section.lines else None,
    }


def _courses(programme_id: str) -> tuple[Programme, list[tuple[str, list[Section]]]]:
    actor = current_actor()
    programme = sessions.get_programme(actor, programme_id)
    at = now()
    found = [(course.name, sections(course_numbers(course, actor.time_zone, at))) for course in programme.courses]
    return programme, found
