"""Bring questions in from files: kept as it came, shown, and written in one transaction once somebody confirms."""

import hashlib
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, defer, selectinload

from classroom.accounts.models import Organisation
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.models import StoredFile
from classroom.core.names import clean_name, fold
from classroom.core.sheets import SheetLimits
from classroom.exams.models import QuestionImport, Topic
from classroom.exams.queries import question_imports as queries
from classroom.exams.rules.imports.files import Format, guess_format, read_questions
from classroom.exams.services.bank import write_question
from classroom.sessions.queries import get_course

_MEDIA = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv",
}


def upload_questions(
    filename: str, content: bytes, *, file_format: str, course: str, limits: SheetLimits, actor: Actor
) -> QuestionImport:
    """Keep a file that can be read; `file_format` and `course` may be "": guessed, and for every course.

    Raises `question_import.*`, `sheet.*` and `sheet_questions.*` for files that cannot be used.
    """
    actor.require("question.manage")
    if not filename:
        raise Invalid("question_import.no_file")
    name = clean_name(PurePath(filename.replace("\\", "/")).name)[-255:] or "questions"
    if len(content) > limits.max_bytes:
        raise Refusal("question_import.too_large", megabytes=round(limits.max_bytes / 1_000_000, 1))
    chosen = Format(file_format) if file_format else guess_format(content, name)
    read_questions(content, name, chosen, limits)
    with transaction() as session:
        found = get_course(actor, course) if course else None
        file = _keep(name, content, actor)
        session.add(file)
        session.flush()
        made = QuestionImport(
            organisation_id=actor.organisation_id,
            course_id=found.id if found else None,
            file_id=file.id,
            format=chosen.value,
            uploaded_at=now(),
            uploaded_by=actor.staff_id,
        )
        session.add(made)
        session.flush()
        facts = {"filename": name, "size": file.size, "sha256": file.sha256}
        record("question.file_uploaded", "question_import", made.id, actor=actor, facts=facts)
        return made


def choose_format(import_id: str, file_format: str, *, limits: SheetLimits, actor: Actor) -> None:
    """Read the file another way; it must be readable that way."""
    actor.require("question.manage")
    with transaction() as session:
        found = _waiting(session, actor, import_id)
        found.format = Format(file_format).value
        queries.read_import(found, limits)
        facts = {"filename": found.file.filename, "format": found.format}
        record("question.file_read_anew", "question_import", found.id, actor=actor, facts=facts)


def confirm_questions(
    import_id: str, digest: str, *, others: bool, limits: SheetLimits, actor: Actor
) -> QuestionImport:
    """Write the good questions that `digest` shows; with bad rows only if `others` says so. Twice changes nothing.

    Raises `question_import.problems_open`, `question_import.nothing` and `question_import.changed_meanwhile`.
    """
    actor.require("question.manage")
    found = queries.get_import(actor, import_id)
    if found.state == "confirmed":
        return found
    seen = found.format
    reading = queries.read_import(found, limits)  # before the transaction: reading takes a while
    with transaction() as session:
        found = _locked(session, actor, import_id)
        if found.state == "confirmed":
            return found
        if found.state != "uploaded":
            raise Refusal("question_import.closed")
        _queue(session, actor)
        plan = queries.plan_of(found, reading)
        if found.format != seen or plan.digest() != digest:
            raise Refusal("question_import.changed_meanwhile")
        if not plan.good:
            raise Refusal("question_import.nothing")
        if plan.bad and not others:
            raise Refusal("question_import.problems_open", count=len(plan.bad_lines))
        topics: dict[str, int] = {}
        for draft in plan.good:
            topic_id = _topic(session, draft.topic, topics, actor) if draft.topic else None
            write_question(session, draft.content, found.course_id, topic_id, actor=actor)
        found.outcome = plan.counts()
        found.state, found.confirmed_at, found.confirmed_by = "confirmed", now(), actor.staff_id
        facts = {"filename": found.file.filename, **found.outcome}
        record("question.imported", "question_import", found.id, actor=actor, facts=facts)
        return found


def drop_questions(import_id: str, *, actor: Actor) -> None:
    """Put a file aside; one that was put aside before stays so."""
    actor.require("question.manage")
    with transaction() as session:
        found = _locked(session, actor, import_id)
        if found.state == "dropped":
            return
        if found.state != "uploaded":
            raise Refusal("question_import.closed")
        found.state = "dropped"
        facts = {"filename": found.file.filename}
        record("question.file_dropped", "question_import", found.id, actor=actor, facts=facts)


def note_export(file_format: str, count: int, left_out: int, *, actor: Actor) -> None:
    """Write down that questions with their answers were taken out."""
    actor.require("question.manage")
    facts = {"format": file_format, "count": count, "left_out": left_out}
    record("question.exported", "organisation", actor.organisation_id, actor=actor, facts=facts)


def _topic(session: Session, name: str, topics: dict[str, int], actor: Actor) -> int:
    """The topic of this name, found without regard to case or made; the constraint has the last word."""
    folded = fold(name)
    named = select(Topic.id).where(Topic.organisation_id == actor.organisation_id, Topic.name_fold == folded)
    key = topics.get(folded) or session.scalar(named)
    if key is None:
        made = Topic(organisation_id=actor.organisation_id, name=name, name_fold=folded, created_at=now())
        try:
            with session.begin_nested():
                session.add(made)
            key = made.id
        except IntegrityError:
            key = session.scalars(named).one()
    topics[folded] = key
    return key


def _keep(filename: str, content: bytes, actor: Actor) -> StoredFile:
    return StoredFile(
        organisation_id=actor.organisation_id,
        purpose="questions",
        filename=filename,
        media_type=_MEDIA.get(PurePath(filename).suffix.lower(), "text/plain"),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        content=content,
        created_at=now(),
    )


def _waiting(session: Session, actor: Actor, import_id: str) -> QuestionImport:
    found = _locked(session, actor, import_id)
    if found.state != "uploaded":
        raise Refusal("question_import.closed")
    return found


def _locked(session: Session, actor: Actor, import_id: str) -> QuestionImport:
    found = session.scalar(
        select(QuestionImport)
        .where(QuestionImport.organisation_id == actor.organisation_id, QuestionImport.public_id == import_id)
        .options(selectinload(QuestionImport.file).options(defer(StoredFile.content)))
        .with_for_update()
    )
    if found is None:
        raise NotFound
    return found


def _queue(session: Session, actor: Actor) -> None:
    """Let imports of one organisation follow each other, so that two files do not bring the same question twice."""
    session.execute(
        select(Organisation.id).where(Organisation.id == actor.organisation_id).with_for_update(key_share=True)
    )
