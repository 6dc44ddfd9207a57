"""What the database knows when a file is compared with it, as plain values."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from classroom.core.names import fold, sort_key
from classroom.learners.rules import LearnerFacts
from classroom.sessions.rules.roster import RosterRow


@dataclass(frozen=True, slots=True)
class KnownLearner:
    """A living learner; `key` is the inner key, the former codes and numbers are those of learners merged into it."""

    key: int
    public_id: str
    code: str
    facts: LearnerFacts
    former_codes: frozenset[str] = frozenset()
    former_numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownSeat:
    """An enrolment in the course, living or ended."""

    key: int
    public_id: str
    learner: int
    class_key: int
    living: bool
    note: str = ""
    ended_at: datetime | None = None
    end_reason: str = ""


@dataclass(frozen=True, slots=True)
class KnownClass:
    """A class of the course."""

    key: int
    public_id: str
    code: str
    capacity: int
    cancelled: bool = False


@dataclass(frozen=True)
class Known:
    """Everything that the rows of a file are compared with."""

    learners: Mapping[int, KnownLearner] = field(default_factory=dict)
    seats: Sequence[KnownSeat] = ()
    classes: Sequence[KnownClass] = ()
    #: Who rows of earlier, confirmed files of the course turned out to be: fingerprint → learner's key.
    remembered: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort once what every row asks for."""
        by_name: dict[str, list[KnownLearner]] = defaultdict(list)
        for learner in self.learners.values():
            by_name[sort_key(learner.facts.name)].append(learner)
        seats: dict[int, list[KnownSeat]] = defaultdict(list)
        for seat in self.seats:
            seats[seat.learner].append(seat)
        index = {
            "by_name": by_name,
            "by_class_code": {fold(one.code): one for one in self.classes},
            "by_code": {
                **_former((one, one.former_codes) for one in self.learners.values()),
                **{one.code: one for one in self.learners.values()},
            },
            "by_id": {
                **_former((one, one.former_numbers) for one in self.learners.values()),
                **{one.facts.id_number: one for one in self.learners.values() if one.facts.id_number},
            },
            "seats_of": seats,
        }
        for name, value in index.items():
            object.__setattr__(self, name, value)

    by_class_code: Mapping[str, KnownClass] = field(init=False, repr=False, compare=False)
    by_name: Mapping[str, list[KnownLearner]] = field(init=False, repr=False, compare=False)
    by_code: Mapping[str, KnownLearner] = field(init=False, repr=False, compare=False)
    by_id: Mapping[str, KnownLearner] = field(init=False, repr=False, compare=False)
    seats_of: Mapping[int, list[KnownSeat]] = field(init=False, repr=False, compare=False)

    def find_class(self, public_id: str) -> KnownClass | None:
        """Find a class by its public id."""
        return next((one for one in self.classes if one.public_id == public_id), None)

    def find_class_by_code(self, code: str) -> KnownClass | None:
        """Find a class by its code, however it is typed."""
        return self.by_class_code.get(fold(code))

    def living_seat(self, learner: int) -> KnownSeat | None:
        """Find the one seat that a learner has in the course now."""
        return next((seat for seat in self.seats_of.get(learner, ()) if seat.living), None)

    def taken(self, training_class: KnownClass) -> list[KnownSeat]:
        """List the living seats of a class."""
        return [seat for seat in self.seats if seat.living and seat.class_key == training_class.key]


def _former(those: Iterable[tuple[KnownLearner, Iterable[str]]]) -> dict[str, KnownLearner]:
    """What names one learner only; a number that two had names nobody for certain."""
    found: dict[str, list[KnownLearner]] = defaultdict(list)
    for one, names in those:
        for name in names:
            found[name].append(one)
    return {name: own[0] for name, own in found.items() if len(own) == 1}


def fingerprints(rows: Iterable[RosterRow]) -> dict[int, str]:
    """Name each row by who it describes; equal rows of one file are counted, so that twins stay two."""
    seen: dict[str, int] = defaultdict(int)
    named = {}
    for row in rows:
        who = "\x1f".join((row.sort_key, str(row.birth or ""), row.id_number, row.phone, row.email, fold(row.unit)))
        seen[who] += 1
        named[row.row] = hashlib.sha256(f"{who}\x1f{seen[who]}".encode()).hexdigest()[:24]
    return named
