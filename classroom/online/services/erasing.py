"""What platforms told of a person who is erased: results stay as numbers under a name that no file says.

The account's name on the platform goes, too: a later file that says it again is about somebody unknown.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Row, delete, func, or_, select, update
from sqlalchemy.orm import Session

from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import Base, db, transaction
from classroom.core.erasing import NEUTRAL, Traces, scrub_rows
from classroom.core.errors import Refusal
from classroom.core.models import StoredFile
from classroom.online.models import (
    Account,
    ImportRow,
    MatchCase,
    MatchDenial,
    MatchEvent,
    OnlineImport,
    OnlineImportFile,
    OnlineRecord,
)
from classroom.sessions.services.erasing import says

#: Imports of which nobody can tell yet whom they name.
_UNSETTLED = ("uploaded", "running", "undoing")
#: What a row and the state before it say besides the person.
_NUMBERS = (
    "result", "issued_on", "completed_at", "progress", "score", "said", "taken_at", "row_id", "link", "learner_id",
)  # fmt: skip
#: Lists of people that wait for an intake.
_LISTS = "intake_people:"
_EMPTY = {
    "name": NEUTRAL, "name_fold": "", "sort_key": "", "born_on": None, "birth_year": None, "id_number": "",
    "phone": "", "email": "", "unit": "", "unit_fold": "", "retract_reason": "",
}  # fmt: skip


@signals.learners_erasing.connect
def count_records(
    organisation_id: int, learner_ids: Sequence[int], traces: Traces, *, counting: bool
) -> dict[str, int]:
    """Results that stay as numbers, and files that go; refused while an import is not settled."""
    waiting = select(OnlineImport.id).where(
        OnlineImport.organisation_id == organisation_id, OnlineImport.state.in_(_UNSETTLED)
    )
    if db.session.scalar(waiting.limit(1)):
        raise Refusal("erasure.import_waits")
    if not counting:
        return {}
    records = _records(db.session(), learner_ids)
    accounts = select(func.count(Account.id)).where(Account.learner_id.in_(learner_ids))
    files = _files(db.session(), organisation_id, _rows_of(db.session(), organisation_id, records, traces))
    return {
        "records_stay": len(records),
        "accounts": db.session.scalar(accounts) or 0,
        "online_files": len(files),
    }


@signals.learner_erased.connect
def erase_records(learner_ids: Sequence[int], traces: Traces, actor: Actor) -> None:
    """Records, rows and questions lose the person; the files that named the person lose their content."""
    organisation_id = actor.organisation_id
    with transaction() as session:
        records = _records(session, learner_ids)
        wider = _with_platform_names(session, records, traces)
        rows = _rows_of(session, organisation_id, records, wider)
        _drop_files(session, _files(session, organisation_id, rows), wider)
        _drop_lists(session, organisation_id, wider)
        _erase_rows(session, rows, records, wider)
        for key, public_id in records.items():
            values = {**_EMPTY, "account": f"xoa-{public_id}", "account_key": f"xoa-{public_id.casefold()}"}
            session.execute(update(OnlineRecord).where(OnlineRecord.id == key).values({**values, "updated_at": now()}))
        _end_accounts(session, learner_ids, wider)
        _erase_questions(session, organisation_id, learner_ids, records)
        for table, columns in (
            (OnlineRecord, ("retract_reason",)),
            (MatchEvent, ("reason",)),
            (OnlineImportFile, ("filename",)),
            (OnlineImport, ("undo_reason", "choices", "outcome")),
        ):
            scrub_rows(session, table, columns, wider, table.organisation_id == organisation_id)


def _records(session: Session, learner_ids: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(OnlineRecord.id, OnlineRecord.public_id).where(OnlineRecord.learner_id.in_(learner_ids))
    )
    return {row[0]: row[1] for row in rows}


def _with_platform_names(session: Session, records: Mapping[int, str], traces: Traces) -> Traces:
    """The traces with what the platforms call the person."""
    rows = session.scalars(select(OnlineRecord).where(OnlineRecord.id.in_(records))).all()
    return Traces.of(
        {*traces.names, *(one.name for one in rows)},
        {*traces.phones, *(one.phone for one in rows)},
        {*traces.exact, *(text for one in rows for text in (one.id_number, one.email, one.account))},
    )


def _rows_of(session: Session, organisation_id: int, records: Mapping[int, str], traces: Traces) -> Sequence[Row[Any]]:
    """Rows that made the records, rows of the same accounts, and what else speaks of the person.

    A row that is somebody else's counts only if it says what is this person's alone: families share phones and names.
    """
    keys = select(OnlineRecord.account_key).where(OnlineRecord.id.in_(records))
    return session.execute(
        select(ImportRow.id, ImportRow.import_id, ImportRow.record_id, ImportRow.values, ImportRow.before).where(
            ImportRow.organisation_id == organisation_id,
            or_(
                ImportRow.record_id.in_(records),
                ImportRow.account_key.in_(keys),
                traces.alone().mentions(ImportRow.values),
                ImportRow.record_id.is_(None) & traces.mentions(ImportRow.values),
            ),
        )
    ).all()


def _files(session: Session, organisation_id: int, rows: Sequence[Row[Any]]) -> Sequence[OnlineImportFile]:
    """Files whose rows name the person, and those of which no rows tell whom they name."""
    read = select(ImportRow.id).where(ImportRow.import_id == OnlineImportFile.import_id).exists()
    kept = OnlineImportFile.organisation_id == organisation_id, OnlineImportFile.file_id.is_not(None)
    named = OnlineImportFile.import_id.in_({row.import_id for row in rows})
    return session.scalars(select(OnlineImportFile).where(*kept, named | ~read)).all()


def _drop_files(session: Session, files: Sequence[OnlineImportFile], traces: Traces) -> None:
    """The content goes; name and hash of what was uploaded stay."""
    for one in files:
        if one.file is not None:
            one.file.content, one.file.erased_at = b"", now()
            one.file.filename = traces.scrub(one.file.filename)
        one.filename = traces.scrub(one.filename)
        one.file_id, one.dropped_at = None, one.dropped_at or now()
    session.flush()


def _drop_lists(session: Session, organisation_id: int, traces: Traces) -> None:
    """Lists of people that name the person and that nobody has confirmed yet."""
    waiting = StoredFile.organisation_id == organisation_id, StoredFile.purpose.startswith(_LISTS)
    for one in session.scalars(select(StoredFile).where(*waiting)).all():
        if says(one, traces):
            session.delete(one)
    session.flush()


def _erase_rows(session: Session, rows: Sequence[Row[Any]], records: Mapping[int, str], traces: Traces) -> None:
    """Of each row its numbers stay; what it is called by goes with the record, another person's stays."""
    for row in rows:
        fresh: dict[str, Any] = {"values": _numbers(row.values, traces), "findings": []}
        if row.before:
            fresh["before"] = _numbers(row.before, traces)
        if row.record_id is None or row.record_id in records:
            fresh["account_key"] = f"xoa-{records.get(row.record_id, row.id)}".casefold()
        session.execute(update(ImportRow).where(ImportRow.id == row.id).values(fresh))
    staged = Base.metadata.tables.get("online_staged")
    if staged is not None and rows:
        session.execute(delete(staged).where(staged.c.row_id.in_([row.id for row in rows])))


