"""The lists beside the rule: who is certified or not by a coordinator's decision, always with a note."""

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from classroom.audit.services import record
from classroom.certification.models import Certificate, ListedLearner
from classroom.certification.queries.listed import get_listed
from classroom.certification.services.rechecking import note as note_doubt
from classroom.core import signals
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import transaction
from classroom.core.errors import Invalid, Refusal
from classroom.core.names import clean_name
from classroom.learners import queries as learners
from classroom.learners.services.journal import Journal
from classroom.sessions.queries import get_course

LONGEST_NOTE = 300


def list_learner(course_id: str, learner_id: str, kind: str, note: str, *, actor: Actor) -> ListedLearner:
    """Put somebody on a list of a course; raises `listed.no_note`, `listed.there_already`."""
    actor.require("certificate.manage")
    if kind not in {"allow", "deny"}:
        raise Invalid("listed.unknown_kind")
    if not (note := clean_name(note)):
        raise Invalid("listed.no_note")
    if len(note) > LONGEST_NOTE:
        raise Invalid("listed.long_note", most=LONGEST_NOTE)
    try:
        with transaction() as session:
            course = get_course(actor, course_id)
            learner = learners.get_learner(actor.organisation_id, learner_id)
            made = ListedLearner(
                organisation_id=course.organisation_id,
                course_id=course.id,
                learner_id=learner.id,
                kind=kind,
                note=note,
                at=now(),
                staff_id=actor.staff_id,
            )
            session.add(made)
            session.flush()
            note_doubt(session, "listed", Certificate.course_id == course.id, Certificate.learner_id == learner.id)
            record(
                "listed.added",
                "learner",
                learner.id,
                actor=actor,
                facts={"course": course.name, "kind": kind},
                personal={"name": learner.name, "note": note},
            )
            return made
    except IntegrityError as there:
        raise Refusal("listed.there_already") from there


def unlist(listed_id: str, *, actor: Actor) -> ListedLearner:
    """Take somebody off a list; the entry stays as history. Once more changes nothing."""
    actor.require("certificate.manage")
    with transaction() as session:
        found = get_listed(actor, listed_id, lock=True)
        if found.annulled_at is None:
            found.annulled_at, found.annulled_by = now(), actor.staff_id
            session.flush()
            same = Certificate.course_id == found.course_id, Certificate.learner_id == found.learner_id
            note_doubt(session, "listed", *same)
            record("listed.annulled", "learner", found.learner_id, actor=actor, facts={"kind": found.kind})
        return found


@signals.learners_merged.connect
def move_listed(kept_id: int, gone_id: int, journal: Journal, **_facts: object) -> None:
    """Entries go over to the kept learner; where both stand on the same list, the kept one's own stays."""
    living = ListedLearner.annulled_at.is_(None)
    with transaction() as session:
        own = select(ListedLearner.course_id, ListedLearner.kind).where(ListedLearner.learner_id == kept_id, living)
        there = {(row.course_id, row.kind) for row in session.execute(own)}
        theirs = select(ListedLearner).where(ListedLearner.learner_id == gone_id, living).order_by(ListedLearner.id)
        for one in session.scalars(theirs).all():
            if (one.course_id, one.kind) not in there:
                journal.change(one, learner_id=kept_id)
