"""Papers of what happened in the room: the attendance table, and the poster of a fixed code."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from urllib.parse import urlsplit

from classroom.attendance.rules.marks import Status
from classroom.core import pdf, qr
from classroom.core.letterhead import Letterhead
from classroom.core.tables import Cell, Column, Table
from classroom.sessions.documents import ClassHead, date_words

LETTERS = {
    Status.PRESENT: "x",
    Status.LATE: "M",
    Status.LEFT_EARLY: "S",
    Status.EXCUSED: "P",
    Status.ABSENT: "K",
    Status.NOT_APPLICABLE: "–",
    None: "",
}
WORDS = {
    Status.PRESENT: "Có mặt",
    Status.LATE: "Đi muộn",
    Status.LEFT_EARLY: "Về sớm",
    Status.EXCUSED: "Vắng có phép",
    Status.ABSENT: "Vắng không phép",
    Status.NOT_APPLICABLE: "Chưa vào lớp",
    None: "Chưa điểm danh",
}
PARTS = {"morning": "Sáng", "afternoon": "Chiều", "evening": "Tối"}
CORRECTED = "*"


@dataclass(frozen=True)
class RegisterColumn:
    """One class session of the table and the state of its register; times are local to the organisation."""

    day_number: int
    held_on: date
    part: str
    closed: bool = False
    cancelled: bool = False
    signed_off_by: str = ""
    signed_off_at: datetime | None = None
    head_count: int | None = None
    guests: int = 0


@dataclass(frozen=True)
class MarkCell:
    """A learner's mark in one class session; None is unmarked, `corrected` means after sign-off.

    A place that had been given up before the session is not on its roster and counts in none of its totals.
    """

    status: Status | None = None
    corrected: bool = False
    on_roster: bool = True
    minutes: int | None = None
    minutes_estimated: bool = False

    def letter(self) -> str:
        """The sign that official tables use, with a star if it was changed after sign-off."""
        sign = LETTERS[self.status if self.on_roster else Status.NOT_APPLICABLE]
        return sign + (CORRECTED if self.corrected else "")

    def spent(self) -> Cell:
        """Minutes in the room; what was estimated is written so, and is no number to reckon with."""
        return f"≈{self.minutes}" if self.minutes is not None and self.minutes_estimated else self.minutes


@dataclass(frozen=True)
class AttendanceLine:
    """One learner: a mark for each column, and what the course's rule counts as attended."""

    name: str
    unit: str
    marks: tuple[MarkCell, ...]
    attended: int
    code: str = ""
    remarks: str = ""
    #: A sign for each spot check, in their order.
    spots: tuple[str, ...] = ()


@dataclass(frozen=True)
class SpotColumn:
    """One spot check of the table: in which of its columns, and at what local time."""

    column: int
    opened_at: datetime


@dataclass(frozen=True)
class RoomPoster:
    """The fixed code of one class session, for a room without a projector."""

    organisation: str
    class_code: str
    class_title: str
    session: str
    held_on: date
    times: str
    url: str
    room: str = ""


def attendance_table_pdf(
    letterhead: Letterhead,
    head: ClassHead,
    columns: Sequence[RegisterColumn],
    lines: Sequence[AttendanceLine],
) -> bytes:
    """Bảng điểm danh: marks, totals that add up to the roster, and what became of each register."""
    return pdf.render(
        "attendance_table",
        {
            "letterhead": letterhead.as_data(),
            "code": head.code,
            "facts": head.lines(),
            "days": _days(columns),
            "sessions": [{"part": PARTS[column.part], "note": str(number)} for number, column in enumerate(columns, 1)],
            "rows": [
                [str(number), line.name, line.unit, *_letters(line), str(line.attended), line.remarks]
                for number, line in enumerate(lines, 1)
            ],
            "totals": [
                {"label": label, "counts": ["" if count is None else str(count) for count in counts]}
                for label, counts in _totals(columns, lines)
            ],
            "legend": _legend(),
            "notes": [_register_note(column, _corrections(lines, at)) for at, column in enumerate(columns)],
        },
    )


def attendance_table(
    head: ClassHead,
    columns: Sequence[RegisterColumn],
    lines: Sequence[AttendanceLine],
    *,
    minutes: bool = False,
    spots: Sequence[SpotColumn] = (),
) -> Table:
    """The same marks and totals for a spreadsheet; with minutes where the class checks out, and its spot checks."""
    more = [*(_minute_headings(columns) if minutes else ()), *(_spot_heading(columns, spot) for spot in spots)]
    headings = (
        Column("STT", "number", 6),
        Column("Mã học viên", "id", 13),
        Column("Họ và tên", width=30),
        Column("Đơn vị", width=40),
        *(Column(_session_words(column), width=12) for column in columns),
        Column("Tổng số buổi", "number", 12),
        *more,
        Column("Ghi chú", width=30),
    )
    rows: list[list[Cell]] = [
        [
            number, line.code, line.name, line.unit, *_letters(line), line.attended,
            *(_minutes(line) if minutes else ()), *(line.spots if spots else ()), line.remarks,
        ]
        for number, line in enumerate(lines, 1)
    ]  # fmt: skip
    empty: list[Cell] = [None] * len(more)
    rows += [[None, "", label, "", *counts, None, *empty, ""] for label, counts in _totals(columns, lines)]
    return Table(f"Bảng điểm danh lớp {head.code}", headings, rows)


