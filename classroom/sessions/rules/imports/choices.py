"""What a coordinator has decided about a file: kept beside it until the import is confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from classroom.sessions.rules.roster import Layout, Problem

#: Each row goes into the class that its "Lớp" column names.
BY_COLUMN = "column"
#: The answer that a row is nobody we know.
NEW_PERSON = "new"


def problem_key(problem: Problem) -> str:
    """Name a problem so that a decision about it can be kept."""
    return f"{problem.row}:{problem.code}"


@dataclass(frozen=True, slots=True)
class Choices:
    """Decisions by row number of the file; classes, learners and enrolments by public id."""

    sheet: int = 0
    layout: Mapping[str, Any] | None = None
    #: A class, BY_COLUMN, or "" as long as nobody has said where the people go.
    target: str = ""
    #: Whether text in an old encoding is read as Unicode.
    convert: bool = False
    #: Cells typed anew, by "row:column".
    corrections: Mapping[str, str] = field(default_factory=dict)
    skipped: frozenset[int] = frozenset()
    accepted: frozenset[str] = frozenset()
    #: Which class a code in the file means, where it is none of ours.
    classes: Mapping[str, str] = field(default_factory=dict)
    #: Row → the learner it is, or NEW_PERSON.
    same: Mapping[str, str] = field(default_factory=dict)
    #: Rows whose learners are to leave another class of the course for this one.
    moved: frozenset[int] = frozenset()
    #: Ended enrolments that are to live again.
    rejoined: frozenset[str] = frozenset()
    #: Enrolments to end, because the file no longer lists them.
    removed: frozenset[str] = frozenset()
    #: Classes that may hold more than their capacity.
    over_capacity: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        """Let what came from JSON compare as what was made here."""
        for name in ("skipped", "accepted", "moved", "rejoined", "removed", "over_capacity"):
            object.__setattr__(self, name, frozenset(getattr(self, name)))

    @property
    def by_column(self) -> bool:
        """Whether the file says which class each row belongs to."""
        return self.target == BY_COLUMN

    def read_layout(self) -> Layout | None:
        """Give the layout as it was recognised or corrected."""
        return Layout.from_json(self.layout) if self.layout else None

    def for_sheet(self, sheet: int, layout: Layout) -> "Choices":
        """Turn to another sheet or layout; what was decided about rows of another sheet is forgotten."""
        kept = self if sheet == self.sheet else Choices(target=self.target, convert=self.convert)
        return replace(kept, sheet=sheet, layout=layout.to_json())

    def accepting(self, keys: Iterable[str]) -> "Choices":
        """Follow these proposals."""
        return replace(self, accepted=self.accepted | set(keys))

    def rejecting(self, keys: Iterable[str]) -> "Choices":
        """Keep what stands in the file instead of these proposals."""
        return replace(self, accepted=self.accepted - set(keys))

    def skipping(self, rows: Iterable[int]) -> "Choices":
        """Leave these rows out."""
        return replace(self, skipped=self.skipped | set(rows))

    def keeping(self, rows: Iterable[int]) -> "Choices":
        """Take rows back in."""
        return replace(self, skipped=self.skipped - set(rows))

    def correcting(self, cells: Mapping[str, str]) -> "Choices":
        """Read typed text instead of these cells."""
        return replace(self, corrections={**self.corrections, **cells})

    def restoring(self, place: str) -> "Choices":
        """Read a cell as it stands in the file again."""
        return replace(self, corrections={key: text for key, text in self.corrections.items() if key != place})

    def mapping_classes(self, classes: Mapping[str, str]) -> "Choices":
        """Say which class a code of the file means."""
        return replace(self, classes={**self.classes, **classes})

    def to_json(self) -> dict[str, Any]:
        """Give what can be kept in the database."""
        return {
            "sheet": self.sheet,
            "layout": self.layout,
            "target": self.target,
            "convert": self.convert,
            "corrections": dict(self.corrections),
            "skipped": sorted(self.skipped),
            "accepted": sorted(self.accepted),
            "classes": dict(self.classes),
            "same": dict(self.same),
            "moved": sorted(self.moved),
            "rejoined": sorted(self.rejoined),
            "removed": sorted(self.removed),
            "over_capacity": sorted(self.over_capacity),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        """Read back what `to_json` gave."""
        return cls(**kept)
