"""People made of records are looked at again when learners came by another way since: a class list, a walk-in."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import db, transaction
from classroom.core.errors import Refusal
from classroom.learners.models import Learner
from classroom.online.models import MatchCase, OnlineRecord
from classroom.online.queries import population as queries
from classroom.online.queries.population import Waiting
from classroom.online.rules.evidence import Doubt
from classroom.online.rules.matching import Asked, Decision, Population, decide, rarity_of
from classroom.online.services.matching import linking, writing
from classroom.online.services.matching.pool import Doubles

_CHUNK = 500


def reconsider(organisation_id: int, *, actor: Actor) -> tuple[int, int]:
    """Join who is safely known since, ask about the others; how many of each. Asks nothing twice."""
    fresh = queries.fresh_learners(organisation_id)
    if not fresh:
        return 0, 0
    population = _population(organisation_id, sorted(fresh))
    asked = select(MatchCase.record_id).where(MatchCase.state.in_(("open", "later")))
    records = queries.waiting_records(
        OnlineRecord.organisation_id == organisation_id,
        OnlineRecord.link == writing.OWN,
        OnlineRecord.linked_at < max(fresh.values()),
        OnlineRecord.id.not_in(asked),
    )
    merged, cases = 0, []
    for one, decision in _decisions(records, population, fresh):
        if decision.learner is not None and joined(one, decision, actor):
            merged += 1
        else:
            cases.append((one.id, decision if decision.doubt else refused(decision)))
    return merged, ask(cases, actor)


def _population(organisation_id: int, keys: Sequence[int]) -> Population:
    """Only those who came since: everybody else was looked at when the record became a person."""
    faces, records = [], []
    for start in range(0, len(keys), _CHUNK):
        some = keys[start : start + _CHUNK]
        faces += list(queries.learner_faces(organisation_id, Learner.id.in_(some)))
        records += list(queries.record_faces(organisation_id, OnlineRecord.learner_id.in_(some)))
    population = Population(rarity_of(face.name_fold for _, face in faces))
    for key, face in faces:
        population.add(key, face)
    for key, intake, face in records:
        population.add(key, face)
        population.intakes[key].add(intake)
    return population


def _decisions(
    records: Sequence[Waiting], population: Population, fresh: Mapping[int, datetime]
) -> list[tuple[Waiting, Decision]]:
    near = [(one, population.near(one.face)) for one in records]
    met = [(one, keys) for one, keys in near if keys]
    denied = queries.denials_of([one.id for one, _ in met])
    accounts = queries.accounts_of([one for one, _ in met])
    doubled, found = Doubles().among([one for one, _ in met]), []
    for one, keys in met:
        since = {key for key in keys if one.linked_at is None or fresh[key] > one.linked_at}
        asked = Asked(one.face, one.intake_id, accounts.get(one.id), one.id in doubled, denied.get(one.id, ()))
        decision = decide(asked, population, since)
        if decision.learner is not None or decision.doubt:
            found.append((one, decision))
    return found


def joined(one: Waiting, decision: Decision, actor: Actor) -> bool:
    """Whether the two are one now; what hangs on them may forbid it, and then a person is asked."""
    try:
        with transaction() as session:
            linking.hold_people(session, [one.learner_id, decision.learner])
            record = linking.hold_record(session, actor, one.id)
            if record.link != writing.OWN or record.learner_id != one.learner_id:
                return True
            kept = session.get_one(Learner, decision.learner)
            if kept.merged_into_id is not None:  # both looked for each other, and the other was first
                return True
            verdict = decision.candidates[0].verdict
            merge = linking.join(record, kept, decision.how, verdict.evidence, actor=actor)
            facts = {"how": decision.how, "evidence": list(verdict.evidence), "merge_id": merge.id}
            linking.tell(session, record, "linked", actor, **facts)
            return True
    except Refusal:
        db.session.rollback()
        return False


def refused(decision: Decision) -> Decision:
    """The question in place of a join that something forbids."""
    return Decision(doubt=Doubt.SEVERAL, candidates=decision.candidates)


def ask(cases: Sequence[tuple[int, Decision]], actor: Actor) -> int:
    """Ask about records that stay people of their own meanwhile; how many."""
    asked = 0
    for start in range(0, len(cases), _CHUNK):
        some = dict(cases[start : start + _CHUNK])
        with transaction() as session:
            linking.hold_people(session, [])
            still = [one.id for one in queries.held_records(list(some), writing.OWN)]
            at = now()
            writing.write_cases(session, actor.organisation_id, [(key, some[key]) for key in still], at)
            events = [{"record_id": key, "kind": "queued", "reason": str(some[key].doubt)} for key in still]
            writing.write_events(session, events, actor, at)
            asked += len(still)
    return asked
