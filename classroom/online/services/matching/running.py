"""Match records to learners by themselves where the evidence is safe, and ask about the others.

In batches, each a transaction of its own that holds the matching of the organisation: two runs at once follow each
other, and one that was killed goes on where it stopped.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from classroom.audit.services import record as log
from classroom.core.actor import Actor
from classroom.core.clock import now
from classroom.core.db import release, transaction
from classroom.learners.models import Learner
from classroom.online.queries import population as queries
from classroom.online.queries.population import Waiting
from classroom.online.rules.matching import Asked, Decision, decide
from classroom.online.services.matching import linking, writing
from classroom.online.services.matching.pacing import Pace
from classroom.online.services.matching.pool import Doubles, Pool, hold_matching
from classroom.online.services.matching.reconsidering import reconsider
from classroom.online.services.matching.rejudging import rejudge

#: Told how many of how many records are done.
Step = Callable[[int, int], None]


@dataclass
class MatchCounts:
    """What a run did: records linked, people made, questions asked, learners of their own found to be known."""

    linked: int = 0
    own: int = 0
    queued: int = 0
    merged: int = 0
    asked_again: int = 0


def match_records(
    organisation_id: int, *, intake_id: int | None = None, actor: Actor, step: Step | None = None
) -> MatchCounts:
    """Look at every record that nobody looked at yet, or of whose person something else is said since.

    Safe to run again from any point, and twice at once.
    """
    counts = MatchCounts()
    counts.merged, counts.asked_again = rejudge(organisation_id, actor=actor)
    keys = queries.waiting_keys(organisation_id, intake_id)
    if keys:
        run = _Run(organisation_id, actor, counts)
        done = 0
        for some in run.pace.portions(keys):
            run.batch(some)
            done += len(some)
            if step:
                step(done, len(keys))
    merged, asked = reconsider(organisation_id, actor=actor)
    counts.merged, counts.asked_again = counts.merged + merged, counts.asked_again + asked
    if any(asdict(counts).values()):
        with transaction():
            log("online.matched", "organisation", organisation_id, actor=actor, facts=asdict(counts))
    return counts


class _Stale(Exception):
    """A learner in memory counts no longer."""


class _Run:
    def __init__(self, organisation_id: int, actor: Actor, counts: MatchCounts) -> None:
        self._organisation_id, self._actor, self._counts = organisation_id, actor, counts
        self._pool: Pool | None = None
        self._doubles, self.pace = Doubles(), Pace()

    def batch(self, keys: Sequence[int]) -> None:
        """One batch; a number that somebody else took meanwhile makes it look at everybody anew, once."""
        try:
            self._write(keys)
        except (IntegrityError, _Stale):
            self._write(keys)

    def _write(self, keys: Sequence[int]) -> None:
        if self._pool is None:
            release()
            self._pool = Pool(self._organisation_id)
        self._doubles.read(keys)
        try:
            with transaction() as session:
                hold_matching(session, self._organisation_id)
                with self.pace.turn():
                    self._pool.refresh()
                    records = queries.held_records(keys, "new")
                    linking.take_up_denials(session, [one.id for one in records])
                    batch = _Batch(self._pool, records, self._doubles.among(records))
                    batch.decide()
                    batch.write(session, self._actor)
        except BaseException:
            self._pool = None  # it holds people who were never written
            raise
        self._counts.linked += batch.linked
        self._counts.own += len(batch.own)
        self._counts.queued += batch.queued


class _Batch:
    """Records decided one after the other, so that the second one of a person finds the first."""

    def __init__(self, pool: Pool, records: Sequence[Waiting], doubled: set[int]) -> None:
        self._pool, self._records, self._doubled = pool, records, doubled
        self._decided: list[tuple[Waiting, Decision]] = []
        #: Records that become people; in `_taken` those whose number somebody has already.
        self.own: list[Waiting] = []
        self._taken: set[int] = set()
        self._provisional: dict[int, int] = {}
        self.linked = self.queued = 0

    def decide(self) -> None:
        """Find out about each; a person of its own has the negative key of its record until it is written."""
        keys = [one.id for one in self._records]
        denied, accounts = queries.denials_of(keys), queries.accounts_of(self._records)
        population = self._pool.population
        for one in self._records:
            face = one.face
            asked = Asked(face, one.intake_id, accounts.get(one.id), one.id in self._doubled, denied.get(one.id, ()))
            decision = decide(asked, population)
            self._decided.append((one, decision))
            if decision.learner is not None:
                self._pool.add(decision.learner, face, one.intake_id)
            elif decision.doubt is None:
                if population.holder(one.id_number):
                    self._taken.add(one.id)
                self.own.append(one)
                self._pool.add(-one.id, face, one.intake_id)

    def write(self, session: Session, actor: Actor) -> None:
        """Write everything that was decided."""
        at = now()
        made = writing.add_people(self.own, self._taken, actor)
        self._provisional = {-one.id: key for one, key in zip(self.own, made, strict=True)}
        links = list(self._links())
        _check_living(session, {one["learner"] for one in links})
        self.linked = len(links) - len(self.own)
        writing.write_links(session, links, at, actor.staff_id)
        cases = [(one.id, self._settled(decision)) for one, decision in self._decided if decision.doubt]
        self.queued = len(cases)
        writing.write_queued(session, [key for key, _ in cases])
        writing.write_cases(session, actor.organisation_id, cases, at)
        writing.write_events(session, [*_events(links), *_questions(cases)], actor, at)
        self._rename()

    def _links(self) -> Iterator[dict[str, Any]]:
        for one, decision in self._decided:
            if decision.learner is not None:
                learner, evidence = self._key(decision.learner), list(decision.candidates[0].verdict.evidence)
                yield _link(one, learner, "matched", decision.how, evidence)
            elif decision.doubt is None:
                yield _link(one, self._provisional[-one.id], writing.OWN, writing.OWN, [])

    def _settled(self, decision: Decision) -> Decision:
        """With the keys under which people were written."""
        candidates = tuple(type(one)(self._key(one.learner), one.verdict) for one in decision.candidates)
        return Decision(decision.learner, decision.how, decision.doubt, candidates)

    def _key(self, learner: int) -> int:
        return self._provisional.get(learner, learner)

    def _rename(self) -> None:
        for old, new in self._provisional.items():
            self._pool.rename(old, new)


def _check_living(session: Session, keys: Collection[int]) -> None:
    """Nobody is linked to who went since: the population is read anew then."""
    living = select(func.count(Learner.id)).where(Learner.id.in_(keys), Learner.annulled_at.is_(None))
    if session.scalar(living) != len(keys):
        raise _Stale


def _link(one: Waiting, learner: int, link: str, how: str, evidence: list[str]) -> dict[str, Any]:
    return {"key": one.id, "learner": learner, "link": link, "how": how, "evidence": evidence}


def _events(links: Sequence[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    for one in links:
        kind = "own" if one["link"] == writing.OWN else "linked"
        yield {
            "record_id": one["key"],
            "learner_id": one["learner"],
            "kind": kind,
            "how": one["how"],
            "evidence": one["evidence"],
        }


def _questions(cases: Sequence[tuple[int, Decision]]) -> Iterator[dict[str, Any]]:
    for key, decision in cases:
        yield {"record_id": key, "kind": "queued", "reason": str(decision.doubt)}
