"""What will become of one row."""

import enum
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from classroom.core.names import looks_all_caps, sort_key
from classroom.learners.rules import LearnerFacts
from classroom.sessions.rules.imports.identity import Evidence
from classroom.sessions.rules.imports.known import Known, KnownClass, KnownLearner, KnownSeat
from classroom.sessions.rules.roster import Problem, RosterRow

#: What a file may change about a learner; a note belongs to the place in the class.
_COMPARED = ("id_number", "phone", "email", "sex", "audience", "position", "unit", "commune")


class Step(enum.StrEnum):
    """What happens to a row's person."""

    SKIPPED = "skipped"
    ERROR = "error"
    QUESTION = "question"
    NEW = "new"
    KNOWN = "known"


class SeatStep(enum.StrEnum):
    """What happens to the person's place in the class."""

    NONE = "none"
    HERE = "here"
    ENROL = "enrol"
    #: Has left the class: stays away, or rejoins if told so.
    LEFT = "left"
    REJOIN = "rejoin"
    #: In another class of this course: stays there, or moves if told so.
    STAYS = "stays"
    MOVES = "moves"


@dataclass(frozen=True, slots=True)
class Line:
    """One row with everything that is decided or waits to be; `row` follows accepted proposals only."""

    row: RosterRow
    step: Step
    seat_step: SeatStep = SeatStep.NONE
    training_class: KnownClass | None = None
    learner: KnownLearner | None = None
    evidence: Evidence = Evidence.NONE
    candidates: tuple[KnownLearner, ...] = ()
    may_be_new: bool = True
    #: The living or ended place that the step is about.
    seat: KnownSeat | None = None
    #: Field → (old, new) of what the file would change.
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    fingerprint: str = ""

    @property
    def takes_seat(self) -> bool:
        """Whether the class gets fuller by this row."""
        return self.seat_step in (SeatStep.ENROL, SeatStep.REJOIN, SeatStep.MOVES)


def facts_of_row(row: RosterRow) -> LearnerFacts:
    """Give what the file says of a person."""
    return LearnerFacts(
        name=row.name,
        birth=row.birth,
        sex=row.sex.value if row.sex else "",
        id_number=row.id_number,
        phone=row.phone,
        email=row.email,
        audience=row.audience.value if row.audience else "",
        position=row.position,
        unit=row.unit,
        commune=row.commune,
    )


def changes_for(row: RosterRow, learner: KnownLearner, seat: KnownSeat | None) -> dict[str, tuple[Any, Any]]:
    """Compare a row with what is known; an empty cell never erases, a bare year never replaces a day."""
    said, known = facts_of_row(row), learner.facts
    changes: dict[str, tuple[Any, Any]] = {}
    if sort_key(said.name) != sort_key(known.name) or (looks_all_caps(known.name) and not looks_all_caps(said.name)):
        changes["name"] = (known.name, said.name)
    if (
        said.birth
        and said.birth != known.birth
        and not (known.birth and said.birth.on is None and _same_year(row, known))
    ):
        changes["birth"] = (known.birth, said.birth)
    for name in _COMPARED:
        old, new = getattr(known, name), getattr(said, name)
        if new and new != old:
            changes[name] = (old, new)
    if seat and row.note and row.note != seat.note:
        changes["note"] = (seat.note, row.note)
    return changes


def seat_for(
    learner: KnownLearner, training_class: KnownClass, known: Known, *, moves: bool, rejoined: Collection[str]
) -> tuple[SeatStep, KnownSeat | None]:
    """Tell what a place in the class means for somebody known."""
    living = known.living_seat(learner.key)
    if living and living.class_key == training_class.key:
        return SeatStep.HERE, living
    if living:
        return (SeatStep.MOVES if moves else SeatStep.STAYS), living
    ended = next((s for s in known.seats_of.get(learner.key, ()) if s.class_key == training_class.key), None)
    if ended:
        return (SeatStep.REJOIN if ended.public_id in rejoined else SeatStep.LEFT), ended
    return SeatStep.ENROL, None


def _same_year(row: RosterRow, known: LearnerFacts) -> bool:
    return bool(row.birth and known.birth and row.birth.year == known.birth.year)
