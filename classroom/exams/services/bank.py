"""Write questions: a new one, a new version, out of use and back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.markup import picture_ids, plain
from classroom.exams.models import Question, QuestionPicture, QuestionVersion
from classroom.exams.queries import bank as queries
from classroom.exams.rules.kinds import Content, flaws, option_texts
from classroom.exams.services.topics import take_topic
from classroom.sessions import queries as sessions

_NOTE = 300
_TITLE = 80


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands: a course by public id (none: every course), a topic by name (a new one is made)."""

    course: str = ""
    topic: str = ""


def add_question(content: Content, place: Place, *, actor: Actor, note: str = "") -> Question:
    """A new question with its first version; raises Invalid with the first flaw of its content."""
    with transaction() as session:
        _check(session, content, actor)
        made = write_question(session, content, *_where(session, place, actor), actor=actor, note=note)
        session.flush()
        record("question.added", "question", made.id, actor=actor, facts=facts_of(content))
        return made


def write_question(
    session: Session, content: Content, course_id: int | None, topic_id: int | None, *, actor: Actor, note: str = ""
) -> Question:
    """A question with its first version in the open transaction; checked and told in the log by who calls it."""
    at = now()
    made = Question(
        organisation_id=actor.organisation_id,
        course_id=course_id,
        topic_id=topic_id,
        number=1,
        search_text=content.searchable,
        created_at=at,
        created_by=actor.staff_id,
        updated_at=at,
    )
    made.versions.append(_version(content, 1, note, actor))
    session.add(made)
    return made


def new_version(
    question_id: str, content: Content, place: Place, *, actor: Actor, note: str = "", based_on: int | None = None
) -> Question:
    """Keep what the author changed as the newest version; what was answered stays with the one that was shown.

    Saving without a change writes nothing. Raises `question.changed_meanwhile` when the newest version is not the one
    that the author had before their eyes, and Invalid with the first flaw.
    """
    with transaction() as session:
        found = _locked(session, question_id, actor)
        if based_on is not None and based_on != found.number:
            raise Refusal("question.changed_meanwhile", number=found.number)
        before = (found.course_id, found.topic_id)
        found.course_id, found.topic_id = _where(session, place, actor)
        if queries.current_version(found).content_hash != content.digest:
            _check(session, content, actor)
            found.number += 1
            found.search_text = content.searchable
            found.updated_at = now()
            found.versions.append(_version(content, found.number, note, actor))
            facts = {**facts_of(content), "number": found.number, "note": note[:_NOTE]}
            record("question.edited", "question", found.id, actor=actor, facts=facts)
        elif before != (found.course_id, found.topic_id):
            found.updated_at = now()
            record("question.moved", "question", found.id, actor=actor, facts=facts_of(content))
        return found


def retire(question_id: str, *, retired: bool = True, actor: Actor) -> Question:
    """Draw and offer the question no longer, or again; what was answered stays."""
    with transaction() as session:
        found = _locked(session, question_id, actor)
        if bool(found.retired_at) != retired:
            found.retired_at = now() if retired else None
            version = queries.current_version(found)
            record(
                "question.retired" if retired else "question.restored",
                "question",
                found.id,
                actor=actor,
                facts={"title": short_title(version.title, version.text)},
            )
        return found


def facts_of(content: Content) -> dict[str, str]:
    """What the log says of a question."""
    return {"title": short_title(content.title, content.text), "kind": content.kind.value}


def short_title(title: str, text: str) -> str:
    """What a question is called where there is little room: its title, else how it begins."""
    name = title or plain(text.partition("\n\n")[0]) or plain(text)
    return name if len(name) <= _TITLE else name[: _TITLE - 1].rstrip() + "…"


def _locked(session: Session, question_id: str, actor: Actor) -> Question:
    """The question, which nobody else changes until this is done."""
    found = queries.get_question(actor, question_id)
    session.execute(select(Question.id).where(Question.id == found.id).with_for_update(key_share=True))
    session.refresh(found)
    return found


def _where(session: Session, place: Place, actor: Actor) -> tuple[int | None, int | None]:
    """The keys of course and topic."""
    course_id = sessions.get_course(actor, place.course).id if place.course else None
    return course_id, take_topic(session, place.topic, actor=actor) if place.topic.strip() else None


def _version(content: Content, number: int, note: str, actor: Actor) -> QuestionVersion:
    return QuestionVersion(
        number=number,
        kind=content.kind.value,
        title=content.title,
        text=content.text,
        body=dict(content.body),
        feedback=content.feedback,
        content_hash=content.digest,
        created_at=now(),
        created_by=actor.staff_id,
        note=" ".join(note.split())[:_NOTE],
    )


def _check(session: Session, content: Content, actor: Actor) -> None:
    for flaw in flaws(content):
        raise Invalid(flaw.code, **flaw.details)
    texts = [content.text, content.feedback, *option_texts(content.kind, content.body)]
    texts += [option.get("feedback") or "" for option in content.body.get("options", ())]
    if named := picture_ids(*texts):
        known = session.scalars(
            select(QuestionPicture.public_id).where(
                QuestionPicture.organisation_id == actor.organisation_id, QuestionPicture.public_id.in_(named)
            )
        )
        for missing in sorted(named - set(known)):
            raise Invalid("question.no_such_picture", picture=missing)
