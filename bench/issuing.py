"""Issuing 31,000 certificates: lines of the draft, numbers and codes, beside the bare insert of the rows."""

import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from bench.tables import Row
from classroom.certification.documents.register import RegisterHead, register_pdf, register_table
from classroom.certification.models import Certificate, IssueBatch
from classroom.certification.queries.printed import setting_of
from classroom.certification.queries.register import Narrowed, register_rows, volumes
from classroom.certification.queries.stale import differences
from classroom.certification.rules.batches import Scope
from classroom.certification.rules.codes import new_code
from classroom.certification.services import approving, drafting, issuing
from classroom.core.db import db, transaction
from classroom.core.ids import public_id
from classroom.core.letterhead import Letterhead
from classroom.core.sheets import write_xlsx
from tests.factories import CourseFactory
from tests.support.databases import migrate, opened
from tests.support.issueroom import crowd, decision, issuer, numbered, quiet

TITLE = "Issuing 31,000 certificates (SQLite)"
PEOPLE, VOLUME, GOAL = 31_000, 1_000, 30.0


def run() -> list[Row]:
    """Seconds of each step, once."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'classroom.db'}"
        migrate(url, folder)
        with opened(url, folder / "instance"):
            course = CourseFactory()
            crowd(course, PEOPLE)
            actor = issuer(course)
            numbered(actor)
            batch = drafting.prepare_batch(course.public_id, Scope(), "", actor=actor)
            drafted, _ = _timed(lambda: drafting.fill_batch(batch.id, quiet))
            setting = setting_of(course)
            differing, found = _timed(lambda: differences(db.session.get_one(IssueBatch, batch.id), setting))
            assert found.count == 0
            approving.submit_batch(batch.public_id, decision(actor), actor=actor)
            approving.approve_batch(batch.public_id, actor=actor)
            batch_id = batch.id
            issued, done = _timed(lambda: issuing.issue_lines(batch_id, quiet, actor=actor))
            assert done["issued"] == PEOPLE
            wanted = Narrowed(course.organisation_id, db.session.scalars(select(Certificate.year)).first() or 0)
            listed, rows = _timed(lambda: register_rows(wanted))
            assert len(rows) == sum(volume.count for volume in volumes(wanted)) == PEOPLE
            volume, sheet = _papers(wanted, rows)
            floor = _floor()
    beside = f"bare insert of the same rows {floor:.1f} s ({issued / floor:.1f} ×)"
    return [
        Row("draft: the lines of everybody", f"{drafted:.1f} s"),
        Row("what differs since the draft", f"{differing:.2f} s"),
        Row("numbers, codes, certificates, history", f"{issued:.1f} s", beside, f"< {GOAL:g} s", issued < GOAL),
        Row("the whole register, read", f"{listed:.1f} s"),
        Row("its first volume as PDF", f"{volume:.1f} s", f"{VOLUME:,} numbers"),
        Row("all of it as XLSX", f"{sheet:.1f} s"),
    ]


def _papers(wanted: Narrowed, rows: Sequence[Any]) -> tuple[float, float]:
    """Seconds for one volume on paper, and for everything as a spreadsheet."""
    head = RegisterHead(wanted.year, "", 1, VOLUME, "Asia/Ho_Chi_Minh", "1:0")
    letterhead = Letterhead("Sở Mẫu", "UBND tỉnh Mẫu", "Mẫu", "", datetime.now(UTC).date())
    volume, _ = _timed(lambda: register_pdf(letterhead, head, rows[:VOLUME]))
    sheet, _ = _timed(lambda: write_xlsx([register_table(head, rows)]))
    return volume, sheet


def _floor() -> float:
    """The same rows into the same table by one executemany, other numbers and codes."""
    table = Certificate.__table__
    rows = [dict(row) for row in db.session.execute(select(table)).mappings()]
    for place, row in enumerate(rows):
        del row["id"]
        row |= {"public_id": public_id(), "code": new_code(), "year": 1, "number": str(place), "state": "revoked"}
        row["issued_at"] = datetime.now(UTC)

    def write() -> None:
        with transaction() as session:
            session.connection().execute(insert(Certificate), rows)

    return _timed(write)[0]


def _timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begins = time.perf_counter()
    result = act()
    return time.perf_counter() - begins, result
