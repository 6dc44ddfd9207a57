"""What a certificate says on paper, frozen when it is issued."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class PrintedFacts:
    """Everything of one certificate that is printed, as texts; days are ISO (`2026-11-26`), or empty where unknown.

    `born` is an ISO day or a year alone. `group` names the class or intake. `path` is "in_person", "online", "mixed"
    or "listed". `number`, `decision_number`, `decision_on`, `issued_on` and the signer are known from the issue on.
    """

    name: str
    born: str = ""
    unit: str = ""
    programme: str = ""
    course: str = ""
    group: str = ""
    starts_on: str = ""
    ends_on: str = ""
    path: str = ""
    #: As it shall be read, such as "8,5/10".
    result: str = ""
    organisation: str = ""
    parent_organisation: str = ""
    place: str = ""
    number: str = ""
    decision_number: str = ""
    decision_on: str = ""
    issued_on: str = ""
    signer_title: str = ""
    signer_name: str = ""

    def as_json(self) -> dict[str, str]:
        """What is kept in the certificate's row."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "PrintedFacts":
        """The facts of a row, whichever version of the application wrote it."""
        known = {field.name for field in fields(cls)}
        return cls(**{"name": "", **{key: str(value) for key, value in kept.items() if key in known}})


#: What the register must be able to say for ever, also of somebody who was erased.
_MINIMUM = (
    "name", "programme", "course", "starts_on", "ends_on", "organisation", "parent_organisation", "place", "number",
    "decision_number", "decision_on", "issued_on", "signer_title", "signer_name",
)  # fmt: skip


def register_minimum(kept: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a certificate whose learner was erased: birth, unit, group, way and result are gone."""
    return {key: kept[key] for key in _MINIMUM if key in kept}
