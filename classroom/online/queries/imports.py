"""Read imports, their files, and the records that a file is held against."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import aliased, joinedload

from classroom.core.actor import Actor
from classroom.core.clock import today, zone
from classroom.core.db import db
from classroom.core.errors import NotFound, Refusal
from classroom.core.sheets import SheetLimits, read_table
from classroom.core.vault import unlock
from classroom.online.models import ImportRow, Intake, OnlineImport, OnlineImportFile, OnlineRecord, Source
from classroom.online.rules.mapping import Mapping as Columns
from classroom.online.rules.mapping import date_order, guess, recalled
from classroom.online.rules.planning import Choices
from classroom.online.rules.reading import Terms, read_rows
from classroom.online.rules.results import PARTICULARS, RESULT, Effect, Known, ReadRow, Result
from classroom.online.rules.tables import Table, join, open_table, tell_apart
from classroom.online.rules.values import Order

_LISTED = 100


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it would be read now."""

    table: Table
    mapping: Columns
    choices: Choices
    #: None while a person has to say which of day and month comes first.
    order: Order | None
    sheets: tuple[str, ...] = ()

    def rows(self, time_zone: str) -> list[ReadRow]:
        """Every row, read by the mapping."""
        order, chosen = self.order or "dmy", self.choices
        terms = Terms(self.mapping, order, zone(time_zone), today(time_zone), chosen.accepted, chosen.skipped)
        return read_rows(self.table, terms)


def get_intake(actor: Actor, public_id: str) -> Intake:
    """An intake of the organisation; raises NotFound."""
    query = select(Intake).where(Intake.public_id == public_id, Intake.organisation_id == actor.organisation_id)
    found = db.session.scalar(query.options(joinedload(Intake.course)))
    if found is None:
        raise NotFound
    return found


def intakes_for_imports(actor: Actor) -> Sequence[Intake]:
    """Intakes to which results may be brought, the latest first."""
    query = select(Intake).where(Intake.organisation_id == actor.organisation_id, Intake.closed_at.is_(None))
    return db.session.scalars(query.options(joinedload(Intake.course)).order_by(Intake.id.desc())).all()


def get_import(actor: Actor, public_id: str, *, lock: bool = False) -> OnlineImport:
    """An import of the organisation; raises NotFound."""
    query = select(OnlineImport).where(
        OnlineImport.public_id == public_id, OnlineImport.organisation_id == actor.organisation_id
    )
    found = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound
    return found


def get_file(actor: Actor, public_id: str) -> OnlineImportFile:
    """A file of an import, content or not; raises NotFound."""
    found = db.session.scalar(
        select(OnlineImportFile).where(
            OnlineImportFile.public_id == public_id, OnlineImportFile.organisation_id == actor.organisation_id
        )
    )
    if found is None:
        raise NotFound
    return found


def imports_of(actor: Actor, intake_id: int | None = None) -> Sequence[OnlineImport]:
    """The history, the latest first, without what was put aside."""
    query = select(OnlineImport).where(
        OnlineImport.organisation_id == actor.organisation_id, OnlineImport.state != "dropped"
    )
    if intake_id is not None:
        query = query.where(OnlineImport.intake_id == intake_id)
    loaded = (joinedload(OnlineImport.intake), joinedload(OnlineImport.uploader), joinedload(OnlineImport.source))
    return db.session.scalars(query.options(*loaded).order_by(OnlineImport.id.desc()).limit(_LISTED)).unique().all()


def with_same_files(intake_id: int, hashes: set[str], states: Sequence[str]) -> OnlineImport | None:
    """The latest import of these very files into the intake."""
    candidates = db.session.scalars(
        select(OnlineImport)
        .join(OnlineImportFile, OnlineImportFile.import_id == OnlineImport.id)
        .where(
            OnlineImport.intake_id == intake_id,
            OnlineImport.state.in_(states),
            OnlineImportFile.sha256.in_(hashes),
        )
        .order_by(OnlineImport.id.desc())
    ).unique()
    return next((one for one in candidates if {file.sha256 for file in one.files} == hashes), None)