def _numbers(kept: Mapping[str, Any], traces: Traces) -> dict[str, Any]:
    return {name: traces.scrub_value(kept[name]) for name in _NUMBERS if name in kept}


def _end_accounts(session: Session, learner_ids: Sequence[int], traces: Traces) -> None:
    """An account that we gave stays as a number and leads to nobody; one that says a name is renamed."""
    for one in session.scalars(select(Account).where(Account.learner_id.in_(learner_ids))).all():
        one.annulled_at, one.annul_reason = one.annulled_at or now(), ""
        given = Traces.of(traces.names, traces.phones, {each for each in traces.exact if each != one.name})
        if given.found_in(one.name):
            one.name, one.key = f"xoa-{one.public_id}", f"xoa-{one.public_id.casefold()}"
    session.flush()


def _erase_questions(
    session: Session, organisation_id: int, learner_ids: Sequence[int], records: Mapping[int, str]
) -> None:
    """Questions about the person's records are asked no more; others lose the person as a candidate."""
    own = update(MatchCase).where(MatchCase.record_id.in_(records))
    session.execute(own.values(candidates=[], done={}))
    waiting = MatchCase.record_id.in_(records), MatchCase.state.in_(("open", "later"))
    session.execute(update(MatchCase).where(*waiting).values(state="gone"))
    session.execute(update(MatchEvent).where(MatchEvent.record_id.in_(records)).values(reason=""))
    people = set(learner_ids)
    living = MatchCase.organisation_id == organisation_id, MatchCase.state.in_(("open", "later"))
    for one in session.scalars(select(MatchCase).where(*living)).all():
        left = [each for each in one.candidates if each.get("learner") not in people]
        if left != one.candidates:
            one.candidates = left
    denials = MatchDenial.learner_id.in_(people), MatchDenial.annulled_at.is_(None)
    session.execute(update(MatchDenial).where(*denials).values(annulled_at=now()))
    without = MatchDenial.learner_id.in_(people), MatchDenial.record_id.is_(None)
    session.execute(update(MatchDenial).where(*without).values(account_key="xoa"))
    session.flush()
