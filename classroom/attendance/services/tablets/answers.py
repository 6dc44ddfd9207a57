"""What a tablet is told about each item it sent."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Final:
    """An answer. What is `final` may leave the tablet; the rest is kept there and sent again.

    `outcome` is accepted, duplicate, refused, quarantined or proposed; `code` and `details` say why, in the words of
    refusals; `at` is when the learner counts as having come or gone.
    """

    uuid: str
    outcome: str
    code: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    name: str = ""
    unit: str = ""
    enrolment: str = ""
    learner_code: str = ""
    status: str = ""
    at: datetime | None = None
    guest: bool = False
    direction: str = "in"
    final: bool = True

    def packed(self) -> dict[str, Any]:
        """As JSON, to be kept and given again."""
        said = {**asdict(self), "details": {name: str(value) for name, value in self.details.items()}}
        said["at"] = self.at.isoformat() if self.at else None
        return {name: value for name, value in said.items() if value or name in {"final", "guest"}}

    def nameless(self) -> "Final":
        """The same, telling nobody's name."""
        details = {**self.details, "name": "–"} if "name" in self.details else self.details
        return replace(self, details=details, name="", unit="", enrolment="", learner_code="")

    def bare(self) -> "Final":
        """Of what counts, that it counts, and nothing else; all other answers as they are."""
        counts = self.outcome in {"accepted", "duplicate"}
        return Final(self.uuid, self.outcome, direction=self.direction) if counts else self

    @staticmethod
    def unpacked(stored: Mapping[str, Any]) -> "Final":
        """The answer that was kept."""
        at = stored.get("at")
        return Final(**{**stored, "at": datetime.fromisoformat(at) if at else None})


#: An answer, and the key of the scan that was written for it.
Handled = tuple[Final, int | None]


def not_yet(uuid: str, code: str) -> Final:
    """Nothing is decided: keep it, and send it again."""
    return Final(uuid, "", code, final=False)