def sources(actor: Actor) -> Sequence[Source]:
    """All sources of the organisation, those used last first."""
    query = select(Source).where(Source.organisation_id == actor.organisation_id)
    return db.session.scalars(query.order_by(Source.updated_at.desc(), Source.id)).all()


def open_draft(found: OnlineImport, limits: SheetLimits, secret: str, choices: Choices | None = None) -> Draft:
    """Read the kept files by what was chosen, or by other choices; raises `online.file_gone` past their time."""
    contents = [(one.filename, content_of(one, secret)) for one in found.files]
    return draft_of(contents, limits, choices or choices_of(found))


def choices_of(found: OnlineImport) -> Choices:
    """What was decided about the file."""
    return Choices.from_json(found.choices)


def content_of(file: OnlineImportFile, secret: str) -> bytes:
    """The file as it came; raises Refusal when its time is over."""
    if file.file is None:
        raise Refusal("online.file_gone")
    return unlock(file.file.content, secret)


def draft_of(
    files: Sequence[tuple[str, bytes]], limits: SheetLimits, choices: Choices, remembered: Sequence[Source] = ()
) -> Draft:
    """Recognise one file or two by what is in them; a source's mapping goes before a guess, a choice before both."""
    books = [read_table(content, filename, limits) for filename, content in files]
    tables = [open_table(sheets) for sheets in books]
    results, profiles = tell_apart(tables)
    if choices.sheet is not None or choices.heading_row is not None:
        tables[results] = open_table(books[results], sheet=choices.sheet, heading_row=choices.heading_row)
    names = tuple(sheet.name for sheet in books[results])
    table = tables[results] if profiles is None else join(tables[results], tables[profiles])
    if choices.mapping:
        mapping = Columns.from_json(choices.mapping)
    else:
        recalls = (recalled(table, source.mapping) for source in remembered)
        mapping = next((one for one in recalls if one), None) or guess(table)
    return drawn_by(table, mapping, choices, names)


def drawn_by(table: Table, mapping: Columns, choices: Choices, sheets: tuple[str, ...]) -> Draft:
    """A table as it would be read by this mapping, dates in the order that was chosen or that they show themselves."""
    order: Order | None = date_order(table, mapping)
    if choices.order in ("dmy", "mdy"):
        order = "dmy" if choices.order == "dmy" else "mdy"
    return Draft(table, mapping, choices, order, sheets)


def known_records(intake_id: int) -> dict[str, Known]:
    """Every record of an intake by its account, as rows are held against it."""
    columns = (
        OnlineRecord.id, OnlineRecord.account, OnlineRecord.account_key, OnlineRecord.issued_on, OnlineRecord.taken_at,
        OnlineRecord.row_id, OnlineRecord.retracted_at, *(getattr(OnlineRecord, n) for n in (*PARTICULARS, *RESULT)),
    )  # fmt: skip
    rows = db.session.execute(select(*columns).where(OnlineRecord.intake_id == intake_id))
    return {
        row.account_key: Known(
            row.id, row.account, {name: getattr(row, name) for name in PARTICULARS}, row.issued_on,
            Result(row.completed_at, row.progress, row.score, row.said), row.taken_at, row.row_id,
            row.retracted_at is not None,
        )
        for row in rows
    }  # fmt: skip


def records_named(public_ids: Sequence[str]) -> dict[str, OnlineRecord]:
    """Records by what pages and questions call them."""
    query = select(OnlineRecord).where(OnlineRecord.public_id.in_(public_ids))
    return {one.public_id: one for one in db.session.scalars(query.options(joinedload(OnlineRecord.intake)))}


def standing(intake_id: int) -> str:
    """What the records of an intake rest on now; another answer means that something changed meanwhile."""
    query = select(OnlineImport.id, OnlineImport.state).where(
        OnlineImport.intake_id == intake_id, OnlineImport.state.in_(("confirmed", "undoing", "undone"))
    )
    return ",".join(f"{key}{state[:5]}" for key, state in db.session.execute(query.order_by(OnlineImport.id)))


