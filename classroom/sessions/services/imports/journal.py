"""What a confirmation wrote, in a form that the database keeps and an undoing can follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from classroom.learners.rules import Birth


@dataclass(slots=True)
class Journal:
    """Inner keys of what was added, and the values before each change."""

    learners: list[int] = field(default_factory=list)
    enrolments: list[int] = field(default_factory=list)
    #: Places that had ended and live again: key, instant and reason of the end.
    reopened: list[tuple[int, str, str]] = field(default_factory=list)
    #: Places that ended by a move or because the file no longer lists them.
    ended: list[int] = field(default_factory=list)
    #: Learner, fields before, fields after.
    changed: list[tuple[int, dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    #: Enrolment, note before, note after.
    notes: list[tuple[int, str, str]] = field(default_factory=list)
    #: Fingerprint of a row → the learner it turned out to be.
    rows: dict[str, int] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Give what can be kept in the database."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Journal":
        """Read back what `to_json` gave."""
        return cls(**kept)


def to_value(fact: Any) -> Any:
    """A fact as JSON."""
    if isinstance(fact, Birth):
        return {"year": fact.year, "on": fact.on.isoformat() if fact.on else None}
    return fact


def to_fact(value: Any) -> Any:
    """A fact read back from JSON."""
    if isinstance(value, dict):
        return Birth(value["year"], date.fromisoformat(value["on"]) if value["on"] else None)
    return value


def instant(text: str) -> datetime:
    """An instant read back from JSON."""
    return datetime.fromisoformat(text)
