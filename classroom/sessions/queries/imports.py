"""Read imports, and everything that a file's rows are compared with."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager, joinedload

from classroom.core.actor import Actor
from classroom.core.clock import today
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.models import StoredFile
from classroom.core.sheets import SheetLimits, read_table
from classroom.learners.models import Learner
from classroom.learners.rules import Birth, LearnerFacts
from classroom.sessions.models import Course, Enrolment, Programme, RosterImport, TrainingClass
from classroom.sessions.rules.imports import (
    Choices,
    Known,
    KnownClass,
    KnownLearner,
    KnownSeat,
    Plan,
    Reading,
    make_plan,
    read_list,
)
from classroom.sessions.rules.roster import RosterRow

#: Databases take a limited number of values in one question.
_AT_ONCE = 5_000
_FACTS = ("name", "sex", "id_number", "phone", "email", "audience", "position", "unit", "commune", "note")
_KNOWN_COLUMNS = (
    Learner.id,
    Learner.public_id,
    Learner.code,
    Learner.birth_year,
    Learner.born_on,
    *(getattr(Learner, name) for name in _FACTS),
)


class _Gone(NamedTuple):
    """A learner who is part of another one now."""

    kept: int
    code: str
    id_number: str


class Draft(NamedTuple):
    """An import with its file as it is read now, and what confirming would do."""

    roster_import: RosterImport
    reading: Reading
    plan: Plan


def get_import(actor: Actor, public_id: str) -> RosterImport:
    """An import with its course, class and file's particulars; raises NotFound."""
    found = db.session.scalar(_imports(actor).where(RosterImport.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def imports_of(actor: Actor, programme: Programme) -> Sequence[RosterImport]:
    """The programme's imports, the latest first; those put aside are not listed."""
    return db.session.scalars(
        _imports(actor)
        .where(Course.programme_id == programme.id, RosterImport.state != "dropped")
        .order_by(RosterImport.uploaded_at.desc(), RosterImport.id.desc())
    ).all()


def earlier_with_same_file(roster_import: RosterImport, sha256: str) -> RosterImport | None:
    """The latest confirmed import of the very same bytes into this course, or None."""
    return db.session.scalar(
        select(RosterImport)
        .join(StoredFile, StoredFile.id == RosterImport.file_id)
        .where(
            RosterImport.course_id == roster_import.course_id,
            RosterImport.state == "confirmed",
            StoredFile.sha256 == sha256,
        )
        .order_by(RosterImport.confirmed_at.desc())
        .limit(1)
    )


def waiting_with_same_file(roster_import: RosterImport, sha256: str) -> Sequence[RosterImport]:
    """Other imports of the very same bytes for the same class (or course) that wait for a decision, latest first."""
    return db.session.scalars(
        select(RosterImport)
        .join(StoredFile, StoredFile.id == RosterImport.file_id)
        .where(
            RosterImport.course_id == roster_import.course_id,
            RosterImport.class_id.is_not_distinct_from(roster_import.class_id),
            RosterImport.id.is_distinct_from(roster_import.id),
            RosterImport.state == "uploaded",
            StoredFile.sha256 == sha256,
        )
        .options(contains_eager(RosterImport.file).load_only(StoredFile.filename))
        .order_by(RosterImport.uploaded_at.desc(), RosterImport.id.desc())
        .with_for_update(of=RosterImport)
    ).all()


def read_file(roster_import: RosterImport, limits: SheetLimits, time_zone: str) -> Reading:
    """The file as it is read under the choices made so far; raises `sheet.*` refusals."""
    file = roster_import.file
    choices = Choices.from_json(roster_import.choices)
    return read_list(read_table(file.content, file.filename, limits), file.filename, choices, today(time_zone))


def open_draft(actor: Actor, public_id: str, limits: SheetLimits) -> Draft:
    """The import with a dry run against the present state; raises NotFound."""
    found = get_import(actor, public_id)
    reading = read_file(found, limits, actor.time_zone)
    return Draft(found, reading, plan_of(found, reading))


def plan_of(roster_import: RosterImport, reading: Reading) -> Plan:
    """The dry run of what was read, under the choices as they are kept now."""
    choices = Choices.from_json(roster_import.choices)
    return make_plan(reading, choices, known_for(roster_import, reading.rows))


def known_for(roster_import: RosterImport, rows: Sequence[RosterRow]) -> Known:
    """The classes and places of the course, and every learner whom a row could be."""
    return known_people(roster_import.organisation_id, roster_import.course_id, rows)


def known_people(organisation_id: int, course_id: int, rows: Sequence[RosterRow]) -> Known:
    """The same for rows that no roster import brought."""
    seats = _seats(course_id)
    remembered = _remembered(course_id)
    codes, numbers = {row.code for row in rows} - {""}, {row.id_number for row in rows} - {""}
    gone = _merged(organisation_id, remembered.values(), codes, numbers)
    remembered = {mark: gone[key].kept if key in gone else key for mark, key in remembered.items()}
    keys = {seat.learner for seat in seats} | set(remembered.values()) | {one.kept for one in gone.values()}
    wanted = (
        (Learner.id, keys),
        (Learner.sort_key, {row.sort_key for row in rows}),
        (Learner.id_number, numbers),
        (Learner.code, codes),
    )
    learners: dict[int, KnownLearner] = {}
    for column, values in wanted:
        for chunk in _chunks(sorted(values)):
            query = select(*_KNOWN_COLUMNS).where(
                Learner.organisation_id == organisation_id,
                Learner.annulled_at.is_(None),
                column.in_(chunk),
            )
            learners.update((row[0], _known_learner(row)) for row in db.session.execute(query))
    for one in gone.values():
        if kept := learners.get(one.kept):
            learners[one.kept] = replace(
                kept,
                former_codes=kept.former_codes | {one.code},
                former_numbers=kept.former_numbers | ({one.id_number} - {""}),
            )
    living = [seat for seat in seats if seat.learner in learners]
    return Known(learners, living, classes_of_course(course_id), remembered)


def classes_of_course(course_id: int) -> list[KnownClass]:
    """All classes of a course, cancelled ones among them, by code."""
    query = select(TrainingClass).where(TrainingClass.course_id == course_id).order_by(TrainingClass.code)
    return [
        KnownClass(one.id, one.public_id, one.code, one.capacity, one.cancelled_at is not None)
        for one in db.session.scalars(query)
    ]


def _imports(actor: Actor) -> Select[tuple[RosterImport]]:
    particulars = (StoredFile.filename, StoredFile.size, StoredFile.sha256)
    return (
        select(RosterImport)
        .join(RosterImport.course)
        .options(
            joinedload(RosterImport.course).joinedload(Course.programme),
            joinedload(RosterImport.training_class),
            joinedload(RosterImport.uploader),
            joinedload(RosterImport.confirmer),
            joinedload(RosterImport.undoer),
            joinedload(RosterImport.file).load_only(*particulars),
        )
        .where(RosterImport.organisation_id == actor.organisation_id)
    )


def _seats(course_id: int) -> list[KnownSeat]:
    columns = (Enrolment.id, Enrolment.public_id, Enrolment.learner_id, Enrolment.class_id)
    rest = (Enrolment.ended_at.is_(None), Enrolment.note, Enrolment.ended_at, Enrolment.end_reason)
    query = select(*columns, *rest).where(Enrolment.course_id == course_id)
    return [KnownSeat(*row) for row in db.session.execute(query.order_by(Enrolment.id))]


def _remembered(course_id: int) -> dict[str, int]:
    journals = db.session.scalars(
        select(RosterImport.journal)
        .where(RosterImport.course_id == course_id, RosterImport.state == "confirmed")
        .order_by(RosterImport.confirmed_at)
    )
    return {mark: key for journal in journals for mark, key in journal.get("rows", {}).items()}


def _merged(
    organisation_id: int, keys: Collection[int], codes: Collection[str], numbers: Collection[str]
) -> dict[int, _Gone]:
    """Those of whom the file speaks, or spoke, who have become part of another learner since."""
    found: dict[int, _Gone] = {}
    for column, values in ((Learner.id, set(keys)), (Learner.code, codes), (Learner.id_number, numbers)):
        for chunk in _chunks(sorted(values)):
            query = select(Learner.id, Learner.merged_into_id, Learner.code, Learner.id_number).where(
                Learner.organisation_id == organisation_id, Learner.merged_into_id.is_not(None), column.in_(chunk)
            )
            found.update((row[0], _Gone(row[1], row[2], row[3])) for row in db.session.execute(query))
    return found


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]


def _known_learner(row: Any) -> KnownLearner:
    key, public_id, code, year, day, *texts = row
    facts = LearnerFacts(birth=Birth(year, day) if year else None, **dict(zip(_FACTS, texts, strict=True)))
    return KnownLearner(key, public_id, code, facts)
