"""How a print run is cut into files."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

CHUNK: Final = 500
"""Certificates in one file: what a printer takes, and what is made once more when a press breaks."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which certificates of a batch; what is None or 0 narrows nothing. Keys are inner ones."""

    class_id: int | None = None
    intake_id: int | None = None
    certificate_id: int | None = None
    #: Every folded spelling of one unit; empty for all units.
    unit_folds: tuple[str, ...] = ()
    first_serial: int = 0
    last_serial: int = 0
    #: What people call it: the class, the unit.
    name: str = ""

    def as_json(self) -> dict[str, Any]:
        """What is kept with the run."""
        return {**asdict(self), "unit_folds": list(self.unit_folds)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Scope":
        """The scope of a run that was kept."""
        return cls(**{**kept, "unit_folds": tuple(kept.get("unit_folds", ()))})

    @property
    def kind(self) -> str:
        """How runs of this kind are called in their table."""
        if self.certificate_id is not None:
            return "single"
        if self.class_id is not None:
            return "class"
        if self.intake_id is not None:
            return "intake"
        return "unit" if self.unit_folds else "batch"


@dataclass(frozen=True, slots=True)
class Chunk:
    """One file: its first and last number, and how many."""

    first: int
    last: int
    count: int


def chunks(serials: Sequence[int], size: int = CHUNK) -> list[Chunk]:
    """Numbers in rising order, cut into files."""
    parts = [serials[at : at + size] for at in range(0, len(serials), size)]
    return [Chunk(part[0], part[-1], len(part)) for part in parts]
