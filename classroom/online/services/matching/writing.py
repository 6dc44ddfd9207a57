"""Write what was decided about a batch of records: links, people of their own, questions; the events of each."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from classroom.core.actor import Actor
from classroom.core.ids import public_id
from classroom.learners import services as learners
from classroom.learners.rules import Birth, LearnerFacts
from classroom.online.models import MatchCase, MatchEvent, OnlineRecord
from classroom.online.queries.population import Waiting
from classroom.online.rules.matching import Candidate, Decision

OWN = "own"


def facts_of_record(record: Waiting, *, keep_number: bool) -> LearnerFacts:
    """What a record tells of a person who is to become a learner; an account without a name gives its own."""
    return LearnerFacts(
        name=record.name or record.account,
        birth=Birth(record.birth_year, record.born_on) if record.birth_year else None,
        id_number=record.id_number if keep_number else "",
        phone=record.phone,
        email=record.email,
        unit=record.unit,
    )


def add_people(records: Sequence[Waiting], taken: Collection[int], actor: Actor) -> list[int]:
    """Learners of their own for these records; those in `taken` (by key of record) go without their ID number."""
    facts = [facts_of_record(one, keep_number=one.id not in taken) for one in records]
    return learners.add_many(facts, actor=actor)


def told_candidates(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Candidates as a case keeps them."""
    return [
        {
            "learner": one.learner,
            "score": one.verdict.score,
            "evidence": list(one.verdict.evidence),
            "against": list(one.verdict.against),
        }
        for one in candidates
    ]


def write_links(session: Session, links: Sequence[Mapping[str, Any]], at: datetime, staff_id: int | None) -> None:
    """Give records their learners: `key`, `learner`, `link`, `how`, `evidence` of each, and the event."""
    if not links:
        return
    table = OnlineRecord.__table__
    statement = (
        update(table)  # type: ignore[arg-type]
        .where(table.c.id == bindparam("key"))
        .values(
            learner_id=bindparam("learner"),
            link=bindparam("new_link"),
            linked_how=bindparam("how"),
            evidence=bindparam("found", type_=OnlineRecord.__table__.c.evidence.type),
            linked_at=at,
            linked_by=staff_id,
        )
    )
    rows = [
        {
            "key": one["key"],
            "learner": one["learner"],
            "new_link": one["link"],
            "how": one["how"],
            "found": one["evidence"],
        }
        for one in links
    ]
    session.connection().execute(statement, rows)


def write_queued(session: Session, keys: Sequence[int]) -> None:
    """Records that wait for a person."""
    if keys:
        session.execute(
            update(OnlineRecord).where(OnlineRecord.id.in_(keys)).values(link="queued"),
            execution_options={"synchronize_session": False},
        )


def write_cases(session: Session, organisation_id: int, cases: Sequence[tuple[int, Decision]], at: datetime) -> None:
    """Ask about records; one that was asked about before is asked anew."""
    if not cases:
        return
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    statement = dialect.insert(MatchCase)
    fresh = {
        column: statement.excluded[column] for column in ("reason", "candidates", "rank", "state", "created_at", "done")
    }
    statement = statement.on_conflict_do_update(
        index_elements=["record_id"], set_={**fresh, "decided_at": None, "decided_by": None, "learner_id": None}
    )
    rows = [
        {
            "public_id": public_id(),
            "organisation_id": organisation_id,
            "record_id": key,
            "reason": str(decision.doubt),
            "candidates": told_candidates(decision.candidates),
            "rank": decision.rank,
            "state": "open",
            "created_at": at,
            "done": {},
        }
        for key, decision in cases
    ]
    session.execute(statement, rows)


def write_events(session: Session, rows: Sequence[Mapping[str, Any]], actor: Actor, at: datetime) -> None:
    """What happened to records: `record_id`, `kind`, and what else is known of it."""
    if rows:
        shared = {
            "organisation_id": actor.organisation_id,
            "at": at,
            "staff_id": actor.staff_id,
            "learner_id": None,
            "how": "",
            "evidence": [],
            "merge_id": None,
            "reason": "",
        }
        session.execute(insert(MatchEvent.__table__), [{**shared, **row} for row in rows])  # type: ignore[arg-type]
