"""Import what the dry run showed, as a job: rows in batches beside the records, then all of it in one statement.

Whoever is killed anywhere and begins again ends where a run without a stop ends: before the flip what was written is
thrown away and written anew, and after it only what has not been settled is.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import JSON, ColumnElement, Table, and_, bindparam, delete, insert, or_, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import Base, db, transaction
from classroom.core.errors import Refusal
from classroom.core.sheets import SheetLimits
from classroom.core.work import RunningJob, find_task
from classroom.inbox import services as inbox
from classroom.jobs.services import enqueue
from classroom.online.models import Account, ImportRow, OnlineImport, OnlineRecord, StagedRecord
from classroom.online.queries import imports
from classroom.online.rules.planning import Summary
from classroom.online.rules.results import PARTICULARS, RESULT, Effect
from classroom.online.services.imports.checking import obstacle, steps_of, waiting
from classroom.online.services.imports.staging import clear, stage

#: Rows that are settled in one transaction, and questions that are asked in one.
BATCH, ASKED_AT_ONCE = 10_000, 200
IMPORT, UNDO, MATCH, RETRACTION = "online.import", "online.import_undo", "online.match", "online.retraction"
_COPIED = (*PARTICULARS, "name_fold", "sort_key", "unit_fold", "issued_on", *RESULT, "taken_at")
_NEW = ("organisation_id", "public_id", "account", "account_key")


def start_import(import_id: str, *, actor: Actor) -> OnlineImport:
    """Confirm the dry run that was shown, and ask for the job; once confirmed, again changes nothing.

    Raises what stands in the way, `import.changed_meanwhile` when the records are others than those it was made
    against, and `online.at_work` while another import of the intake is being written.
    """
    actor.require("online.manage")
    with transaction() as session:
        if imports.get_import(actor, import_id).state in ("running", "confirmed"):
            return imports.get_import(actor, import_id)
        found = waiting(actor, import_id)
        if found.outcome.get("standing", "") != imports.standing(found.intake_id):
            raise Refusal("import.changed_meanwhile")
        if stop := obstacle(found):
            raise Refusal(stop[0], **stop[1])
        no_other_at_work(session, found)
        found.state, found.confirmed_by = "running", actor.staff_id
        session.flush()
        enqueue(IMPORT, found.id, actor=actor, key=str(found.id))
        record("online_import.started", "online_import", found.id, actor=actor, facts=found.outcome["counts"])
        return found


def run_import(key: int, job: RunningJob, *, limits: SheetLimits, secret: str, time_zone: str) -> Mapping[str, Any]:
    """Do it, or go on with it; answers the counts."""
    found = db.session.get_one(OnlineImport, key)
    if found.state == "running":
        draft = imports.open_draft(found, limits, secret)
        clear(key)
        rows, choices = draft.rows(time_zone), draft.choices
        del draft  # its cells are as much as all that follows
        summary = Summary()
        stage(found, summary.counting(steps_of(found, rows, choices), choices), len(rows), job)
        flip(key, summary.to_json()["counts"], actor=job.actor)
    elif found.state != "confirmed":
        return {}
    settle(key, job)
    return dict(db.session.get_one(OnlineImport, key).outcome["counts"])


def flip(key: int, counts: Mapping[str, int], *, actor: Actor) -> None:
    """Make all of it count: one transaction of three statements, whatever the number of rows."""
    with transaction() as session:
        found = _hold(session, key)
        if found.state != "running":
            return
        at = now()
        staged, kept = table_of(StagedRecord), table_of(OnlineRecord)
        session.execute(
            update(kept)
            .where(kept.c.id == staged.c.record_id, staged.c.import_id == key)
            .values({name: staged.c[name] for name in _COPIED} | {"row_id": staged.c.says_row_id, "updated_at": at})
        )
        constants = {
            "intake_id": found.intake_id, "created_at": at, "updated_at": at, "link": "new", "linked_how": "",
            "retract_reason": "", "evidence": bindparam("evidence", [], type_=JSON()),
        }  # fmt: skip
        values: list[Any] = [
            value if name == "evidence" else bindparam(f"new_{name}", value, type_=kept.c[name].type)
            for name, value in constants.items()
        ]
        copied: list[Any] = [staged.c[name] for name in (*_NEW, *_COPIED)]
        chosen = (
            select(*copied, staged.c.says_row_id, *values)
            .where(staged.c.import_id == key, staged.c.record_id.is_(None))
            .order_by(staged.c.row_id)
        )
        session.execute(insert(kept).from_select([*_NEW, *_COPIED, "row_id", *constants], chosen))
        found.state, found.confirmed_at = "confirmed", at
        found.outcome = {"counts": dict(counts), "settled": False}
        session.flush()
        facts = {**counts, "files": [file.sha256 for file in found.files]}
        record("online_import.confirmed", "online_import", key, actor=actor, facts=facts)


def settle(key: int, job: RunningJob) -> None:
    """What follows from rows that count: their records by key, days of issue, proposals; then matching is asked for."""
    found = db.session.get_one(OnlineImport, key)
    if found.outcome.get("settled"):
        return
    intake_id, counts, done = found.intake_id, found.outcome["counts"], 0
    for rows in _batches(key, BATCH):
        with transaction() as session:
            _settle(session, intake_id, rows)
        done += rows.number
        job.progress(counts["rows"] + done, counts["rows"] * 2)
    if counts[Effect.RETRACTED]:
        for rows in _batches(key, ASKED_AT_ONCE, ImportRow.effect == Effect.RETRACTED):
            with transaction() as session:
                _ask_to_retract(session, rows.among(ImportRow.import_id, ImportRow.id))
            job.progress(counts["rows"] * 2, counts["rows"] * 2)
    if counts[Effect.NEW]:
        _ask_what_waited(intake_id)
    with transaction() as session:
        found = _hold(session, key)
        found.outcome = {**found.outcome, "settled": True}
        if find_task(MATCH):
            enqueue(MATCH, intake_id, actor=job.actor, key=str(intake_id))


def no_other_at_work(session: Session, found: OnlineImport) -> None:
    """Refuse while another import of the intake is written or undone; an index in the database has the last word."""
    busy = select(OnlineImport.id).where(
        OnlineImport.intake_id == found.intake_id,
        OnlineImport.id != found.id,
        OnlineImport.state.in_(("running", "undoing")),
    )
    if session.scalar(busy) is not None:
        raise Refusal("online.at_work")


class _Rows(NamedTuple):
    """Rows of one import from a first key to a last."""

    import_id: int
    first: int
    last: int
    number: int

    def among(self, import_id: Any, row_id: Any) -> ColumnElement[bool]:
        """The condition that a row is one of them."""
        return and_(import_id == self.import_id, row_id.between(self.first, self.last))


def _batches(key: int, size: int, *only: ColumnElement[bool]) -> Iterator[_Rows]:
    last = 0
    while True:
        query = select(ImportRow.id).where(ImportRow.import_id == key, ImportRow.id > last, *only)
        keys = db.session.scalars(query.order_by(ImportRow.id).limit(size)).all()
        if not keys:
            return
        last = keys[-1]
        yield _Rows(key, keys[0], last, len(keys))


def _settle(session: Session, intake_id: int, rows: _Rows) -> None:
    row, kept, staged = table_of(ImportRow), table_of(OnlineRecord), table_of(StagedRecord)
    session.execute(
        update(row)
        .where(rows.among(row.c.import_id, row.c.id), row.c.record_id.is_(None), row.c.effect == Effect.NEW)
        .where(kept.c.intake_id == intake_id, kept.c.account_key == row.c.account_key)
        .values(record_id=kept.c.id)
    )
    account = table_of(Account)
    follows = and_(
        account.c.intake_id == intake_id,
        or_(account.c.issued_on.is_(None), account.c.issued_how == "import"),
        account.c.annulled_at.is_(None),
    )
    if session.scalar(select(account.c.id).where(follows).limit(1)):
        session.execute(
            update(account)
            .where(follows, rows.among(row.c.import_id, row.c.id), kept.c.id == row.c.record_id)
            .where(kept.c.intake_id == intake_id, kept.c.account_key == account.c.key, kept.c.issued_on.is_not(None))
            .where(account.c.issued_on.is_distinct_from(kept.c.issued_on))
            .values(issued_on=kept.c.issued_on, issued_how="import")
        )
    session.execute(delete(staged).where(rows.among(staged.c.import_id, staged.c.row_id)))


def _ask_to_retract(session: Session, *which: ColumnElement[bool]) -> None:
    """Ask about results that rows retract; what was decided is asked anew only if the export before did not."""
    asked = session.execute(
        select(ImportRow.id, ImportRow.values, ImportRow.record_id, OnlineRecord.public_id)
        .add_columns(OnlineRecord.organisation_id, (OnlineRecord.taken_at > OnlineImport.taken_at).label("older"))
        .join(OnlineRecord, OnlineRecord.id == ImportRow.record_id)
        .join(OnlineImport, OnlineImport.id == ImportRow.import_id)
        .where(*which, ImportRow.effect == Effect.RETRACTED, OnlineRecord.retracted_at.is_(None))
        .order_by(ImportRow.id)
    ).all()
    said = imports.retracted_before({one.record_id: one.id for one in asked})
    for one in asked:
        reason = one.values.get("retracted", "")
        facts = {"record": one.public_id, "row": one.id, "reason": "" if reason == "x" else reason}
        facts |= {"older": True} if one.older else {}
        inbox.ask(
            RETRACTION, one.public_id, organisation_id=one.organisation_id, class_id=None, facts=facts,
            anew=one.record_id not in said,
        )  # fmt: skip


def _ask_what_waited(intake_id: int) -> None:
    """Ask about retractions of accounts of which nothing was known, once something as old or older is."""
    row = table_of(ImportRow)
    record_of = (
        select(OnlineRecord.id)
        .where(OnlineRecord.intake_id == intake_id, OnlineRecord.account_key == row.c.account_key)
        .scalar_subquery()
    )
    while keys := imports.retractions_waiting(intake_id, ASKED_AT_ONCE):
        with transaction() as session:
            session.execute(update(row).where(row.c.id.in_(keys)).values(record_id=record_of))
            _ask_to_retract(session, ImportRow.id.in_(keys))


def table_of(model: type[Base]) -> Table:
    """The bare table of a model, for statements over many rows."""
    return Base.metadata.tables[model.__tablename__]


def _hold(session: Session, key: int) -> OnlineImport:
    return session.scalars(select(OnlineImport).where(OnlineImport.id == key).with_for_update()).one()