def room_poster_pdf(poster: RoomPoster) -> bytes:
    """An A4 poster with the code, the host name to expect, and what to do; raises qr.UnfitLink."""
    when = f"{poster.session}, ngày {date_words(poster.held_on)}, {poster.times}"
    return pdf.render(
        "room_poster",
        {
            "organisation": poster.organisation,
            "code": poster.class_code,
            "class_line": " – ".join(filter(None, (f"Lớp {poster.class_code}", poster.class_title))),
            "session_line": " – ".join(filter(None, (when, poster.room))),
            "host": urlsplit(poster.url).netloc.lower(),
            "qr": qr.room_code_svg(poster.url, poster.class_code),
        },
    )


def _letters(line: AttendanceLine) -> list[str]:
    return [mark.letter() for mark in line.marks]


def _minute_headings(columns: Sequence[RegisterColumn]) -> list[Column]:
    each = [Column(f"Số phút {_session_words(column).lower()}", "number", 12) for column in columns]
    return [*each, Column("Tổng số phút", "number", 12), Column("Trong đó ước tính", "number", 12)]


def _minutes(line: AttendanceLine) -> list[Cell]:
    known = [mark for mark in line.marks if mark.minutes is not None]
    total = sum(mark.minutes or 0 for mark in known)
    estimated = sum(mark.minutes or 0 for mark in known if mark.minutes_estimated)
    return [*(mark.spent() for mark in line.marks), total, estimated]


def _spot_heading(columns: Sequence[RegisterColumn], spot: SpotColumn) -> Column:
    words = _session_words(columns[spot.column]).lower()
    return Column(f"Điểm danh giữa buổi {words} {spot.opened_at:%H:%M}", width=14)


def _days(columns: Sequence[RegisterColumn]) -> list[dict[str, object]]:
    days = groupby(columns, key=lambda column: (column.day_number, column.held_on))
    return [
        {"label": f"Ngày {number}", "date": f"{held_on:%d/%m}", "sessions": len(list(group))}
        for (number, held_on), group in days
    ]


def _totals(columns: Sequence[RegisterColumn], lines: Sequence[AttendanceLine]) -> list[tuple[str, list[int | None]]]:
    counters = [
        Counter(line.marks[at].status for line in lines if line.marks[at].on_roster) for at in range(len(columns))
    ]
    rows: list[tuple[str, list[int | None]]] = [
        (word, [counter[status] for counter in counters]) for status, word in WORDS.items()
    ]
    rows.append(("Cộng", [counter.total() for counter in counters]))
    rows.append(("Sĩ số đếm được", [column.head_count for column in columns]))
    return rows


def _corrections(lines: Sequence[AttendanceLine], at: int) -> int:
    return sum(line.marks[at].corrected for line in lines)


def _session_words(column: RegisterColumn) -> str:
    return f"Ngày {column.day_number} {PARTS[column.part].lower()} {column.held_on:%d/%m}"


def _register_note(column: RegisterColumn, corrections: int) -> str:
    day = f"Ngày {column.day_number}, {PARTS[column.part].lower()} ({date_words(column.held_on)})"
    guests = f"; {column.guests} học viên lớp khác đến học" if column.guests else ""
    return f"{day}: {_register_state(column, corrections)}{guests}."


def _register_state(column: RegisterColumn, corrections: int) -> str:
    if column.cancelled:
        return "buổi học đã hủy"
    if column.signed_off_at is None:
        return "sổ đã đóng, chưa ký xác nhận" if column.closed else "sổ chưa đóng"
    state = f"{column.signed_off_by} ký xác nhận lúc {column.signed_off_at:%H:%M ngày %d/%m/%Y}"
    return f"{state}; {corrections} chỗ sửa sau khi ký ({CORRECTED})" if corrections else state


def _legend() -> str:
    words = {**WORDS, Status.NOT_APPLICABLE: "chưa vào hoặc đã thôi lớp"}
    signs = [f"{LETTERS[status]} {word.lower()}" for status, word in words.items() if status is not None]
    return "; ".join([*signs, "để trống: chưa điểm danh", f"{CORRECTED} sửa sau khi ký xác nhận"]) + "."
