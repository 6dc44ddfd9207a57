"""Take files in: they are kept locked as they came, recognised by what is in them, and nothing else is written."""

import hashlib
from collections.abc import Sequence
from pathlib import PurePath

from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.models import StoredFile
from classroom.core.names import clean_name
from classroom.core.sheets import SheetLimits
from classroom.core.vault import lock_up
from classroom.online.models import OnlineImport, OnlineImportFile
from classroom.online.queries import imports
from classroom.online.rules.mapping import recalled
from classroom.online.rules.planning import Choices
from classroom.online.services.imports.dating import taken_at
from classroom.sessions.services.imports import Upload


def upload_results(
    uploads: Sequence[Upload], *, intake_id: str, limits: SheetLimits, secret: str, actor: Actor
) -> OnlineImport:
    """Keep one file of results, or two where a second says who the accounts are; raises `sheet.*` and `online.*`.

    Files imported before are refused by their hashes before anything is read; files that wait are given back so.
    """
    actor.require("online.manage")
    if not any(one.filename for one in uploads):
        raise Invalid("import.no_file")
    intake = imports.get_intake(actor, intake_id)
    hashes = [hashlib.sha256(one.content).hexdigest() for one in uploads]
    if waiting := _seen_before(intake.id, set(hashes)):
        return waiting
    names = [_name(one.filename) for one in uploads]
    remembered = imports.sources(actor)
    contents = [(name, one.content) for name, one in zip(names, uploads, strict=True)]
    draft = imports.draft_of(contents, limits, Choices(), remembered)
    source = next((one for one in remembered if recalled(draft.table, one.mapping) == draft.mapping), None)
    locked = [lock_up(one.content, secret) for one in uploads]
    with transaction() as session:
        intake, at = imports.get_intake(actor, intake_id), now()
        choices = Choices(mapping=draft.mapping.to_json(), source=source.name if source else "")
        made = OnlineImport(
            organisation_id=actor.organisation_id,
            intake_id=intake.id,
            source_id=source.id if source else None,
            kind=draft.table.platform.value,
            choices=choices.to_json(),
            taken_at=taken_at(draft, actor.time_zone) or at,
            uploaded_at=at,
            uploaded_by=actor.staff_id,
        )
        session.add(made)
        session.flush()
        for name, sha256, one, content in zip(names, hashes, uploads, locked, strict=True):
            _attach(session, made, _file(actor, name, sha256, len(one.content), content))
        told = {"files": names, "sha256": hashes, "intake": intake.public_id}
        record("online_import.uploaded", "online_import", made.id, actor=actor, facts=told)
        return made


def _seen_before(intake_id: int, hashes: set[str]) -> OnlineImport | None:
    """An upload of these very files that still waits; raises `online.same_file` for one that was imported."""
    if earlier := imports.with_same_files(intake_id, hashes, ("confirmed", "running")):
        at = earlier.confirmed_at or earlier.uploaded_at
        raise Refusal("online.same_file", filename=earlier.files[0].filename, day=at)
    return imports.with_same_files(intake_id, hashes, ("uploaded",))


def _name(filename: str) -> str:
    """The last part of what the browser calls it."""
    return clean_name(PurePath(filename.replace("\\", "/")).name)[-255:] or "file"


def _file(actor: Actor, name: str, sha256: str, size: int, locked: bytes) -> StoredFile:
    """A file as it is kept: hash and size are those of what came."""
    return StoredFile(
        organisation_id=actor.organisation_id,
        purpose="online_import",
        filename=name,
        media_type="application/octet-stream",
        sha256=sha256,
        size=size,
        content=locked,
        created_at=now(),
    )


def _attach(session: Session, made: OnlineImport, file: StoredFile) -> None:
    session.add(file)
    session.flush()
    made.files.append(
        OnlineImportFile(
            organisation_id=file.organisation_id,
            role="profiles" if made.files else "results",
            filename=file.filename,
            sha256=file.sha256,
            size=file.size,
            file_id=file.id,
        )
    )
    session.flush()
