"""Take an import back: the records it made vanish, those it changed are as they were."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, case, delete, select, update
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, release, transaction
from classroom.core.errors import Refusal
from classroom.core.names import fold
from classroom.core.work import RunningJob, find_task
from classroom.inbox import services as inbox
from classroom.jobs.queries import latest_job
from classroom.jobs.rules import LIVING
from classroom.jobs.services import enqueue
from classroom.learners.rules.facts import name_columns
from classroom.online.models import Account, ImportRow, MatchCase, MatchEvent, OnlineImport, OnlineRecord
from classroom.online.queries import imports
from classroom.online.rules.results import Effect, from_json
from classroom.online.rules.stages import stage_of
from classroom.online.services.imports.running import MATCH, RETRACTION, UNDO, no_other_at_work, table_of
from classroom.sessions.services.refusing import check_reason

#: Each row is taken back by statements of its own, and nobody else writes meanwhile: for 0.2 s.
BATCH = 200


def start_undo(import_id: str, reason: str, *, actor: Actor) -> OnlineImport:
    """Ask for the job that undoes an import.

    Raises `online.undo_newer` while a later import stands on it, and what a higher room refuses with: certificates
    that were issued from it.
    """
    actor.require("online.manage")
    if (found := imports.get_import(actor, import_id)).state == "confirmed":
        _ask_above(found)
    release()
    with transaction() as session:
        found = imports.get_import(actor, import_id, lock=True)
        if found.state in ("undoing", "undone"):
            return found
        if found.state != "confirmed" or not found.outcome.get("settled"):
            raise Refusal("import.not_confirmed")
        why = check_reason(reason)
        if newer := imports.newer_on_the_same(found):
            raise Refusal("online.undo_newer", filename=newer.files[0].filename, day=newer.confirmed_at or now())
        no_other_at_work(session, found)
        found.state, found.undo_reason, found.undone_by = "undoing", why, actor.staff_id
        session.flush()
        enqueue(UNDO, found.id, actor=actor, key=str(found.id))
        record("online_import.undo_started", "online_import", found.id, actor=actor, facts={"reason": why})
        return found


def call_off_undo(import_id: str, *, actor: Actor) -> OnlineImport:
    """Let an import count as before whose undo was given up before anything was taken back.

    Raises `online.undo_begun` once something was, and while its job is under way.
    """
    actor.require("online.manage")
    with transaction():
        found = imports.get_import(actor, import_id, lock=True)
        if not may_be_called_off(found, lock=True):
            raise Refusal("online.undo_begun")
        _leave(found, actor, reason=found.undo_reason)
        return found


def may_be_called_off(found: OnlineImport, *, lock: bool = False) -> bool:
    """Whether the job of an undo failed or was cancelled before anything was taken back."""
    if stage_of(found.state, found.outcome) != "waiting":
        return False
    job = latest_job(found.organisation_id, UNDO, found.id, lock=lock)
    return job is None or job.state not in LIVING


def _leave(found: OnlineImport, actor: Actor, **facts: str) -> None:
    found.state, found.undo_reason, found.undone_by = "confirmed", "", None
    record("online_import.undo_left", "online_import", found.id, actor=actor, facts=facts)


def run_undo(key: int, job: RunningJob) -> Mapping[str, Any]:
    """Do it, or go on with it: each batch takes back its rows and forgets which records they were about."""
    found = db.session.get_one(OnlineImport, key)
    if not _begin(key, job.actor):
        return {}
    total, done, began = found.outcome["counts"]["rows"], 0, found.confirmed_at or now()
    while True:
        with transaction() as session:
            rows = session.execute(
                select(ImportRow.id, ImportRow.record_id, ImportRow.before, ImportRow.effect)
                .where(ImportRow.import_id == key, ImportRow.record_id.is_not(None))
                .order_by(ImportRow.id.desc())
                .limit(BATCH)
            ).all()
            if not rows:
                break
            _take_back(session, rows, began, job.actor)
            done += len(rows)
        job.progress(done, total)
    with transaction() as session:
        found = session.scalars(select(OnlineImport).where(OnlineImport.id == key).with_for_update()).one()
        found.state, found.undone_at = "undone", now()
        facts = {"reason": found.undo_reason, "rows": done}
        record("online_import.undone", "online_import", key, actor=job.actor, facts=facts)
        if find_task(MATCH):  # who was described otherwise meanwhile is looked at again
            enqueue(MATCH, found.intake_id, actor=job.actor, key=str(found.intake_id))
    return {"rows": done}


def _begin(key: int, actor: Actor) -> bool:
    """Note that rows are taken back from here on; False where nothing is to be undone any more.

    Raises what a higher room refuses with by now. If nothing was taken back yet, the import counts as before then; if
    a part was, the undo waits.
    """
    refusal = None
    try:
        _ask_above(db.session.get_one(OnlineImport, key))
    except Refusal as said:
        refusal = said
    release()
    with transaction() as session:
        found = session.scalars(select(OnlineImport).where(OnlineImport.id == key).with_for_update()).one()
        if found.state != "undoing":
            return False
        if refusal is None:
            found.outcome = {**found.outcome, "taking_back": True}
        elif not found.outcome.get("taking_back"):
            _leave(found, actor, code=refusal.code)
    if refusal:
        raise refusal
    return True


def _ask_above(found: OnlineImport) -> None:
    """Raise what a higher room refuses with.

    It takes too long to let others wait to write meanwhile. Once an import is being undone nobody is certified by it
    any more, so what comes in between is found when the job begins.
    """
    signals.online_import_undoing.send(import_id=found.id, learner_ids=imports.touched_learners(found))


def _take_back(session: Session, rows: Sequence[Row[Any]], began: datetime, actor: Actor) -> None:
    made = [row.record_id for row in rows if row.effect == Effect.NEW]
    if made:
        _vanish(session, made, actor)
    for row in rows:
        if row.effect == Effect.RETRACTED:
            _count_again(session, row.record_id, began, actor)
        elif row.before is not None:
            columns = {**_columns(row.before), "updated_at": now()}
            session.execute(update(OnlineRecord).where(OnlineRecord.id == row.record_id).values(**columns))
    if restored := [row.record_id for row in rows if row.before is not None]:
        _follow(session, restored)
    session.execute(update(ImportRow).where(ImportRow.id.in_([row.id for row in rows])).values(record_id=None))


def _follow(session: Session, record_ids: list[int]) -> None:
    """Days of issue that an import gave to accounts are what their records say now."""
    kept, account = table_of(OnlineRecord), table_of(Account)
    session.execute(
        update(account)
        .where(account.c.issued_how == "import", account.c.intake_id == kept.c.intake_id)
        .where(account.c.key == kept.c.account_key, kept.c.id.in_(record_ids))
        .where(account.c.issued_on.is_distinct_from(kept.c.issued_on))
        .values(issued_on=kept.c.issued_on, issued_how=case((kept.c.issued_on.is_(None), ""), else_="import"))
    )


def _columns(before: Mapping[str, Any]) -> dict[str, Any]:
    """What a record was; of somebody who was erased meanwhile only numbers are left to give back."""
    columns = from_json(before)
    if "name" in columns:
        columns |= name_columns(columns["name"])
    if "unit" in columns:
        columns["unit_fold"] = fold(columns["unit"])[:200]
    return columns


def _count_again(session: Session, record_id: int, began: datetime, actor: Actor) -> None:
    """What this import wanted retracted: nobody is asked any more; where somebody agreed, the result counts again."""
    held = session.get_one(OnlineRecord, record_id)
    inbox.withdraw(RETRACTION, held.public_id, organisation_id=actor.organisation_id)
    if held.retracted_at and held.retracted_at >= began:
        held.retracted_at, held.retract_reason, held.updated_at = None, "", now()
        session.flush()
        facts = {"account": held.account_key, "reason": ""}
        record("online_record.restored", "online_record", held.id, actor=actor, facts=facts)


def _vanish(session: Session, record_ids: list[int], actor: Actor) -> None:
    signals.online_records_vanishing.send(record_ids=record_ids, actor=actor)
    kept, account = table_of(OnlineRecord), table_of(Account)
    session.execute(
        update(account)
        .where(account.c.issued_how == "import", account.c.intake_id == kept.c.intake_id)
        .where(account.c.key == kept.c.account_key, kept.c.id.in_(record_ids))
        .values(issued_on=None, issued_how="")
    )
    for table in (MatchCase, MatchEvent):
        session.execute(delete(table).where(table.record_id.in_(record_ids)))
    session.execute(update(ImportRow).where(ImportRow.record_id.in_(record_ids)).values(record_id=None))
    session.execute(delete(OnlineRecord).where(OnlineRecord.id.in_(record_ids)))
