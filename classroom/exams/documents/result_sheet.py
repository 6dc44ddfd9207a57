"""Bảng tổng hợp kết quả kiểm tra: the official sheet of a sitting, and the same for a spreadsheet. In Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from classroom.core import pdf
from classroom.core.clock import local
from classroom.core.letterhead import Letterhead
from classroom.core.tables import Cell, Column, Table
from classroom.exams.queries.result_lines import Line, Totals
from classroom.exams.queries.results import Sat
from classroom.exams.rules.marking import Action
from classroom.exams.rules.spelling import points, rounded, signed
from classroom.sessions.documents import date_words

RESULTS = {"pass": "Đạt", "fail": "Không đạt", "": ""}
SOURCES = {"phone": "điện thoại", "kiosk": "máy của phòng thi", "paper": "bài làm trên giấy", "": ""}
HOW = {"submitted": "tự nộp", "time": "hết giờ", "ended": "giảng viên kết thúc", "paper": "nhập từ giấy", "": ""}
STATES = {
    "absent": "Vắng",
    "excused": "Đã đạt trước đó",
    "running": "Đang làm bài",
    "annulled": "Bài làm bị hủy",
    "finished": "",
}
COUNTS = {
    "best": "lần có kết quả cao nhất",
    "last": "lần làm bài cuối cùng",
    "first": "lần làm bài đầu tiên",
}
RULINGS = {
    Action.REKEY: "chấm theo đáp án của phiên bản {number}",
    Action.FULL: "mọi học viên được trọn điểm",
    Action.DROP: "không tính điểm",
}


@dataclass(frozen=True)
class SheetHead:
    """What stands above the table; times are local. `ended_at` None: the test goes on, and the sheet says so.

    `counts` is the policy of a sheet over the test and its retakes; empty on the sheet of one sitting.
    """

    paper: str
    course: str
    code: str
    title: str
    held_on: date
    session: str
    opened_at: datetime
    ended_at: datetime | None
    made_at: datetime
    venue: str
    scale: int
    pass_percent: int
    zone: str
    counts: str = ""

    def lines(self) -> list[list[str]]:
        """Label and text of each fact that is known."""
        end = f" đến {self.ended_at:%H:%M}" if self.ended_at else ""
        needed = Decimal(self.scale * self.pass_percent) / 100
        facts = [
            ["Bài kiểm tra", self.paper],
            ["Khóa học", self.course],
            ["Lớp", " – ".join(filter(None, (self.code, self.title)))],
            ["Thời gian", f"{self.session}, ngày {date_words(self.held_on)}, từ {self.opened_at:%H:%M}{end}"],
            ["Địa điểm", self.venue],
            ["Thang điểm", f"{self.scale}; đạt từ {points(needed)} điểm ({self.pass_percent} %)"],
            ["Kết quả", f"Tính cả các lần thi lại, lấy {COUNTS[self.counts]}" if self.counts else ""],
        ]
        return [fact for fact in facts if fact[1]]


@dataclass(frozen=True)
class RulingNote:
    """A decision about a question that changed marks; `on` is the local day."""

    question: str
    action: str
    number: int | None
    reason: str
    on: date
    by: str

    def words(self) -> str:
        """Câu hỏi “…”: không tính điểm. Lý do: … (…, ngày …)"""
        done = RULINGS[Action(self.action)].format(number=self.number)
        who = ", ".join(filter(None, (self.by, date_words(self.on))))
        return f"Câu hỏi “{self.question}”: {done}. Lý do: {self.reason} ({who})."


def result_sheet_pdf(
    letterhead: Letterhead, head: SheetHead, lines: Sequence[Line], numbers: Totals, rulings: Sequence[RulingNote]
) -> bytes:
    """The sheet to be signed: each learner once, every change by hand under the table with its reason."""
    shown = [line for line in lines if line.counts or line.state != "finished"]
    once = list({line.learner: line for line in reversed(shown)}.values())[::-1]
    notes = _changes(once, head.zone)
    return pdf.render(
        "result_sheet",
        {
            "letterhead": letterhead.as_data(),
            "code": head.code,
            "unfinished": _unfinished(head),
            "facts": head.lines(),
            "rows": [_row(number, line, notes, head.zone) for number, line in enumerate(once, 1)],
            "totals": _totals(numbers),
            "changes": list(notes.values()),
            "rulings": [ruling.words() for ruling in rulings],
        },
    )


def result_table(head: SheetHead, lines: Sequence[Line]) -> Table:
    """Every attempt with everything that is known of it."""
    headings = (
        Column("STT", "number", 6),
        Column("Mã học viên", "id", 13),
        Column("Họ và tên", width=30),
        Column("Ngày sinh", "date", 12),
        Column("Đơn vị", width=40),
        Column("Số buổi tham dự", "number", 10),
        Column("Lần", "number", 6),
        Column("Làm bài bằng", width=18),
        Column("Số điểm", "number", 10),
        Column("Trên tổng số", "number", 10),
        Column(f"Điểm (thang {head.scale})", "number", 10),
        Column("Kết quả", width=12),
        Column("Số phút", "number", 9),
        Column("Kết thúc", width=20),
        Column("Được tính", width=10),
        Column("Ghi chú", width=50),
    )
    rows: list[list[Cell]] = [_cells(number, line, head.zone) for number, line in enumerate(lines, 1)]
    return Table(f"Kết quả kiểm tra lớp {head.code}", headings, rows)


def _unfinished(head: SheetHead) -> str:
    if head.ended_at is not None:
        return ""
    return f"(Số liệu tạm thời lúc {head.made_at:%H:%M ngày %d/%m/%Y}, bài kiểm tra chưa kết thúc)"


def _row(number: int, line: Line, notes: dict[str, str], zone: str) -> list[str]:
    score = "" if line.score is None or not line.counts else points(line.score)
    result = RESULTS[line.outcome] if line.counts else ""
    mark = f" ({list(notes).index(line.learner) + 1})" if line.learner in notes else ""
    return [
        str(number), line.name, _born(line.born), line.unit, str(line.attended), score + mark, result,
        _remarks(line, zone),
    ]  # fmt: skip


def _remarks(line: Line, zone: str) -> str:
    return "; ".join(
        filter(
            None,
            (
                STATES[line.state],
                "thi lại" if line.retake else "",
                _elsewhere(line.elsewhere, zone) if line.elsewhere else "",
                "học viên lớp khác" if line.guest else "",
                f"lần {line.number}" if line.number > 1 else "",
                SOURCES["paper"] if line.source == "paper" else "",
            ),
        )
    )


def _elsewhere(sat: Sat, zone: str) -> str:
    """In which class and on which day another sitting was."""
    return f"kiểm tra ở lớp {sat.class_code} ngày {date_words(local(sat.opened_at, zone).date())}"


def _changes(lines: Sequence[Line], zone: str) -> dict[str, str]:
    """By learner, in the order of the table: what was changed by hand in the result that counts."""
    found = {}
    for line in lines:
        if line.counts and line.adjusted:
            parts = [
                f"{_adjusted(one.points)} – {one.reason} ({_by(one.by, local(one.at, zone))})" for one in line.adjusted
            ]
            found[line.learner] = f"{line.name}: {'; '.join(parts)}."
    return found


def _adjusted(change: Decimal) -> str:
    return f"{'cộng' if change > 0 else 'trừ'} {points(abs(change))} điểm của bài"


def _by(who: str, at: datetime) -> str:
    return ", ".join(filter(None, (who, date_words(at.date()))))


def _totals(numbers: Totals) -> list[list[str]]:
    scores = numbers.scores
    share = f" ({rounded(100 * numbers.passed / numbers.sat, 1)} %)" if numbers.sat else ""
    return [
        ["Số học viên theo danh sách", str(numbers.expected)],
        ["Dự kiểm tra", str(numbers.sat)],
        ["Đạt", f"{numbers.passed}{share}"],
        ["Không đạt", str(numbers.failed)],
        ["Vắng", str(numbers.absent)],
        *([["Đang làm bài", str(numbers.running)]] if numbers.running else []),
        *([["Bài làm bị hủy", str(numbers.annulled)]] if numbers.annulled else []),
        ["Điểm trung bình", rounded(scores.mean)],
        ["Trung vị", rounded(scores.median)],
        ["Độ lệch chuẩn", rounded(scores.deviation)],
        ["Điểm thấp nhất – cao nhất", f"{points(scores.least)} – {points(scores.most)}"],
    ]


def _cells(number: int, line: Line, zone: str) -> list[Cell]:
    reasons = [f"{signed(one.points)} điểm: {one.reason} ({_by(one.by, local(one.at, zone))})" for one in line.adjusted]
    counted = ("có" if line.counts else "không") if line.attempt else ""
    return [
        number, line.code, line.name, line.born if isinstance(line.born, date) else _born(line.born), line.unit,
        line.attended, line.number or None, SOURCES[line.source], _number(line.mark), _number(line.out_of),
        _number(line.score), RESULTS[line.outcome], line.minutes, HOW[line.how], counted,
        "; ".join(filter(None, (_remarks(line, zone), *reasons))),
    ]  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _born(born: date | int | None) -> str:
    return date_words(born) if isinstance(born, date) else str(born or "")