def newer_on_the_same(found: OnlineImport) -> OnlineImport | None:
    """A later import that says something of an account about which this one left anything to take back.

    A row that only said the same again counts, too: it moved the record to its own snapshot.
    """
    mine, theirs = aliased(ImportRow), aliased(ImportRow)
    later = select(OnlineImport).where(
        OnlineImport.intake_id == found.intake_id,
        OnlineImport.state == "confirmed",
        OnlineImport.confirmed_at >= found.confirmed_at,
        OnlineImport.id != found.id,
        exists(
            select(mine.id)
            .join(theirs, theirs.account_key == mine.account_key)
            .where(
                mine.import_id == found.id,
                or_(_wrote(mine), mine.effect == Effect.RETRACTED),
                theirs.import_id == OnlineImport.id,
                theirs.effect != Effect.SKIPPED,
            )
        ),
    )
    return db.session.scalars(later.order_by(OnlineImport.id.desc())).first()


def touched_learners(found: OnlineImport) -> list[int]:
    """Learners to whom the records belong that an import made or changed; what only said the same changed nothing."""
    query = (
        select(OnlineRecord.learner_id)
        .join(ImportRow, ImportRow.record_id == OnlineRecord.id)
        .where(ImportRow.import_id == found.id, OnlineRecord.learner_id.is_not(None))
        .where(_wrote(ImportRow), ImportRow.effect != Effect.SAME)
    )
    return sorted({key for key in db.session.scalars(query) if key is not None})


def _wrote(row: type[ImportRow]) -> ColumnElement[bool]:
    """Whether undoing the row writes to its record."""
    return or_(row.effect == Effect.NEW, row.before.is_not(None))


def files_past(before: datetime, limit: int) -> Sequence[OnlineImportFile]:
    """Files kept since before that instant, of imports that are over."""
    query = (
        select(OnlineImportFile)
        .join(OnlineImport, OnlineImport.id == OnlineImportFile.import_id)
        .where(OnlineImportFile.file_id.is_not(None), OnlineImport.uploaded_at < before)
        .where(OnlineImport.state.in_(("uploaded", "confirmed", "undone", "dropped")))
    )
    return db.session.scalars(query.order_by(OnlineImportFile.id).limit(limit)).all()


def retracted_before(rows: Mapping[int, int]) -> set[int]:
    """Of records, each with a row of an import, those of which the latest export before that retracted it already."""
    query = (
        select(ImportRow.record_id, ImportRow.id, ImportRow.effect)
        .join(OnlineImport, OnlineImport.id == ImportRow.import_id)
        .where(ImportRow.record_id.in_(rows), ImportRow.effect != Effect.SKIPPED, OnlineImport.state == "confirmed")
        .order_by(OnlineImport.taken_at, ImportRow.id)
    )
    last = {record: effect for record, row, effect in db.session.execute(query) if record and row < rows[record]}
    return {record for record, effect in last.items() if effect == Effect.RETRACTED}


def retractions_waiting(intake_id: int, limit: int) -> Sequence[int]:
    """Rows that retracted what was not known then, whose account has a record of that time or before it by now."""
    query = (
        select(ImportRow.id)
        .join(OnlineImport, OnlineImport.id == ImportRow.import_id)
        .join(
            OnlineRecord,
            (OnlineRecord.intake_id == OnlineImport.intake_id) & (OnlineRecord.account_key == ImportRow.account_key),
        )
        .where(OnlineImport.intake_id == intake_id, OnlineImport.state == "confirmed")
        .where(ImportRow.effect == Effect.RETRACTED, ImportRow.record_id.is_(None))
        .where(OnlineRecord.taken_at <= OnlineImport.taken_at)
    )
    return db.session.scalars(query.order_by(ImportRow.id).limit(limit)).all()
