"""Compose papers. What runs or ran keeps copies of its own, so that a paper may be changed at any time."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from classroom.audit.services import record
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, NotFound, Refusal
from classroom.core.markup import clean
from classroom.core.names import clean_name
from classroom.exams.models import Paper, PaperPart, Question, Topic
from classroom.exams.queries.papers import get_paper, plan_of, retakes_of
from classroom.exams.rules.papers import MOST_PARTS, check_line, check_terms, spell_points
from classroom.exams.rules.terms import Terms
from classroom.sessions.queries import get_course

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True)
class PartLine:
    """One line of a paper as an author writes it: the public id of a question or of a topic, and points for each."""

    points: Decimal
    question: str = ""
    topic: str = ""
    draw: int = 1


def create_paper(course_id: str, terms: Terms, *, actor: Actor, retake_of: str = "") -> Paper:
    """A paper without parts; raises `paper.retake_of` unless `retake_of` is a paper of the same course."""
    with transaction() as session:
        course = get_course(actor, course_id)
        made = Paper(organisation_id=actor.organisation_id, course_id=course.id, created_at=now())
        made.created_by = actor.staff_id
        _fill(made, terms)
        made.retake_of_id = _retake_of(actor, made, retake_of)
        session.add(made)
        session.flush()
        made.entry_window = terms.entry_window  # an INSERT takes the column's default for None
        record("paper.created", "paper", made.id, actor=actor, facts={"title": made.title, "course": course.name})
        return made


def update_terms(paper_id: str, terms: Terms, *, actor: Actor, retake_of: str = "") -> Paper:
    """Change title and terms; sittings that were opened keep theirs."""
    with transaction():
        found = _changeable(actor, paper_id)
        before = Terms.of(found).to_json()
        _fill(found, terms)
        found.retake_of_id = _retake_of(actor, found, retake_of)
        changed = sorted(name for name, value in Terms.of(found).to_json().items() if before[name] != value)
        record("paper.changed", "paper", found.id, actor=actor, facts={"title": found.title, "fields": changed})
        return found


def set_parts(paper_id: str, lines: Sequence[PartLine], *, actor: Actor, seen: datetime | None = None) -> Paper:
    """Replace all parts, in this order.

    Raises `paper.changed_meanwhile` if the paper is no longer as it was at `seen` (its `updated_at`).
    """
    with transaction() as session:
        found = _changeable(actor, paper_id)
        if seen is not None and seen != found.updated_at:
            raise Refusal("paper.changed_meanwhile")
        if len(lines) > MOST_PARTS:
            raise Invalid("paper.too_many_parts", most=MOST_PARTS)
        parts = _parts(session, actor, lines)
        session.execute(delete(PaperPart).where(PaperPart.paper_id == found.id))
        session.expire(found, ["parts"])
        found.parts = parts
        found.updated_at = now()
        session.flush()
        plan = plan_of(found)
        facts = {"title": found.title, "questions": plan.questions, "points": spell_points(plan.total)}
        record("paper.composed", "paper", found.id, actor=actor, facts=facts)
        return found


def copy_paper(paper_id: str, title: str, course_id: str, *, actor: Actor, retake: bool = False) -> Paper:
    """A new paper with the same terms and parts; with `retake`, one for those who sit this one again."""
    with transaction() as session:
        source = get_paper(actor, paper_id)
        made = create_paper(course_id, replace(Terms.of(source), title=title), actor=actor)
        if retake:
            made.retake_of_id = _retake_of(actor, made, source.public_id)
        made.parts = [
            PaperPart(
                position=part.position,
                question_id=part.question_id,
                topic_id=part.topic_id,
                draw_count=part.draw_count,
                points=part.points,
            )
            for part in source.parts
        ]
        session.flush()
        record("paper.copied", "paper", made.id, actor=actor, facts={"title": made.title, "source": source.title})
        return made


def retire_paper(paper_id: str, *, actor: Actor) -> Paper:
    """Take a paper out of use: it is no longer offered; what was sat stays."""
    with transaction():
        found = get_paper(actor, paper_id)
        if found.retired_at is None:
            found.retired_at = now()
            record("paper.retired", "paper", found.id, actor=actor, facts={"title": found.title})
        return found


def restore_paper(paper_id: str, *, actor: Actor) -> Paper:
    """Bring a retired paper back."""
    with transaction():
        found = get_paper(actor, paper_id)
        if found.retired_at is not None:
            found.retired_at = None
            record("paper.restored", "paper", found.id, actor=actor, facts={"title": found.title})
        return found


def _changeable(actor: Actor, paper_id: str) -> Paper:
    found = get_paper(actor, paper_id)
    if found.retired_at is not None:
        raise Refusal("paper.is_retired")
    return found


def _fill(paper: Paper, terms: Terms) -> None:
    terms = replace(terms, title=clean_name(terms.title)[:LONGEST_TITLE], instructions=clean(terms.instructions))
    check_terms(terms)
    for each in fields(terms):
        setattr(paper, each.name, getattr(terms, each.name))
    paper.updated_at = now()


def _retake_of(actor: Actor, paper: Paper, retake_of: str) -> int | None:
    """The first paper of a row of retakes: results of all of them count as those of that one."""
    if not retake_of:
        return None
    first = get_paper(actor, retake_of)
    if first.course_id != paper.course_id or first.id == paper.id or (paper.id and retakes_of(paper)):
        raise Refusal("paper.retake_of")
    return first.retake_of_id or first.id


def _parts(session: Session, actor: Actor, lines: Sequence[PartLine]) -> list[PaperPart]:
    questions = _keys(session, Question, actor, {line.question for line in lines if line.question})
    topics = _keys(session, Topic, actor, {line.topic for line in lines if line.topic})
    parts = []
    for place, line in enumerate(lines):
        check_line(line.draw, line.points)
        part = PaperPart(position=place, draw_count=line.draw if line.topic else 1, points=line.points)
        part.question_id = questions[line.question] if line.question else None
        part.topic_id = topics[line.topic] if line.topic and not line.question else None
        if part.question_id is None and part.topic_id is None:
            raise NotFound
        parts.append(part)
    return parts


def _keys(session: Session, table: Any, actor: Actor, public_ids: set[str]) -> dict[str, int]:
    """Keys by public id; raises NotFound where one is not of this organisation."""
    query = select(table.public_id, table.id).where(
        table.organisation_id == actor.organisation_id, table.public_id.in_(public_ids)
    )
    found = {row[0]: row[1] for row in session.execute(query)}
    if found.keys() != public_ids:
        raise NotFound
    return found
