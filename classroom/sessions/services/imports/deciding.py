"""Keep what a coordinator decides about an uploaded file."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.sessions.models import RosterImport, TrainingClass
from classroom.sessions.queries import imports
from classroom.sessions.rules.imports import BY_COLUMN, Choices, Reading, converted, with_heading_row
from classroom.sessions.rules.roster import Field, recognise
from classroom.sessions.services.holding import hold_rosters

Change = Callable[[Choices], Choices]
#: Where the outcome of an upload that was put aside names the one that took its place.
REPLACED_BY = "replaced_by"


def change_choices(import_id: str, change: Change, *, actor: Actor) -> RosterImport:
    """Apply one decision to what has been decided so far; raises `import.closed` once confirmed."""
    with transaction() as session:
        found = locked(session, actor, import_id)
        if found.state != "uploaded":
            raise Refusal("import.closed")
        found.choices = change(Choices.from_json(found.choices)).to_json()
        return found


def set_columns(
    import_id: str,
    reading: Reading,
    *,
    sheet: int,
    heading_row: int,
    columns: Mapping[int, Field],
    target: str,
    convert: bool,
    actor: Actor,
) -> RosterImport:
    """Keep sheet, heading row, columns and target; another sheet or heading row is recognised anew."""
    if not 0 <= sheet < len(reading.sheets):
        raise Invalid("import.no_such_sheet")
    raw = reading.sheets[sheet]
    chosen, filename = converted(raw) if convert else raw, raw.name
    if raw is not reading.original or (convert and not reading.layout.recognised):
        layout = recognise(chosen, filename)
    elif heading_row != reading.layout.heading_row and 1 <= heading_row <= len(chosen.rows):
        layout = with_heading_row(chosen, heading_row, filename)
    else:
        layout = reading.layout.with_columns(chosen, columns)

    def change(choices: Choices) -> Choices:
        return replace(choices.for_sheet(sheet, layout), target=target, convert=convert)

    with transaction() as session:
        found = change_choices(import_id, change, actor=actor)
        classes = {one.public_id: one for one in imports.classes_of_course(found.course_id)}
        if target and target != BY_COLUMN and target not in classes:
            raise Invalid("import.class_needed")
        found.class_id = classes[target].key if target in classes else None
        session.flush()
        for one in imports.waiting_with_same_file(found, found.file.sha256):
            if Choices.from_json(one.choices).sheet == sheet:
                replace_import(one, found, actor=actor)
        return found


def drop_import(import_id: str, *, actor: Actor) -> RosterImport:
    """Put a file aside without importing it."""
    with transaction() as session:
        found = locked(session, actor, import_id)
        if found.state == "uploaded":
            found.state = "dropped"
            record("import.dropped", "roster_import", found.id, actor=actor, facts={"filename": found.file.filename})
        return found


def replace_import(older: RosterImport, newer: RosterImport, *, actor: Actor) -> None:
    """One list waits once: the older upload of it is put aside and leads to the newer one."""
    older.state = "dropped"
    older.outcome = {REPLACED_BY: newer.public_id}
    record("import.replaced", "roster_import", older.id, actor=actor, facts={"filename": older.file.filename})


def locked(session: Session, actor: Actor, import_id: str) -> RosterImport:
    """The import, held against everybody else who would change it."""
    found = session.scalar(
        select(RosterImport)
        .where(RosterImport.organisation_id == actor.organisation_id, RosterImport.public_id == import_id)
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def hold_course(session: Session, course_id: int) -> None:
    """Hold the rosters of all classes that an import into this course may change."""
    hold_rosters(session.scalars(select(TrainingClass.id).where(TrainingClass.course_id == course_id)))
