"""Sổ gốc cấp giấy chứng nhận: in number order, with what was spoiled, revoked and replaced; in volumes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row

from classroom.certification.documents.annex import born_cell
from classroom.certification.rules.batches import spelled_day
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core import pdf
from classroom.core.clock import local
from classroom.core.letterhead import Letterhead
from classroom.core.tables import Cell, Column, Table


@dataclass(frozen=True)
class RegisterHead:
    """What a volume is of: the year, what it is narrowed to ("" for everything), the numbers it holds."""

    year: int
    narrowed: str
    first: int
    last: int
    zone: str
    #: The end of the audit log's chain when this was printed.
    chain: str

    @property
    def title(self) -> str:
        """Such as "Sổ gốc năm 2026, số 1–1000"."""
        return f"Sổ gốc cấp giấy chứng nhận năm {self.year}, số {self.first}–{self.last}"


def register_pdf(letterhead: Letterhead, head: RegisterHead, rows: Sequence[Row[Any]]) -> bytes:
    """One volume, to be signed and kept."""
    counts = {state: sum(row.state == state for row in rows) for state in ("issued", "revoked", "replaced", "void")}
    return pdf.render(
        "certificate_register",
        {
            "letterhead": letterhead.as_data(),
            "title": head.title,
            "lines": [
                line for line in (f"Năm {head.year}, từ số {head.first} đến số {head.last}", head.narrowed) if line
            ],
            "head": head.chain or "–",
            "rows": [_words(place, row, head.zone) for place, row in enumerate(rows, 1)],
            "totals": [
                ["Tổng số trong quyển", str(len(rows))],
                ["Còn hiệu lực", str(counts["issued"])],
                ["Thu hồi", str(counts["revoked"])],
                ["Đã thay thế", str(counts["replaced"])],
                ["Hủy số", str(counts["void"])],
            ],
        },
    )


def register_table(head: RegisterHead, rows: Sequence[Row[Any]]) -> Table:
    """Everything for a spreadsheet."""
    columns = (
        Column("STT", "number", 7),
        Column("Số vào sổ", "id", 24),
        Column("Họ và tên", width=30),
        Column("Ngày sinh", "date", 12),
        Column("Đơn vị", width=40),
        Column("Lớp/Đợt", width=18),
        Column("Số quyết định", width=18),
        Column("Ngày quyết định", "date", 12),
        Column("Ngày cấp", "date", 12),
        Column("Người nhận", width=24),
        Column("Ngày nhận", "date", 12),
        Column("Mã xác minh", "id", 16),
        Column("Tình trạng", width=14),
        Column("Ghi chú", width=50),
    )
    return Table(f"Sổ gốc {head.year}", columns, [_cells(place, row, head.zone) for place, row in enumerate(rows, 1)])


STATES = {"issued": "Còn hiệu lực", "revoked": "Đã thu hồi", "replaced": "Đã thay thế", "void": "Hủy số"}


def remarks(row: Row[Any], zone: str) -> str:
    """What became of a number: "Thu hồi ngày 26/11/2026: …"."""
    if row.state == "void":
        return f"Hủy số: {row.void_reason}"
    if row.state == "revoked":
        return f"Thu hồi{_on(row.revoked_at, zone)}: {row.revoke_reason}"
    if row.state == "replaced":
        return f"Thay thế{_on(row.replaced_at, zone)}" + (f" bằng số {row.replaced_by}" if row.replaced_by else "")
    return f"Cấp thay số {row.replaces}" if row.replaces else ""


def _on(at: Any, zone: str) -> str:
    return f" ngày {local(at, zone):%d/%m/%Y}" if at else ""


def _words(place: int, row: Row[Any], zone: str) -> list[str]:
    facts = PrintedFacts.from_json(row.facts)
    decision = ", ".join(filter(None, (facts.decision_number, spelled_day(facts.decision_on))))
    return [
        str(place), row.number, facts.name, spelled_day(facts.born), facts.unit, facts.group, decision,
        f"{row.issued_on:%d/%m/%Y}", row.handed_out_to, remarks(row, zone),
    ]  # fmt: skip


def _cells(place: int, row: Row[Any], zone: str) -> list[Cell]:
    facts = PrintedFacts.from_json(row.facts)
    handed: date | None = local(row.handed_out_at, zone).date() if row.handed_out_at else None
    return [
        place, row.number, facts.name, born_cell(facts.born), facts.unit, facts.group, facts.decision_number,
        born_cell(facts.decision_on), row.issued_on, row.handed_out_to, handed, row.code, STATES[row.state],
        remarks(row, zone),
    ]  # fmt: skip
