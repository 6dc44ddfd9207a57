"""Records are looked at again when a newer import says something else of the person: a name, a number, a birth date.

What a person decided stays. A question is asked anew; a learner made of the record takes over what is said now, and
is compared with everybody; a link by the machine that would not be made today becomes a question.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import release, transaction
from classroom.learners import services as learners
from classroom.learners.models import Learner
from classroom.learners.rules import Birth
from classroom.online.models import MatchCase, OnlineRecord
from classroom.online.queries import population as queries
from classroom.online.queries.facts import WAITING
from classroom.online.queries.population import Changed, Waiting
from classroom.online.rules.evidence import Doubt
from classroom.online.rules.matching import CANDIDATES, Asked, Candidate, Decision, decide, verdict_on
from classroom.online.services.matching import linking, writing
from classroom.online.services.matching.deciding import tell_of
from classroom.online.services.matching.pacing import Pace
from classroom.online.services.matching.pool import Doubles, Pool, hold_matching
from classroom.online.services.matching.reconsidering import ask, joined, refused

_BATCH = 100


def rejudge(organisation_id: int, *, actor: Actor) -> tuple[int, int]:
    """Look again at what changed; how many were joined, and asked about. Questions are left to be decided anew."""
    changed = queries.changed_records(organisation_id)
    _reopen([one.record.id for one in changed if one.link == "queued"], organisation_id)
    linked = [one for one in changed if one.link != "queued"]
    if not linked:
        return 0, 0
    release()
    again, merged, asked = _Again(organisation_id, actor), 0, 0
    for some in again.pace.portions(linked):
        one, other = again.batch(some)
        merged, asked = merged + one, asked + other
    return merged, asked


def _reopen(keys: Sequence[int], organisation_id: int) -> None:
    for start in range(0, len(keys), _BATCH):
        with transaction() as session:
            hold_matching(session, organisation_id)
            still = [one.id for one in queries.held_records(keys[start : start + _BATCH], "queued")]
            session.execute(update(OnlineRecord).where(OnlineRecord.id.in_(still)).values(link="new"))
            cases = update(MatchCase).where(MatchCase.record_id.in_(still), MatchCase.state.in_(WAITING))
            session.execute(cases.values(state="gone"))


class _Again:
    """A run over records that are somebody's."""

    def __init__(self, organisation_id: int, actor: Actor) -> None:
        self._organisation_id, self._actor = organisation_id, actor
        self._pool, self._doubles, self.pace = Pool(organisation_id), Doubles(), Pace()

    def batch(self, changed: Sequence[Changed]) -> tuple[int, int]:
        """Look at some of them in one transaction, then join those who are safely known."""
        news = {one.record.id: one for one in changed}
        self._doubles.read(list(news))
        with transaction() as session, self._turn(session):
            own = queries.held_records(list(news), writing.OWN)
            matched = queries.held_records(list(news), "matched")
            _carry(session, own, {one: each.was for one, each in news.items()}, self._actor)
            self._pool.refresh()
            decisions = self._decide_own(own)
            asked = self._judge_links(session, matched)
            joins = [(one, found) for one, found in decisions if found.learner is not None]
            _note(session, {one.id for one in (*own, *matched)} - {one.id for one, _ in joins})
        apart = [(one.id, refused(found)) for one, found in joins if not joined(one, found, self._actor)]
        if apart:
            with transaction() as session:
                _note(session, {key for key, _ in apart})
        cases = [(one.id, found) for one, found in decisions if found.doubt]
        return len(joins) - len(apart), asked + ask([*cases, *apart], self._actor)

    @contextmanager
    def _turn(self, session: Session) -> Iterator[None]:
        hold_matching(session, self._organisation_id)
        with self.pace.turn():
            yield

    def _asked(self, records: Sequence[Waiting]) -> list[Asked]:
        denied, accounts = queries.denials_of([one.id for one in records]), queries.accounts_of(records)
        doubled = self._doubles.among(records)
        return [
            Asked(one.face, one.intake_id, accounts.get(one.id), one.id in doubled, denied.get(one.id, set()))
            for one in records
        ]

    def _decide_own(self, records: Sequence[Waiting]) -> list[tuple[Waiting, Decision]]:
        found = []
        for one, asked in zip(records, self._asked(records), strict=True):
            others = replace(asked, denied={*asked.denied, one.learner_id or 0})
            decision = decide(others, self._pool.population)
            if decision.learner is not None or decision.doubt:
                found.append((one, decision))
        return found

    def _judge_links(self, session: Session, records: Sequence[Waiting]) -> int:
        """Links that would not be made today are taken away, and a person is asked, the learner of before first."""
        cases: list[tuple[int, Decision]] = []
        for one, asked in zip(records, self._asked(records), strict=True):
            was = one.learner_id or 0
            with self._pool.without(one.id, was):
                mine = Candidate(was, verdict_on(asked, was, self._pool.population))
                found = decide(replace(asked, denied={*asked.denied, was}), self._pool.population)
            others = found.candidates
            if not mine.verdict.how or any(each.verdict.how for each in others):
                cases.append((one.id, Decision(doubt=Doubt.CHANGED, candidates=(mine, *others)[:CANDIDATES])))
        self._ask(session, cases)
        return len(cases)

    def _ask(self, session: Session, cases: Sequence[tuple[int, Decision]]) -> None:
        at = now()
        for key, _ in cases:
            record = session.get_one(OnlineRecord, key)
            linking.tell(session, record, "unlinked", self._actor)
            linking.let_go(record, "queued")
        session.flush()
        writing.write_cases(session, self._organisation_id, cases, at)
        events = [{"record_id": key, "kind": "queued", "reason": str(found.doubt)} for key, found in cases]
        writing.write_events(session, events, self._actor, at)
        tell_of([found.candidates[0].learner for _, found in cases], self._actor)


def _note(session: Session, keys: Collection[int]) -> None:
    """They were looked at now, as they are now."""
    query = update(OnlineRecord).where(OnlineRecord.id.in_(keys), OnlineRecord.learner_id.is_not(None))
    session.execute(query.values(linked_at=now()), execution_options={"synchronize_session": False})


def _carry(session: Session, own: Sequence[Waiting], was: Mapping[int, Mapping[str, Any]], actor: Actor) -> None:
    """Let learners made of records be called what these say now, wherever nobody wrote anything else."""
    people = session.scalars(select(Learner).where(Learner.id.in_([one.learner_id for one in own])))
    by_key, changes = {one.id: one for one in people}, []
    taken = queries.numbers_held(actor.organisation_id or 0, [one.id_number for one in own])
    for one in own:
        facts = _carried(one, by_key[one.learner_id or 0], was[one.id])
        if facts.get("id_number") in taken:
            del facts["id_number"]
        taken.add(facts.get("id_number", ""))
        if facts:
            changes.append((one.learner_id or 0, facts))
    learners.change_many(changes)


def _carried(one: Waiting, learner: Learner, was: Mapping[str, Any]) -> dict[str, Any]:
    facts: dict[str, Any] = {
        name: getattr(one, name)
        for name in ("id_number", "phone", "email", "unit")
        if getattr(learner, name) == was[name] != getattr(one, name)
    }
    called = one.name or one.account
    if learner.name == (was["name"] or one.account) != called:
        facts["name"] = called
    then, said = (was["born_on"], was["birth_year"]), (one.born_on, one.birth_year)
    if (learner.born_on, learner.birth_year) == then != said:
        facts["birth"] = Birth(one.birth_year, one.born_on) if one.birth_year else None
    return facts
