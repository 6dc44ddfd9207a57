"""What is known of a learner, as it goes into the database and comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from classroom.core.names import fold, sort_key
from classroom.learners.rules.births import Birth

#: How much fits; longer texts are refused by the form and cut, with a remark, by an import.
TEXT_LIMITS = {"position": 200, "unit": 200, "commune": 120, "note": 500}
_FOLDED = 200


@dataclass(frozen=True, slots=True)
class LearnerFacts:
    """Everything a coordinator may say about a learner; texts are clean, codes are those of the database."""

    name: str
    birth: Birth | None = None
    sex: str = ""
    id_number: str = ""
    phone: str = ""
    email: str = ""
    audience: str = ""
    position: str = ""
    unit: str = ""
    commune: str = ""
    note: str = ""

    def columns(self) -> dict[str, Any]:
        """Give the values of the table's columns, those that follow from others among them."""
        return {
            "name": self.name,
            **name_columns(self.name),
            **birth_columns(self.birth),
            "sex": self.sex,
            "id_number": self.id_number,
            "phone": self.phone,
            "email": self.email,
            "audience": self.audience,
            "position": self.position,
            "unit": self.unit,
            "unit_fold": fold(self.unit)[:_FOLDED],
            "commune": self.commune,
            "note": self.note,
        }


def name_columns(name: str) -> dict[str, str]:
    """Give the columns that follow from the name."""
    return {"name_fold": fold(name)[:_FOLDED], "sort_key": sort_key(name)}


def birth_columns(birth: Birth | None) -> dict[str, Any]:
    """Give the columns in which a birth is kept."""
    return {"born_on": birth.on if birth else None, "birth_year": birth.year if birth else None}


def derived_columns(changes: Mapping[str, Any]) -> dict[str, Any]:
    """Turn changed facts (`birth` as a `Birth`) into changed columns."""
    columns = {field: value for field, value in changes.items() if field != "birth"}
    if "birth" in changes:
        columns |= birth_columns(changes["birth"])
    if "name" in changes:
        columns |= name_columns(changes["name"])
    if "unit" in changes:
        columns["unit_fold"] = fold(changes["unit"])[:_FOLDED]
    return columns
