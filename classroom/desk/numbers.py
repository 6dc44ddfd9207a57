"""Statistics of a course in sections: each a chart with the table of its numbers; for the page, Excel and paper."""

from dataclasses import dataclass

from flask_babel import gettext as _

from classroom.core.tables import Cell, Column, Table
from classroom.desk.queries.statistics import CourseNumbers
from classroom.desk.rules.charts import WIDE_LEFT, Bars, Lines, bars, lines
from classroom.web.filters import local_date
from classroom.web.words.deciding import REASON_WORDS

#: So many bars are drawn of a long list; its table has all of them.
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Section:
    """One question about a course; `label` says the chart in a sentence."""

    key: str
    title: str
    label: str
    table: Table
    bars: Bars | None = None
    lines: Lines | None = None


def sections(found: CourseNumbers) -> list[Section]:
    """Those of which there is anything to say."""
    made = (_classes(found), _days(found), _completion(found), _marks(found), _reasons(found), _units(found))
    return [each for each in made if each.table.rows]


def spelled(percent: float) -> str:
    """97,5%"""
    return f"{percent:.1f}".replace(".", ",").removesuffix(",0") + "%"


def written(cell: Cell) -> str:
    """A cell of a table on page and paper; shares stand in columns of their own, in per cent."""
    return f"{cell:.1f}".replace(".", ",") if isinstance(cell, float) else "" if cell is None else str(cell)


def _classes(found: CourseNumbers) -> Section:
    drawn = bars([(each.name, each.percent, spelled(each.percent)) for each in found.classes])
    columns = [Column(_("Class")), *_of(_("Half-days attended"), _("Half-days that were due"))]
    rows = [(each.name, each.part, each.whole, each.percent) for each in found.classes]
    title = _("Attendance by class")
    return Section("classes", title, _("Share of half-days attended, by class"), Table(title, columns, rows), drawn)


def _days(found: CourseNumbers) -> Section:
    drawn = bars([(local_date(day), each.percent, spelled(each.percent)) for day, each in found.days])
    columns = [Column(_("Day")), *_of(_("Half-days attended"), _("Half-days that were due"))]
    rows = [(local_date(day), each.part, each.whole, each.percent) for day, each in found.days]
    title = _("Attendance by day")
    return Section("days", title, _("Share of half-days attended, by day"), Table(title, columns, rows), drawn)


def _completion(found: CourseNumbers) -> Section:
    longest = max((len(each.by_day) for each in found.intakes), default=0)
    columns = [Column(_("Intake")), Column(_("Accounts"), "number")]
    columns += [Column(_("Day %(number)s", number=day), "number", 8) for day in range(longest)]
    columns.append(Column(_("Per cent"), "number", 10))
    rows = [
        (each.name, each.accounts, *each.by_day, *[None] * (longest - len(each.by_day)), each.percents[-1])
        for each in found.intakes
    ]
    title = _("Online: completed by day since issue")
    drawn = lines([(each.name, each.percents) for each in found.intakes])
    label = _("Share of accounts completed by the end of each day since their issue, by intake")
    return Section("completion", title, label, Table(title, columns, rows), lines=drawn)


def _marks(found: CourseNumbers) -> Section:
    drawn = bars([(each.name, each.percent, spelled(each.percent)) for each in found.marks])
    columns = [Column(_("Class")), Column(_("Results"), "number"), Column(_("Mean in per cent"), "number")]
    columns += [Column(_("Passed"), "number"), Column(_("Per cent"), "number", 10)]
    rows = [(each.name, each.count, float(each.mean), each.passed, each.percent) for each in found.marks]
    title = _("Test results by class")
    return Section("marks", title, _("Share of results that passed, by class"), Table(title, columns, rows), drawn)


def _reasons(found: CourseNumbers) -> Section:
    named = [(str(REASON_WORDS.get(code, code)), count) for code, count in found.reasons]
    columns = [Column(_("Reason"), width=40), Column(_("People"), "number")]
    title = _("Why people do not pass")
    return Section("reasons", title, _("How many people lack what"), Table(title, columns, named), _counted(named))


def _units(found: CourseNumbers) -> Section:
    named = [(name or _("without a unit"), count) for name, count in found.units]
    columns = [Column(_("Unit"), width=40), Column(_("Certificates"), "number")]
    title = _("Certificates by unit")
    label = _("How many certificates each unit has")
    return Section("units", title, label, Table(title, columns, named), _counted(named[:MOST_BARS]))


def _counted(named: list[tuple[str, int]]) -> Bars:
    most = max((count for _name, count in named), default=1)
    return bars([(name, count, str(count)) for name, count in named], most, WIDE_LEFT)


def _of(part: str, whole: str) -> list[Column]:
    return [Column(part, "number"), Column(whole, "number"), Column(_("Per cent"), "number", 10)]
