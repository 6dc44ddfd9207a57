"""Let the people of a file have accounts in an intake: looked at first, then confirmed as it was seen."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now, today
from classroom.core.db import db, transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.core.names import clean_name
from classroom.core.sheets import SheetLimits, read_table
from classroom.learners.services import add_many
from classroom.online.models import Intake
from classroom.online.queries import intakes
from classroom.online.rules.people import Fate, PeoplePlan, plan_people
from classroom.online.services.accounts import give_accounts
from classroom.sessions.queries.imports import known_people
from classroom.sessions.rules.imports import Reading, first_choices, old_text, read_list

PURPOSE = "intake_people"
#: An intake has about 4,500 people; the file has room for all of a programme.
LIMITS = SheetLimits(max_rows=45_000, max_cells=1_500_000)


@dataclass(frozen=True, slots=True)
class Choices:
    """What was said about the file: old encodings converted, proposals taken, and who the doubtful rows are."""

    convert: bool = False
    take_proposals: bool = False
    answers: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PeopleDraft:
    """A file as it is read now, and what confirming would do."""

    file: StoredFile
    reading: Reading
    plan: PeoplePlan
    legacy: bool


def keep_list(intake_id: str, filename: str, content: bytes, *, actor: Actor) -> StoredFile:
    """Keep a list of people for an intake; raises `sheet.*`, Invalid `import.no_file`, `intake.nobody_found`."""
    actor.require("online.manage")
    if not filename:
        raise Invalid("import.no_file")
    filename = clean_name(PurePath(filename.replace("\\", "/")).name)[-255:] or "list"
    sheets = read_table(content, filename, LIMITS)
    if not read_list(sheets, filename, first_choices(sheets, filename), today(actor.time_zone)).rows:
        raise Invalid("intake.nobody_found")
    with transaction() as session:
        intake = intakes.get_intake(actor, intake_id)
        kept = StoredFile(
            organisation_id=actor.organisation_id,
            purpose=_purpose(intake),
            filename=filename,
            media_type="application/octet-stream",
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            content=content,
            created_at=now(),
        )
        session.add(kept)
        session.flush()
        facts = {"filename": filename, "size": kept.size, "sha256": kept.sha256}
        record("intake.list_uploaded", "intake", intake.id, actor=actor, facts=facts)
        return kept


def open_list(intake_id: str, file_id: str, choices: Choices, *, actor: Actor) -> PeopleDraft:
    """The list with its dry run against the present state; raises NotFound."""
    intake = intakes.get_intake(actor, intake_id)
    file = db.session.scalar(
        select(StoredFile).where(
            StoredFile.organisation_id == actor.organisation_id,
            StoredFile.purpose == _purpose(intake),
            StoredFile.public_id == file_id,
        )
    )
    if file is None:
        raise NotFound
    sheets = read_table(file.content, file.filename, LIMITS)
    recognised = first_choices(sheets, file.filename)
    first = read_list(sheets, file.filename, recognised, today(actor.time_zone))
    legacy = bool(old_text(first.original))
    if choices.convert and legacy:
        from_old = type(recognised)(sheet=recognised.sheet, layout=recognised.layout, convert=True)
        first = read_list(sheets, file.filename, from_old, today(actor.time_zone))
    known = known_people(actor.organisation_id, intake.course_id, first.rows)
    plan = plan_people(first.rows, known, take_proposals=choices.take_proposals, answers=choices.answers)
    return PeopleDraft(file, first, plan, legacy)


def confirm_list(intake_id: str, file_id: str, choices: Choices, digest: str, *, actor: Actor) -> dict[str, int]:
    """Add who is new, give everybody an account; returns counts. The file is dropped, its hash stays in the log.

    Raises `import.changed_meanwhile` when another result came of it than was seen.
    """
    actor.require("online.manage")
    try:
        with transaction() as session:
            draft = open_list(intake_id, file_id, choices, actor=actor)
            if draft.plan.digest() != digest:
                raise Refusal("import.changed_meanwhile")
            fresh = [line.facts for line in draft.plan.having(Fate.NEW)]
            keys = add_many(fresh, actor=actor)
            known = [line.learner.key for line in draft.plan.having(Fate.KNOWN) if line.learner]
            given = give_accounts(intake_id, [*known, *keys], actor=actor)
            counts = {**draft.plan.counts(), "accounts": given}
            intake = intakes.get_intake(actor, intake_id)
            facts = {"filename": draft.file.filename, "sha256": draft.file.sha256, **counts}
            record("intake.list_confirmed", "intake", intake.id, actor=actor, facts=facts)
            session.delete(draft.file)
            return counts
    except IntegrityError as broken:
        if any(mark in str(broken.orig) for mark in ("uq_learner_id_number", "learner.id_number")):
            raise Refusal("import.clash") from broken
        raise


def _purpose(intake: Intake) -> str:
    return f"{PURPOSE}:{intake.id}"
