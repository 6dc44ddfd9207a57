"""Read files with questions, and what of them is in the bank already."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import defer, joinedload

from classroom.core.actor import Actor
from classroom.core.db import db
from classroom.core.errors import NotFound
from classroom.core.models import StoredFile
from classroom.core.names import fold
from classroom.core.sheets import SheetLimits
from classroom.exams.models import Question, QuestionImport, QuestionPicture, QuestionVersion, Topic
from classroom.exams.rules.imports.drafts import Draft, canonical
from classroom.exams.rules.imports.files import Format, Reading, read_questions
from classroom.exams.rules.imports.plan import Plan, make_plan, pictures_in
from classroom.exams.rules.kinds import Content, Kind
from classroom.sessions.models import Course

#: Databases take a limited number of values in one question.
_AT_ONCE = 500


class DryRun(NamedTuple):
    """A file as it is read now, and what confirming it would do."""

    question_import: QuestionImport
    reading: Reading
    plan: Plan


class Chosen(NamedTuple):
    """Which questions are meant: those named, or all that the rest fits; "" leaves a matter open."""

    ids: Sequence[str] = ()
    course: str = ""
    topic: str = ""
    kind: str = ""
    text: str = ""


def get_import(actor: Actor, public_id: str) -> QuestionImport:
    """An import with its file's particulars but not its bytes; raises NotFound."""
    found = db.session.scalar(_imports(actor).where(QuestionImport.public_id == public_id))
    if found is None:
        raise NotFound
    return found


def imports_of(actor: Actor, most: int = 50) -> Sequence[QuestionImport]:
    """The latest imports, those put aside left out."""
    latest = _imports(actor).where(QuestionImport.state != "dropped").order_by(QuestionImport.id.desc())
    return db.session.scalars(latest.limit(most)).all()


def courses_of(actor: Actor) -> Sequence[Course]:
    """The organisation's courses with their programmes, for a list to choose from."""
    return db.session.scalars(
        select(Course)
        .where(Course.organisation_id == actor.organisation_id)
        .options(joinedload(Course.programme))
        .order_by(Course.programme_id.desc(), Course.name)
    ).all()


def read_import(found: QuestionImport, limits: SheetLimits) -> Reading:
    """The file as it is read in its format; raises what `read_questions` raises."""
    content = db.session.scalar(select(StoredFile.content).where(StoredFile.id == found.file_id)) or b""
    return read_questions(content, found.file.filename, Format(found.format), limits)


def open_import(actor: Actor, public_id: str, limits: SheetLimits) -> DryRun:
    """The dry run of an import against the present bank; raises NotFound."""
    found = get_import(actor, public_id)
    reading = read_import(found, limits)
    return DryRun(found, reading, plan_of(found, reading))


def plan_of(found: QuestionImport, reading: Reading) -> Plan:
    """What confirming would do now."""
    contents = [draft.content for draft in reading.parsed.drafts]
    return make_plan(reading.parsed, _known(found, contents), _pictures(found.organisation_id, contents))


def questions_to_export(actor: Actor, chosen: Chosen) -> list[Draft]:
    """The current versions of questions that are not retired, topic by topic; `line` counts them from 1."""
    rows = db.session.execute(
        _current(actor.organisation_id).where(*_fitting(chosen)).order_by(Topic.name, Question.id)
    )
    return [
        Draft(place, content_of(version), topic.name if topic else "")
        for place, (version, topic) in enumerate(rows, start=1)
    ]


def content_of(version: QuestionVersion) -> Content:
    """A version as an author wrote it."""
    return Content(Kind(version.kind), version.text, version.body, version.title, version.feedback)


def _imports(actor: Actor) -> Select[tuple[QuestionImport]]:
    return (
        select(QuestionImport)
        .where(QuestionImport.organisation_id == actor.organisation_id)
        .options(joinedload(QuestionImport.file).options(defer(StoredFile.content)))
    )


def _current(organisation_id: int) -> Select[tuple[QuestionVersion, Topic]]:
    return (
        select(QuestionVersion, Topic)
        .join(Question, (Question.id == QuestionVersion.question_id) & (Question.number == QuestionVersion.number))
        .outerjoin(Topic, Topic.id == Question.topic_id)
        .where(Question.organisation_id == organisation_id, Question.retired_at.is_(None))
    )


def _fitting(chosen: Chosen) -> list[ColumnElement[bool]]:
    if chosen.ids:
        return [Question.public_id.in_(chosen.ids)]
    found: list[ColumnElement[bool]] = []
    if chosen.course:
        found.append(Question.course_id.in_(select(Course.id).where(Course.public_id == chosen.course)))
    if chosen.topic:
        found.append(Topic.public_id == chosen.topic)
    if chosen.kind:
        found.append(QuestionVersion.kind == chosen.kind)
    if words := fold(chosen.text):
        found.append(Question.search_text.contains(words, autoescape=True))
    return found


def _known(found: QuestionImport, contents: Sequence[Content]) -> set[str]:
    """Digests of what could be asked in the same course already."""
    here = [] if found.course_id is None else [or_(Question.course_id.is_(None), Question.course_id == found.course_id)]
    asked = _current(found.organisation_id).where(*here).with_only_columns(QuestionVersion)
    versions: Iterable[QuestionVersion] = (
        version
        for texts in _batches({content.text for content in contents})
        for version in db.session.scalars(asked.where(QuestionVersion.text.in_(texts)))
    )
    return {canonical(content_of(version)).digest for version in versions}


def _pictures(organisation_id: int, contents: Sequence[Content]) -> set[str]:
    known = select(QuestionPicture.public_id).where(QuestionPicture.organisation_id == organisation_id)
    return {
        picture
        for ids in _batches(pictures_in(contents))
        for picture in db.session.scalars(known.where(QuestionPicture.public_id.in_(ids)))
    }


def _batches(values: set[str]) -> Iterator[list[str]]:
    ordered = sorted(values)
    return (ordered[start : start + _AT_ONCE] for start in range(0, len(ordered), _AT_ONCE))
