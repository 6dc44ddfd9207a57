"""Topics: what questions are about."""

from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from classroom.attendance.services.flagging import on_conflict
from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.ids import public_id
from classroom.core.names import clean_name, fold
from classroom.exams.models import PaperPart, Question, Topic
from classroom.exams.queries import bank as queries
from classroom.sessions.services.refusing import constraint

LONGEST_NAME = 120
_NAMES = ("question_topic.organisation_id, question_topic.name_fold", "uq_question_topic_organisation_id_name_fold")


def add_topic(name: str, *, actor: Actor) -> Topic:
    """A new topic; raises `topic.name_taken` where one is called the same but for case and diacritics."""
    with transaction() as session:
        made = Topic(organisation_id=actor.organisation_id, created_at=now())
        _name(session, made, name)
        record("question.topic_added", "question_topic", made.id, actor=actor, facts={"name": made.name})
        return made


def rename_topic(topic_id: str, name: str, *, actor: Actor) -> Topic:
    """Call a topic otherwise; papers that draw from it go on drawing from it."""
    with transaction() as session:
        found = queries.get_topic(actor, topic_id)
        before = found.name
        _name(session, found, name)
        if found.name != before:
            facts = {"before": before, "name": found.name}
            record("question.topic_renamed", "question_topic", found.id, actor=actor, facts=facts)
        return found


def merge_topics(gone_id: str, kept_id: str, *, actor: Actor) -> Topic:
    """Move all questions of one topic, and all papers that draw from it, to another; then it is no more."""
    with transaction() as session:
        gone, kept = queries.get_topic(actor, gone_id), queries.get_topic(actor, kept_id)
        if gone.id == kept.id:
            raise Invalid("topic.same")
        moved = session.scalar(select(func.count(Question.id)).where(Question.topic_id == gone.id)) or 0
        session.execute(update(Question).where(Question.topic_id == gone.id).values(topic_id=kept.id))
        session.execute(update(PaperPart).where(PaperPart.topic_id == gone.id).values(topic_id=kept.id))
        facts = {"before": gone.name, "name": kept.name, "count": moved}
        record("question.topics_merged", "question_topic", kept.id, actor=actor, facts=facts)
        session.delete(gone)
        session.flush()
        return kept


def take_topic(session: Session, name: str, *, actor: Actor) -> int:
    """The key of the topic of this name, which is made where there is none."""
    values = _values(name)
    insert: Any = on_conflict(session, Topic.__table__).on_conflict_do_nothing().returning(Topic.__table__.c.id)
    row = {"public_id": public_id(), "organisation_id": actor.organisation_id, "created_at": now(), **values}
    made = session.execute(insert, row).scalar()
    if made is not None:
        record("question.topic_added", "question_topic", made, actor=actor, facts={"name": values["name"]})
        return int(made)
    known = select(Topic.id).where(
        Topic.organisation_id == actor.organisation_id, Topic.name_fold == values["name_fold"]
    )
    return session.scalars(known).one()


def _name(session: Session, topic: Topic, name: str) -> None:
    values = _values(name)
    with constraint(session, *_NAMES, refusal=Refusal("topic.name_taken", name=values["name"])):
        topic.name, topic.name_fold = values["name"], values["name_fold"]
        session.add(topic)


def _values(name: str) -> dict[str, str]:
    cleaned = clean_name(name)
    if not fold(cleaned):
        raise Invalid("topic.no_name")
    if len(cleaned) > LONGEST_NAME:
        raise Invalid("topic.name_too_long", most=LONGEST_NAME)
    return {"name": cleaned, "name_fold": fold(cleaned)[:LONGEST_NAME]}
