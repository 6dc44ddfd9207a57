"""Danh sách học viên được cấp giấy chứng nhận: the annex of a decision, as PDF and as a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from classroom.certification.rules.batches import spelled_day
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core import pdf
from classroom.core.letterhead import Letterhead
from classroom.core.tables import Cell, Column, Table

TITLE = "Danh sách học viên được cấp giấy chứng nhận"
#: People in one file: what a request can typeset while somebody waits.
PART = 1000
_PORTRAIT = ("STT", "Họ và tên", "Ngày sinh", "Đơn vị", "Lớp/Đợt", "Kết quả")
_LANDSCAPE = (*_PORTRAIT, "Ghi chú")


@dataclass(frozen=True)
class AnnexHead:
    """What stands above the table; the decision is empty until it is entered."""

    programme: str
    course: str
    batch: int
    decision_number: str
    decision_on: date | None
    grouped: bool

    def lines(self) -> list[str]:
        """The lines under the title."""
        known = self.decision_on
        day = f"ngày {known:%d} tháng {_month(known)} năm {known.year}" if known else "ngày …… tháng …… năm ………"
        decision = f"(Kèm theo Quyết định số {self.decision_number or '………………'} {day})"
        return [f"Khóa học: {self.course}", self.programme, decision]


def parts(count: int) -> int:
    """How many files the annex of so many people has."""
    return max(1, -(-count // PART))


def annex_pdf(
    letterhead: Letterhead, head: AnnexHead, people: Sequence[PrintedFacts], *, part: int = 1, landscape: bool = True
) -> bytes:
    """One file of the annex, from 1; the last is signed. `people` are all of the batch, in its order."""
    count, first = len(people), (part - 1) * PART
    of_all = parts(count)
    headings = _LANDSCAPE if landscape else _PORTRAIT
    rows: list[list[str]] = []
    group = people[first - 1].group if first and people else None
    for number, facts in enumerate(people[first : first + PART], first + 1):
        if head.grouped and facts.group != group:
            group = facts.group
            rows.append([f"{group or 'Không thuộc lớp, đợt nào'}: {_sum(people, group)} học viên"])
        rows.append(_row(number, facts)[: len(headings)])
    return pdf.render(
        "certificate_annex",
        {
            "letterhead": letterhead.as_data(),
            "title": f"{TITLE}, lần {head.batch}",
            "part": f"Phần {part}/{of_all}" if of_all > 1 else "",
            "landscape": landscape,
            "lines": head.lines(),
            "headings": list(headings),
            "rows": rows,
            "last": part >= of_all,
            "closing": f"Danh sách có {_dotted(count)} học viên."
            if part >= of_all
            else f"Còn tiếp ở phần {part + 1}/{of_all}.",
        },
    )


def annex_table(head: AnnexHead, people: Sequence[PrintedFacts]) -> Table:
    """The same for a spreadsheet, whole."""
    columns = (
        Column("STT", "number", 6),
        Column("Họ và tên", width=30),
        Column("Ngày sinh", "date", 12),
        Column("Đơn vị", width=40),
        Column("Lớp/Đợt", width=18),
        Column("Kết quả", width=12),
        Column("Hình thức", width=20),
    )
    rows: list[list[Cell]] = [
        [number, one.name, born_cell(one.born), one.unit, one.group, one.result or "Đạt", PATHS.get(one.path, "")]
        for number, one in enumerate(people, 1)
    ]
    return Table(f"{TITLE} {head.batch}", columns, rows)


PATHS = {"in_person": "Trực tiếp", "online": "Trực tuyến", "mixed": "Kết hợp", "listed": "Theo danh sách"}


def born_cell(born: str) -> Cell:
    """The same for a spreadsheet: a date where it is one."""
    return date.fromisoformat(born) if len(born) == 10 else born


def _row(number: int, facts: PrintedFacts) -> list[str]:
    note = PATHS.get(facts.path, "")
    return [str(number), facts.name, spelled_day(facts.born), facts.unit, facts.group, facts.result or "Đạt", note]


def _sum(people: Sequence[PrintedFacts], group: str | None) -> str:
    return _dotted(sum(one.group == group for one in people))


def _dotted(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)
