"""The dry run: what a file would do to the records of an intake, in numbers and remarks."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from classroom.learners.rules import Severity
from classroom.online.rules.results import Effect, Known, ReadRow, Verdict, judge
from classroom.sessions.rules.roster import Problem

_SHOWN_OF_A_KIND = 50
_ORDER = (Severity.ERROR, Severity.CONFIRM, Severity.WARNING, Severity.INFO)


@dataclass(frozen=True, slots=True)
class Choices:
    """What a coordinator decided about a file, as the import keeps it."""

    sheet: int | None = None
    heading_row: int | None = None
    mapping: Mapping[str, Any] | None = None
    #: The order of day and month as a person said it; empty while the file speaks for itself.
    order: str = ""
    source: str = ""
    #: Kinds of proposals that are taken, and kinds of errors whose rows are left out.
    accepted: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    skipped: frozenset[int] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """What the import keeps."""
        return {
            "sheet": self.sheet, "heading_row": self.heading_row, "mapping": self.mapping, "order": self.order,
            "source": self.source, "accepted": sorted(self.accepted), "left_out": sorted(self.left_out),
            "skipped": sorted(self.skipped),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Choices":
        """Read back what `to_json` gave; nothing at all is no choice."""
        if not kept:
            return cls()
        sets: dict[str, Any] = {name: frozenset(kept[name]) for name in ("accepted", "left_out", "skipped")}
        plain: dict[str, Any] = {name: kept[name] for name in ("sheet", "heading_row", "mapping", "order", "source")}
        return cls(**plain, **sets)

    def deciding(self, verb: str, about: str) -> "Choices":
        """Follow one button of the page of problems."""
        if verb in ("skip", "keep"):
            row = frozenset({int(about)} if about.isascii() and about.isdecimal() and len(about) < 7 else ())
            return replace(self, skipped=self.skipped | row if verb == "skip" else self.skipped - row)
        kinds = {"accept": "accepted", "reject": "accepted", "leave": "left_out", "take": "left_out"}
        if verb not in kinds or not about:
            return self
        held: frozenset[str] = getattr(self, kinds[verb])
        changed = held | {about} if verb in ("accept", "leave") else held - {about}
        return replace(self, **{kinds[verb]: changed})  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Step:
    """One row, the record it is about, and what becomes of that."""

    row: ReadRow
    known: Known | None
    verdict: Verdict


def plan(
    rows: Iterable[ReadRow], known: Mapping[str, Known], choices: Choices, *, taken_at: datetime, keeps: str
) -> Iterator[Step]:
    """Judge every row against the record of its account."""
    for read in rows:
        row = replace(read, left_out=True) if read.number in choices.skipped else read
        record = known.get(row.key)
        verdict = judge(row, record, taken_at=taken_at, keeps=keeps)
        if record and record.retracted and verdict.effect is Effect.BETTER:
            note = Problem(row.number, "", "", "online.better_stays_retracted", Severity.WARNING, row.account)
            row = replace(row, problems=(*row.problems, note))
        elif record is None and verdict.effect is Effect.RETRACTED:
            note = Problem(row.number, "", "", "online.nothing_to_retract", Severity.WARNING, row.retracted)
            row = replace(row, problems=(*row.problems, note))
        yield Step(row, record, verdict)


@dataclass
class Summary:
    """Counts and remarks of a dry run, as they are kept beside the import."""

    counts: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, dict[str, Any]] = field(default_factory=dict)
    _people: set[str] = field(default_factory=set)

    def counting(self, steps: Iterable[Step], choices: Choices) -> Iterator[Step]:
        """Hand on what goes by, counted."""
        for step in steps:
            self.add(step, choices)
            yield step

    def add(self, step: Step, choices: Choices) -> None:
        """Count one row and keep the first remarks of each kind."""
        row = step.row
        self.counts["rows"] += 1
        self.counts[step.verdict.effect] += 1
        if not row.left_out:
            self._people.add(row.id_number or row.key)
        elif row.number in choices.skipped:
            self.counts["left_out_by_hand"] += 1
            if not row.problems:
                return
        errors = [problem for problem in row.problems if problem.severity is Severity.ERROR]
        undecided = errors and row.number not in choices.skipped
        if undecided and not all(problem.code in choices.left_out for problem in errors):
            self.counts["errors"] += 1
        for problem in row.problems:
            self._note(problem, row)

    def _note(self, problem: Problem, row: ReadRow) -> None:
        kind = self.kinds.setdefault(
            problem.code, {"code": problem.code, "severity": problem.severity.value, "count": 0, "first": []}
        )
        kind["count"] += 1
        if len(kind["first"]) < _SHOWN_OF_A_KIND:
            kind["first"].append({**problem_json(problem), "row": problem.row, "name": row.name or row.account})

    def to_json(self) -> dict[str, Any]:
        """What the pages show."""
        order = {severity.value: place for place, severity in enumerate(_ORDER)}
        kinds = sorted(self.kinds.values(), key=lambda kind: (order[kind["severity"]], kind["code"]))
        names = ("rows", "errors", "left_out_by_hand", *Effect)
        counts = {str(name): self.counts[name] for name in names}
        return {"counts": {**counts, "people": len(self._people)}, "kinds": kinds}


def problem_json(problem: Problem) -> dict[str, Any]:
    """A remark as an import's row keeps it."""
    said = {
        "code": problem.code, "severity": problem.severity.value, "column": problem.column,
        "heading": problem.heading, "value": problem.value, "proposal": problem.proposal,
        "details": dict(problem.details),
    }  # fmt: skip
    return {name: value for name, value in said.items() if value}
