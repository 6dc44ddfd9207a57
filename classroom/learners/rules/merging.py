"""What becomes of two learners that turn out to be one person: facts are put together, doubts are named. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, field, fields, replace
from typing import Any

from classroom.learners.rules.births import Birth
from classroom.learners.rules.facts import LearnerFacts

FIELDS = tuple(one.name for one in fields(LearnerFacts))


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that must be seen before two learners are made one; `details` say where and what will be."""

    code: str
    details: dict[str, Any] = field(default_factory=dict)


def differing(kept: LearnerFacts, gone: LearnerFacts) -> list[str]:
    """The fields of which both know something, and not the same."""
    return [
        name
        for name in FIELDS
        if getattr(kept, name) and getattr(gone, name) and getattr(kept, name) != getattr(gone, name)
    ]


def put_together(kept: LearnerFacts, gone: LearnerFacts, from_gone: Collection[str] = ()) -> LearnerFacts:
    """The kept one's facts with gaps filled, and with the other's value where that was chosen.

    A whole birth date is worth more than the year alone.
    """
    taken = {
        name: getattr(gone, name)
        for name in FIELDS
        if getattr(gone, name) and (name in from_gone or not getattr(kept, name))
    }
    if kept.birth and gone.birth and not kept.birth.on and gone.birth.on and kept.birth.year == gone.birth.year:
        taken["birth"] = gone.birth
    return replace(kept, **taken)


def doubts(kept: LearnerFacts, gone: LearnerFacts) -> list[Conflict]:
    """What speaks against one person: two ID numbers, two births, two sexes."""
    found = []
    if kept.id_number and gone.id_number and kept.id_number != gone.id_number:
        found.append(Conflict("two_id_numbers"))
    if kept.birth and gone.birth and not _fits(kept.birth, gone.birth):
        found.append(Conflict("two_births", {"kept": str(kept.birth), "gone": str(gone.birth)}))
    if kept.sex and gone.sex and kept.sex != gone.sex:
        found.append(Conflict("two_sexes"))
    return found


def _fits(one: Birth, other: Birth) -> bool:
    return one.year == other.year and (not one.on or not other.on or one.on == other.on)
