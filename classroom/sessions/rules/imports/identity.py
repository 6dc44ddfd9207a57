"""Who a row is. A learner is recognised by what belongs to one person only; never by a name, nor a name and a birth."""

import enum
from collections.abc import Collection
from dataclasses import dataclass

from classroom.core.names import fold
from classroom.learners.rules import Birth
from classroom.sessions.rules.imports.known import Known, KnownClass, KnownLearner
from classroom.sessions.rules.roster import RosterRow


class Evidence(enum.StrEnum):
    """Why a row is taken for a learner."""

    NONE = "none"
    CODE = "code"
    ID_NUMBER = "id_number"
    #: The same row came with an earlier file and was decided then.
    EARLIER_FILE = "earlier_file"
    #: Name and phone of somebody in this very class.
    SAME_CLASS = "same_class"
    #: Somebody said so.
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Match:
    """A learner for certain, or candidates among whom a person must choose."""

    learner: KnownLearner | None = None
    evidence: Evidence = Evidence.NONE
    candidates: tuple[KnownLearner, ...] = ()
    #: Whether "somebody new" is a possible answer: not when the ID number belongs to the candidate.
    may_be_new: bool = True
    #: Code and ID number of one row belong to two learners.
    contradicts: bool = False


def recognise_row(row: RosterRow, fingerprint: str, training_class: KnownClass | None, known: Known) -> Match:
    """Judge what is certain: learner code, ID number, the same row of an earlier file, name and phone in one class."""
    by_code, by_id = known.by_code.get(row.code), known.by_id.get(row.id_number)
    if by_code and by_id and by_code.key != by_id.key:
        return Match(contradicts=True)
    if found := by_code or by_id:
        evidence = Evidence.CODE if by_code else Evidence.ID_NUMBER
        if fold(found.facts.name) == fold(row.name) or (row.birth and found.facts.birth == row.birth):
            return Match(found, evidence)
        return Match(candidates=(found,), may_be_new=by_id is None)
    remembered = known.learners.get(known.remembered.get(fingerprint, 0))
    if remembered and not _contradicts(row, remembered):
        return Match(remembered, Evidence.EARLIER_FILE)
    neighbours = [one for one in known.by_name.get(row.sort_key, ()) if _is_neighbour(row, one, training_class, known)]
    if len(neighbours) == 1:
        return Match(neighbours[0], Evidence.SAME_CLASS)
    return Match()


def resemblances(row: RosterRow, known: Known, taken: Collection[int]) -> tuple[KnownLearner, ...]:
    """List those of the same name who could be this person: same birth or phone, or on a roster of this course."""
    return tuple(
        one
        for one in known.by_name.get(row.sort_key, ())
        if one.key not in taken
        and not _contradicts(row, one)
        and (
            (row.birth and one.facts.birth and row.birth.year == one.facts.birth.year)
            or (row.phone and row.phone == one.facts.phone)
            or known.seats_of.get(one.key)
        )
    )


def _is_neighbour(row: RosterRow, one: KnownLearner, training_class: KnownClass | None, known: Known) -> bool:
    if not training_class or not row.phone or row.phone != one.facts.phone or _contradicts(row, one):
        return False
    return any(seat.class_key == training_class.key for seat in known.seats_of.get(one.key, ()))


def _contradicts(row: RosterRow, one: KnownLearner) -> bool:
    """Two citizen numbers, or two births, are two people."""
    ours, theirs = one.facts.id_number, row.id_number
    if ours and theirs and ours != theirs and len(ours) == len(theirs) and theirs not in one.former_numbers:
        return True
    return bool(row.birth and one.facts.birth and not _compatible(row.birth, one.facts.birth))


def _compatible(one: Birth, other: Birth) -> bool:
    return one.year == other.year and (one.on is None or other.on is None or one.on == other.on)
