"""What a reading says about the value it was given, beside the value itself."""

import enum
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from classroom.core.sheets import Cell, CellKind

T = TypeVar("T")


class Severity(enum.StrEnum):
    """What has to happen before a value is used."""

    ERROR = "error"  # unusable: must be corrected, or its row left out
    CONFIRM = "confirm"  # a proposal that counts only once somebody has said yes
    WARNING = "warning"  # used as it is; somebody should look
    INFO = "info"  # put right without asking, or merely worth knowing


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth saying about a value; `code` is stable, `details` fill the placeholders of its words."""

    code: str
    severity: Severity
    proposal: str = ""
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A value with its findings. `value` follows a proposal; `unconfirmed` is what holds while nobody said yes."""

    value: T | None
    findings: tuple[Finding, ...] = ()
    unconfirmed: T | None = None

    @property
    def safe_value(self) -> T | None:
        """The value that may be used without anybody's confirmation."""
        waits = any(finding.severity is Severity.CONFIRM for finding in self.findings)
        return self.unconfirmed if waits else self.value


def as_cell(given: Cell | str) -> Cell:
    """Let typed text be read by the same rules as a file's cell."""
    if isinstance(given, Cell):
        return given
    return Cell(CellKind.TEXT, given) if given.strip() else Cell(CellKind.EMPTY)


def plain_text(cell: Cell) -> str:
    """Give the text of a cell with full-width digits made plain and invisible characters gone."""
    text = cell.text
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = unicodedata.normalize("NFKC", text)
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())
