"""Write down beside the records what an import makes of them, some thousand rows at a time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from classroom.core.db import transaction
from classroom.core.ids import public_id
from classroom.core.names import fold
from classroom.core.prepared import Prepared
from classroom.core.work import RunningJob
from classroom.learners.rules.facts import name_columns
from classroom.online.models import ImportRow, OnlineImport, StagedRecord
from classroom.online.rules.planning import Step, problem_json
from classroom.online.rules.results import PARTICULARS, RESULT, Known, as_json

BATCH = 2500
_ROWS = Prepared(
    lambda insert: insert(ImportRow),
    [
        "organisation_id", "import_id", "number", "account_key", "values", "findings", "effect", "record_id", "before",
    ],
)  # fmt: skip
_STAGED = Prepared(
    lambda insert: insert(StagedRecord),
    [
        "row_id", "organisation_id", "import_id", "record_id", "public_id", "account", "account_key", *PARTICULARS,
        "name_fold", "sort_key", "unit_fold", "issued_on", *RESULT, "says_row_id", "taken_at",
    ],
)  # fmt: skip
_LONGEST = 200


def clear(import_id: int) -> None:
    """Forget what an earlier run of the same import had written before it ended."""
    while True:
        with transaction() as session:
            held = select(ImportRow.id).where(ImportRow.import_id == import_id).limit(BATCH)
            keys = session.scalars(held).all()
            if not keys:
                return
            session.execute(delete(StagedRecord).where(StagedRecord.row_id.in_(keys)))
            session.execute(delete(ImportRow).where(ImportRow.id.in_(keys)))


def stage(found: OnlineImport, steps: Sequence[Step], job: RunningJob) -> None:
    """Write every row and what its record shall be; readers see nothing of it."""
    key, organisation, done = found.id, found.organisation_id, 0
    for first in range(0, len(steps), BATCH):
        batch = steps[first : first + BATCH]
        with transaction() as session:
            _write(session, key, organisation, batch)
        done += len(batch)
        job.progress(done, len(steps) * 2)


def _write(session: Session, import_id: int, organisation_id: int, steps: Sequence[Step]) -> None:
    rows = [
        {
            "organisation_id": organisation_id,
            "import_id": import_id,
            "number": step.row.number,
            "account_key": step.row.key,
            "values": step.row.to_json(),
            "findings": [problem_json(problem) for problem in step.row.problems],
            "effect": step.verdict.effect.value,
            "record_id": step.known.key if step.known else None,
            "before": _before(step.known) if step.known and step.verdict.writes else None,
        }
        for step in steps
    ]
    last = session.scalar(select(func.max(ImportRow.id))) or 0
    _ROWS.many(rows)
    made = select(ImportRow.id, ImportRow.import_id).where(ImportRow.id > last).order_by(ImportRow.id)
    keys = [made_id for made_id, its_import in session.execute(made) if its_import == import_id]
    staged = [
        _columns(key, import_id, organisation_id, step)
        for key, step in zip(keys, steps, strict=True)
        if step.verdict.writes
    ]
    if staged:
        _STAGED.many(staged)


def _columns(row_id: int, import_id: int, organisation_id: int, step: Step) -> dict[str, Any]:
    verdict, known = step.verdict, step.known
    person, result = verdict.particulars, verdict.result
    return {
        "row_id": row_id,
        "import_id": import_id,
        "organisation_id": organisation_id,
        "record_id": known.key if known else None,
        "public_id": public_id(),
        "account": step.row.account,
        "account_key": step.row.key,
        **person,
        **name_columns(person["name"]),
        "unit_fold": fold(person["unit"])[:_LONGEST],
        "issued_on": verdict.issued_on,
        "completed_at": result.completed_at,
        "progress": result.progress,
        "score": result.score,
        "said": result.said,
        "says_row_id": row_id if verdict.own_row or known is None else known.row_id,
        "taken_at": verdict.taken_at,
    }


def _before(known: Known) -> dict[str, Any]:
    held = {name: getattr(known.result, name) for name in RESULT}
    kept = {**known.particulars, **held, "issued_on": known.issued_on, "taken_at": known.taken_at}
    return {**{name: as_json(value) for name, value in kept.items()}, "row_id": known.row_id}
