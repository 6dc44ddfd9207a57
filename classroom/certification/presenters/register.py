"""Lines of the register as a page shows them."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import Row

from classroom.certification.rules.batches import spelled_day
from classroom.certification.rules.certificates import PrintedFacts
from classroom.core.clock import local
from classroom.web.words.issuing import CERTIFICATE_STATES


class RegisterLine(NamedTuple):
    """One number."""

    public_id: str
    serial: int
    number: str
    facts: PrintedFacts
    born: str
    decision: str
    issued_on: Any
    received: str
    state: Any
    remark: str


def present_rows(rows: Iterable[Row[Any]], zone: str) -> list[RegisterLine]:
    """Rows of queries.register in words."""
    return [_line(row, zone) for row in rows]


def _line(row: Row[Any], zone: str) -> RegisterLine:
    facts = PrintedFacts.from_json(row.facts)
    return RegisterLine(
        row.public_id,
        row.serial,
        row.number,
        facts,
        spelled_day(facts.born),
        ", ".join(filter(None, (facts.decision_number, spelled_day(facts.decision_on)))),
        row.issued_on,
        row.handed_out_to + (f", {local(row.handed_out_at, zone):%d/%m/%Y}" if row.handed_out_at else ""),
        CERTIFICATE_STATES[row.state],
        row.void_reason or row.revoke_reason or row.replaced_by or "",
    )
