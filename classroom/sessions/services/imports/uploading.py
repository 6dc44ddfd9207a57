"""Take a file in: it is kept as it came, and nothing else is written."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import PurePath

from sqlalchemy import select

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now, today
from classroom.core.db import transaction
from classroom.core.errors import Invalid
from classroom.core.models import StoredFile
from classroom.core.names import clean_name
from classroom.core.sheets import SheetLimits, read_table
from classroom.sessions import queries
from classroom.sessions.models import Course, RosterImport, TrainingClass
from classroom.sessions.queries import imports
from classroom.sessions.rules.imports import BY_COLUMN, Choices, first_choices, read_list
from classroom.sessions.services.imports.deciding import replace_import

_KINDS = {".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as the browser sent it."""

    filename: str
    content: bytes


def upload_list(upload: Upload, *, course: str, limits: SheetLimits, actor: Actor, class_id: str = "") -> RosterImport:
    """Keep a list for a class, or for a course whose classes the list names; raises `sheet.*` for unusable files.

    A file that was uploaded before brings its decisions with it, and takes the place of an upload that still waits.
    """
    if not upload.filename:
        raise Invalid("import.no_file")
    filename = clean_name(PurePath(upload.filename.replace("\\", "/")).name)[-255:] or "list"
    sheets = read_table(upload.content, filename, limits)
    choices = first_choices(sheets, filename)
    reading = read_list(sheets, filename, choices, today(actor.time_zone))
    with transaction() as session:
        found = queries.get_course(actor, course)
        session.execute(select(Course.id).where(Course.id == found.id).with_for_update(key_share=True))
        training_class = queries.get_class(actor, class_id) if class_id else None
        if training_class and training_class.course_id != found.id:
            raise Invalid("import.class_needed")
        file = _keep(upload.content, filename, actor)
        session.add(file)
        session.flush()
        made = RosterImport(
            organisation_id=actor.organisation_id,
            course_id=found.id,
            class_id=training_class.id if training_class else None,
            file_id=file.id,
            uploaded_at=now(),
            uploaded_by=actor.staff_id,
        )
        hint = reading.layout.class_hint
        target = _target(found, training_class, hint, by_column=reading.has_class_column)
        waiting = imports.waiting_with_same_file(made, file.sha256)
        earlier = waiting[0] if waiting else imports.earlier_with_same_file(made, file.sha256)
        made.choices = _with_earlier(earlier, replace(choices, target=target)).to_json()
        session.add(made)
        session.flush()
        for one in waiting:
            replace_import(one, made, actor=actor)
        facts = {"filename": filename, "size": file.size, "sha256": file.sha256}
        record("import.uploaded", "roster_import", made.id, actor=actor, facts=facts)
        return made


def _keep(content: bytes, filename: str, actor: Actor) -> StoredFile:
    return StoredFile(
        organisation_id=actor.organisation_id,
        purpose="roster",
        filename=filename,
        media_type=_KINDS.get(PurePath(filename).suffix.lower(), "text/csv"),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        created_at=now(),
    )


def _target(course: Course, chosen: TrainingClass | None, hint: str, *, by_column: bool) -> str:
    """Where the people go: the class chosen, the classes in the file, or the class that its title names."""
    if chosen:
        return chosen.public_id
    if by_column:
        return BY_COLUMN
    named = queries.find_class_by_code(course.id, hint) if hint else None
    return named.public_id if named and named.cancelled_at is None else ""


def _with_earlier(earlier: RosterImport | None, choices: Choices) -> Choices:
    if earlier is None:
        return choices
    decided = Choices.from_json(earlier.choices)
    if choices.target and choices.target != decided.target:
        return choices
    none: frozenset[str] = frozenset()
    return replace(decided, moved=frozenset(), rejoined=none, removed=none, over_capacity=none)
