"""Write down beside the records what an import makes of them, some thousand rows at a time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import compress, islice
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from classroom.core.db import transaction
from classroom.core.ids import public_id
from classroom.core.names import fold
from classroom.core.prepared import Prepared
from classroom.core.work import JobLost, RunningJob
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


def stage(found: OnlineImport, steps: Iterator[Step], total: int, job: RunningJob) -> None:
    """Write every row and what its record shall be; readers see nothing of it.

    Raises JobLost once the import was put aside: a job that was cancelled may not know of it yet.
    """
    key, organisation, done = found.id, found.organisation_id, 0
    while batch := list(islice(steps, BATCH)):
        written = [step.verdict.writes for step in batch]
        steps_written = list(compress(batch, written))
        rows, records = _row_columns(batch), _record_columns(steps_written)
        with transaction() as session:  # nobody else writes meanwhile, so the columns are there already
            _hold_running(session, key)
            row_ids = _write_rows(session, rows, key, organisation)
            records |= _places(list(compress(row_ids, written)), steps_written)
            _STAGED.many(records, organisation_id=organisation, import_id=key)
        done += len(batch)
        job.progress(done, total * 2)


def _hold_running(session: Session, key: int) -> None:
    state = session.scalar(select(OnlineImport.state).where(OnlineImport.id == key).with_for_update())
    if state != "running":
        raise JobLost


def _write_rows(
    session: Session, columns: Mapping[str, Sequence[Any]], import_id: int, organisation_id: int
) -> list[int]:
    """Write rows and give their keys in the same order."""
    last = session.scalar(select(func.max(ImportRow.id))) or 0
    _ROWS.many(columns, organisation_id=organisation_id, import_id=import_id)
    made = select(ImportRow.id, ImportRow.import_id).where(ImportRow.id > last).order_by(ImportRow.id)
    return [made_id for made_id, its_import in session.execute(made) if its_import == import_id]


def _row_columns(steps: Sequence[Step]) -> dict[str, Sequence[Any]]:
    nothing: list[Any] = []
    return {
        "number": [step.row.number for step in steps],
        "account_key": [step.row.key for step in steps],
        "values": [step.row.to_json() for step in steps],
        "findings": [list(map(problem_json, step.row.problems)) if step.row.problems else nothing for step in steps],
        "effect": [step.verdict.effect.value for step in steps],
        "record_id": [step.known.key if step.known else None for step in steps],
        "before": [_before(step.known) if step.known and step.verdict.writes else None for step in steps],
    }


def _record_columns(steps: Sequence[Step]) -> dict[str, Sequence[Any]]:
    verdicts = [step.verdict for step in steps]
    people, results = [verdict.particulars for verdict in verdicts], [verdict.result for verdict in verdicts]
    units = {unit: fold(unit)[:_LONGEST] for unit in {person["unit"] for person in people}}
    names = [name_columns(person["name"]) for person in people]
    return {
        "record_id": [step.known.key if step.known else None for step in steps],
        "public_id": [public_id() for _step in steps],
        "account": [step.row.account for step in steps],
        "account_key": [step.row.key for step in steps],
        **{name: [person[name] for person in people] for name in PARTICULARS},
        "name_fold": [name["name_fold"] for name in names],
        "sort_key": [name["sort_key"] for name in names],
        "unit_fold": [units[person["unit"]] for person in people],
        "issued_on": [verdict.issued_on for verdict in verdicts],
        **{name: [getattr(result, name) for result in results] for name in RESULT},
        "taken_at": [verdict.taken_at for verdict in verdicts],
    }


def _places(row_ids: Sequence[int], steps: Sequence[Step]) -> dict[str, Sequence[Any]]:
    """Which row each record is staged for, and which one it shall name as where its result stands."""
    says = [
        row_id if step.verdict.own_row or step.known is None else step.known.row_id
        for row_id, step in zip(row_ids, steps, strict=True)
    ]
    return {"row_id": row_ids, "says_row_id": says}


def _before(known: Known) -> dict[str, Any]:
    held = {name: getattr(known.result, name) for name in RESULT}
    kept = {**known.particulars, **held, "issued_on": known.issued_on, "taken_at": known.taken_at}
    return {**{name: as_json(value) for name, value in kept.items()}, "row_id": known.row_id}
