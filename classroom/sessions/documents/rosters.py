"""Papers of a class before anybody has come: its roster and the sheets to be signed in the room."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from classroom.core import pdf, qr
from classroom.core.letterhead import Letterhead
from classroom.core.tables import Cell, Column, Table

SEX_WORDS = {"male": "Nam", "female": "Nữ", "": ""}
BLANK_ROWS = 8

ROSTER_COLUMNS = (
    Column("STT", "number", 6),
    Column("Mã học viên", "id", 13),
    Column("Họ và tên", width=30),
    Column("Ngày sinh", "date", 12),
    Column("Giới tính", width=10),
    Column("Chức vụ", width=24),
    Column("Đơn vị công tác/Địa chỉ", width=40),
    Column("Số điện thoại", "id", 15),
    Column("Ghi chú", width=30),
)


@dataclass(frozen=True)
class ClassHead:
    """What is printed about a class above its tables."""

    code: str
    course: str
    title: str = ""
    venue: str = ""
    trainers: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    def lines(self) -> list[list[str]]:
        """Label and text of each fact that is known."""
        facts = [
            ["Khóa học", self.course],
            ["Lớp", " – ".join(filter(None, (self.code, self.title)))],
            ["Thời gian", _period(self.starts_on, self.ends_on)],
            ["Địa điểm", self.venue],
            ["Giảng viên", ", ".join(self.trainers)],
        ]
        return [fact for fact in facts if fact[1]]


@dataclass(frozen=True)
class RosterLine:
    """One learner of a list; `born` is a day, or the year alone where no more is known; `phone` is +84… or empty."""

    name: str
    code: str = ""
    born: date | int | None = None
    sex: str = ""
    position: str = ""
    unit: str = ""
    phone: str = ""
    remarks: str = ""


@dataclass(frozen=True)
class SigningSheet:
    """The paper register of one class session; `qr_text` says which sheet it is to whoever enters it later."""

    session: str
    held_on: date
    times: str
    serial: str
    qr_text: str
    topic: str = ""
    trainer: str = ""
    room: str = ""

    def lines(self) -> list[list[str]]:
        """Label and text of each fact that is known."""
        facts = [
            ["Buổi học", f"{self.session}, ngày {date_words(self.held_on)}, {self.times}"],
            ["Nội dung", self.topic],
            ["Giảng viên", self.trainer],
            ["Địa điểm", self.room],
        ]
        return [fact for fact in facts if fact[1]]


def roster_pdf(letterhead: Letterhead, head: ClassHead, lines: Sequence[RosterLine]) -> bytes:
    """Danh sách học viên, in the order of `lines`."""
    rows = [[_text(cell) for cell in row] for row in _roster_rows(lines)]
    return pdf.render(
        "roster",
        {
            "letterhead": letterhead.as_data(),
            "code": head.code,
            "facts": head.lines(),
            "columns": [column.heading for column in ROSTER_COLUMNS],
            "rows": rows,
        },
    )


def roster_table(head: ClassHead, lines: Sequence[RosterLine]) -> Table:
    """The same list for a spreadsheet, with birthdays as dates and phones as text."""
    return Table(f"Danh sách học viên lớp {head.code}", ROSTER_COLUMNS, _roster_rows(lines))


def signing_sheets_pdf(
    letterhead: Letterhead,
    head: ClassHead,
    sheets: Iterable[SigningSheet],
    lines: Sequence[RosterLine],
    blank_rows: int = BLANK_ROWS,
) -> bytes:
    """One sheet after another, each beginning its own page count, with blank rows for walk-ins."""
    return pdf.render(
        "signing_sheet",
        {
            "letterhead": letterhead.as_data(),
            "code": head.code,
            "class_facts": head.lines()[:2],
            "sheets": [_sheet_data(sheet) for sheet in sheets],
            "rows": [[line.name, line.unit, line.code] for line in lines],
            "blank_rows": blank_rows,
        },
    )


def date_words(day: date) -> str:
    """dd/mm/yyyy, as in every table."""
    return f"{day:%d/%m/%Y}"


def national_phone(phone: str) -> str:
    """A stored +84… number the way people write it, with its zero."""
    return f"0{phone[3:]}" if phone.startswith("+84") else phone


def _sheet_data(sheet: SigningSheet) -> dict[str, object]:
    return {
        "session": sheet.session,
        "facts": sheet.lines(),
        "serial": sheet.serial,
        "qr": qr.qr_svg(sheet.qr_text, sheet.serial),
    }


def _roster_rows(lines: Sequence[RosterLine]) -> list[list[Cell]]:
    return [
        [
            number,
            line.code,
            line.name,
            str(line.born) if isinstance(line.born, int) else line.born,
            SEX_WORDS[line.sex],
            line.position,
            line.unit,
            national_phone(line.phone),
            line.remarks,
        ]
        for number, line in enumerate(lines, 1)
    ]


def _text(cell: Cell) -> str:
    if isinstance(cell, date):
        return date_words(cell)
    return "" if cell is None else str(cell)


def _period(first: date | None, last: date | None) -> str:
    if first is None:
        return ""
    if last is None or last == first:
        return f"ngày {date_words(first)}"
    return f"từ ngày {date_words(first)} đến ngày {date_words(last)}"
