"""Everybody of an organisation in memory, kept up to date while a run goes on in batches."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from classroom.accounts.models import Organisation
from classroom.core.clock import now
from classroom.core.db import release
from classroom.learners.models import Learner
from classroom.online.models import OnlineRecord
from classroom.online.queries import population as queries
from classroom.online.rules.faces import Face
from classroom.online.rules.matching import Population, doubled_accounts, rarity_of

#: Clocks of several machines differ a little.
_OVERLAP = timedelta(seconds=2)
_CHUNK = 500


def hold_matching(session: Session, organisation_id: int) -> None:
    """Whoever links, asks or decides in an organisation follows the one before; nothing else waits for this."""
    query = select(Organisation.id).where(Organisation.id == organisation_id)
    session.execute(query.with_for_update(key_share=True))


class Pool:
    """The population, and until when it is known."""

    def __init__(self, organisation_id: int) -> None:
        self._organisation_id = organisation_id
        self._until = now()
        self._mine: set[int] = set()
        faces = list(queries.learner_faces(organisation_id))
        self.population = Population(rarity_of(face.name_fold for _, face in faces))
        for key, face in faces:
            self.population.add(key, face)
        self._add_other_faces()

    def refresh(self) -> None:
        """Take in what happened since; the caller holds the matching of the organisation."""
        since, self._until = self._until - _OVERLAP, now()
        touched = sorted(queries.touched_since(self._organisation_id, since) - self._mine)
        for start in range(0, len(touched), _CHUNK):
            self._reload(touched[start : start + _CHUNK])

    def rename(self, old: int, new: int) -> None:
        """Somebody who was only foreseen has been written; nobody else knows of that one yet."""
        faces, intakes = list(self.population.faces[old]), self.population.intakes.pop(old, set())
        self.population.remove(old)
        for face in faces:
            self.population.add(new, face)
        self.population.intakes[new] |= intakes
        self._mine.add(new)

    def add(self, learner: int, face: Face, intake: int) -> None:
        """A record became this learner's."""
        self.population.add(learner, face)
        self.population.intakes[learner].add(intake)

    @contextmanager
    def without(self, record_id: int, learner: int) -> Iterator[None]:
        """As if this record were not the learner's, for a while."""
        self._reload([learner], OnlineRecord.id != record_id)
        yield
        self._reload([learner])

    def _reload(self, keys: Sequence[int], *only: Any) -> None:
        for key in keys:
            self.population.remove(key)
            self.population.intakes.pop(key, None)
        for key, face in queries.learner_faces(self._organisation_id, Learner.id.in_(keys)):
            self.population.add(key, face)
        self._add_other_faces([Learner.merged_into_id.in_(keys)], [OnlineRecord.learner_id.in_(keys), *only])

    def _add_other_faces(self, of_learners: Sequence[Any] = (), of_records: Sequence[Any] = ()) -> None:
        """What records and merged learners say, of those who live."""
        known = self.population.faces
        for key, face in queries.merged_faces(self._organisation_id, *of_learners):
            if key in known:
                self.population.add(key, face)
        for key, intake, face in queries.record_faces(self._organisation_id, *of_records):
            if key in known:
                self.add(key, face, intake)


class Doubles:
    """Which records show a name and a contact that another account of their intake shows; each intake is read once."""

    def __init__(self) -> None:
        self._doubled: dict[int, set[int]] = {}

    def read(self, keys: Sequence[int]) -> None:
        """Read the intakes of these records; a whole intake takes long, so before anybody else has to wait."""
        for intake in queries.intakes_of(keys):
            self._of(intake)
        release()

    def among(self, records: Sequence[queries.Waiting]) -> set[int]:
        """The keys of those of these records, and of others of their intakes."""
        return set().union(*(self._of(intake) for intake in {one.intake_id for one in records}))

    def _of(self, intake: int) -> set[int]:
        if intake not in self._doubled:
            people = queries.waiting_records(OnlineRecord.intake_id == intake)
            self._doubled[intake] = doubled_accounts({one.id: (one.intake_id, one.face) for one in people})
        return self._doubled[intake]
