"""A record beside a learner, field by field: what agrees, what differs, what only one of them tells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from classroom.learners.models import Learner
from classroom.learners.queries import birth_of
from classroom.learners.rules import Birth, show_phone
from classroom.online.models import OnlineRecord
from classroom.online.queries.matching import Holdings

#: A character of a number, and whether it is one in which the two differ.
Digits = Sequence[tuple[str, bool]]
_TAIL = 4
_CODES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "name": (("name", "name_order"), ("other_name",)),
    "birth": (("birth",), ("other_birth",)),
    "id_number": (("id_number", "old_number", "odd_number"), ("other_id_number", "other_odd_number")),
    "phone": (("phone",), ("other_phone",)),
    "email": (("email",), ("other_email",)),
    "unit": (("unit",), ("other_unit",)),
}
_NEARLY = {"name": ("name_marks", "name_similar"), "birth": ("birth_year",), "id_number": ("id_number_slip",)}


@dataclass(frozen=True, slots=True)
class Line:
    """One field on both sides; `state` is "same", "near", "other" or "" where one side says nothing."""

    field: str
    label: str
    online: str | Digits
    here: str | Digits
    state: str


@dataclass(frozen=True, slots=True)
class Side:
    """A candidate: who, how well it fits, field by field, and what that person has here."""

    number: int
    learner: Learner
    score: int
    lines: tuple[Line, ...]
    holdings: Holdings


def present_side(
    number: int, record: OnlineRecord, learner: Learner, found: Mapping[str, Any], holdings: Holdings
) -> Side:
    """One candidate beside the record; `number` is the key that chooses it."""
    codes = {*found.get("evidence", ()), *found.get("against", ())}
    return Side(number, learner, int(found.get("score", 0)), tuple(_lines(record, learner, codes)), holdings)


def masked(number: str, other: str = "") -> Digits:
    """The last four digits, and those in which a number of the same length differs; the others as dots."""
    pairs = zip(number, other, strict=True) if len(number) == len(other) else ((digit, digit) for digit in number)
    differing = {place for place, (mine, theirs) in enumerate(pairs) if mine != theirs}
    if len(differing) > 2:  # two numbers that have little in common are not worth showing
        differing = set()
    tail = len(number) - _TAIL
    return [
        (digit if place >= tail or place in differing else "•", place in differing)
        for place, digit in enumerate(number)
    ]


def birth_of_record(record: OnlineRecord) -> str:
    """The birth as the platform says it."""
    return str(Birth(record.birth_year, record.born_on)) if record.birth_year else ""


def _lines(record: OnlineRecord, learner: Learner, codes: set[str]) -> list[Line]:
    sides: list[tuple[str, str, str | Digits, str | Digits]] = [
        ("name", _("Full name"), record.name, learner.name),
        ("birth", _("Date of birth"), birth_of_record(record), str(birth_of(learner) or "")),
        (
            "id_number",
            _("ID number"),
            masked(record.id_number, learner.id_number),
            masked(learner.id_number, record.id_number),
        ),
        ("phone", _("Phone"), show_phone(record.phone), show_phone(learner.phone)),
        ("email", _("E-mail"), record.email, learner.email),
        ("unit", _("Unit"), record.unit, learner.unit),
    ]
    return [
        Line(name, label, mine, theirs, _state(name, codes)) for name, label, mine, theirs in sides if mine or theirs
    ]


def _state(name: str, codes: set[str]) -> str:
    same, other = _CODES[name]
    if codes & set(_NEARLY.get(name, ())):
        return "near"
    if codes & set(same):
        return "same"
    return "other" if codes & set(other) else ""
