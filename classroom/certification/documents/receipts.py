"""The sheet on which a unit signs for its certificates. Official papers speak Vietnamese."""

from collections.abc import Sequence
from dataclasses import dataclass

from classroom.certification.rules.designs import shown_day
from classroom.core import pdf
from classroom.core.letterhead import Letterhead


@dataclass(frozen=True, slots=True)
class ReceiptHead:
    """What the sheet is about."""

    unit: str
    course: str
    decision: str


def receipt_pdf(letterhead: Letterhead, head: ReceiptHead, rows: Sequence[tuple[str, str, str]]) -> bytes:
    """Rows of name, birth (ISO) and number, in the order given, each with room to sign."""
    facts = [
        ("Đơn vị nhận", head.unit or "(không ghi đơn vị)"),
        ("Khóa học", head.course),
        ("Quyết định", head.decision),
    ]
    return pdf.render(
        "receipt_sheet",
        {
            "letterhead": letterhead.as_data(),
            "facts": [pair for pair in facts if pair[1]],
            "rows": [
                [str(place), name, shown_day(born), number, "", ""]
                for place, (name, born, number) in enumerate(rows, 1)
            ],
            "count": len(rows),
        },
    )
