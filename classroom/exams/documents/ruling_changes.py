"""Who would have another result by a decision about a question, for a spreadsheet. In Vietnamese."""

from collections.abc import Sequence
from decimal import Decimal

from classroom.core.tables import Cell, Column, Table
from classroom.exams.documents.result_sheet import RESULTS
from classroom.exams.services.regrading import Change


def changes_table(changes: Sequence[Change]) -> Table:
    """Every change, in the order given."""
    headings = (
        Column("STT", "number", 6),
        Column("Mã học viên", "id", 13),
        Column("Họ và tên", width=30),
        Column("Số điểm trước", "number", 10),
        Column("Trên tổng số trước", "number", 10),
        Column("Kết quả trước", width=12),
        Column("Số điểm sau", "number", 10),
        Column("Trên tổng số sau", "number", 10),
        Column("Kết quả sau", width=12),
    )
    return Table("Bài có kết quả khác", headings, [_cells(number, each) for number, each in enumerate(changes, 1)])


def _cells(number: int, change: Change) -> list[Cell]:
    return [
        number, change.code, change.name,
        _number(change.mark_before), _number(change.out_of_before), RESULTS[change.outcome_before],
        _number(change.mark_after), _number(change.out_of_after), RESULTS[change.outcome_after],
    ]  # fmt: skip


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
