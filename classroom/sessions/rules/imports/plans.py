"""The result of a dry run, counted."""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from classroom.core.names import sort_key
from classroom.learners.rules import Severity
from classroom.sessions.rules.imports.choices import Choices, problem_key
from classroom.sessions.rules.imports.known import Known, KnownClass, KnownLearner, KnownSeat
from classroom.sessions.rules.imports.lines import Line, SeatStep, Step
from classroom.sessions.rules.roster import Problem


@dataclass(frozen=True, slots=True)
class Removal:
    """Somebody in a class of the file whom the file no longer lists; stays unless `ticked`."""

    seat: KnownSeat
    learner: KnownLearner
    training_class: KnownClass
    ticked: bool


@dataclass(frozen=True, slots=True)
class Room:
    """How full a class will be."""

    training_class: KnownClass
    before: int
    after: int
    agreed: bool

    @property
    def is_over(self) -> bool:
        """Whether there will be more people than the class is for, because of this import."""
        return self.after > self.training_class.capacity and self.after > self.before


@dataclass(frozen=True)
class Plan:
    """What an import will do, line by line and in numbers."""

    lines: Sequence[Line]
    choices: Choices
    known: Known

    def having(self, step: Step) -> list[Line]:
        """List the lines of one step."""
        return [line for line in self.lines if line.step is step]

    def seated(self, step: SeatStep) -> list[Line]:
        """List the lines of one step about the place."""
        return [line for line in self.lines if line.seat_step is step]

    @cached_property
    def changed(self) -> list[Line]:
        """Lines of known learners of whom the file says something else."""
        known = self.having(Step.KNOWN)
        return [line for line in known if line.changes and line.seat_step not in (SeatStep.STAYS, SeatStep.LEFT)]

    @cached_property
    def problems(self) -> list[Problem]:
        """Everything worth saying about rows that were not left out."""
        return [problem for line in self.lines if line.step is not Step.SKIPPED for problem in line.problems]

    @cached_property
    def open_proposals(self) -> list[Problem]:
        """Proposals that nobody accepted, so that the row's own value holds."""
        return [
            problem
            for line in self.lines
            if line.step is not Step.SKIPPED
            for problem in line.problems
            if problem.severity is Severity.CONFIRM and not self.is_followed(problem, line)
        ]

    def is_followed(self, problem: Problem, line: Line) -> bool:
        """Whether the line follows this proposal."""
        if problem_key(problem) in self.choices.accepted:
            return True
        name, kept = line.row.unconfirmed.get(problem.code, ("", None))
        return bool(name) and getattr(line.row, name) != kept

    @cached_property
    def classes(self) -> list[KnownClass]:
        """The classes that the file is about, by code."""
        if not self.choices.by_column:
            found = self.known.find_class(self.choices.target)
            return [found] if found else []
        touched = {line.training_class.key: line.training_class for line in self.lines if line.training_class}
        return sorted(touched.values(), key=lambda one: one.code)

    @cached_property
    def removals(self) -> list[Removal]:
        """Those in a class of the file whom no row is, nor could be."""
        present = {line.learner.key for line in self.lines if line.learner}
        present |= {one.key for line in self.lines for one in line.candidates}
        unsure = {line.row.sort_key for line in self.lines if line.step in (Step.SKIPPED, Step.ERROR)}
        return [
            Removal(seat, learner, training_class, seat.public_id in self.choices.removed)
            for training_class in self.classes
            for seat in self.known.taken(training_class)
            if seat.learner not in present
            and (learner := self.known.learners[seat.learner])
            and sort_key(learner.facts.name) not in unsure
        ]

    @property
    def removed(self) -> list[Removal]:
        """Those who will really leave."""
        return [removal for removal in self.removals if removal.ticked]

    @cached_property
    def rooms(self) -> list[Room]:
        """How full each class of the file will be."""
        coming = Counter(line.training_class.key for line in self.lines if line.takes_seat and line.training_class)
        leaving = Counter(removal.training_class.key for removal in self.removed)
        leaving.update(line.seat.class_key for line in self.seated(SeatStep.MOVES) if line.seat)
        rooms = []
        for one in self.classes:
            before = len(self.known.taken(one))
            after = before + coming[one.key] - leaving[one.key]
            rooms.append(Room(one, before, after, one.public_id in self.choices.over_capacity))
        return rooms

    @property
    def changes_nothing(self) -> bool:
        """Whether everything that the file says is so already."""
        return not (self.changed or self.removed or any(line.takes_seat for line in self.lines))

    def obstacle(self) -> tuple[str, dict[str, Any]] | None:
        """The first thing that must be decided before anything can be written, as a refusal's code and details."""
        if not self.choices.by_column and not self.classes:
            return "import.class_needed", {}
        if not self.lines:
            return "import.nobody", {}
        if any(one.cancelled for one in self.classes):
            return "import.class_cancelled", {}
        if errors := self.having(Step.ERROR):
            return "import.problems_open", {"count": len(errors)}
        if questions := self.having(Step.QUESTION):
            return "import.questions_open", {"count": len(questions)}
        if over := [room for room in self.rooms if room.is_over and not room.agreed]:
            return "import.over_capacity", {"class_code": over[0].training_class.code}
        return None

    def counts(self) -> dict[str, int]:
        """Numbers for people and for the history."""
        return {
            "rows": len(self.lines),
            "new": len(self.having(Step.NEW)),
            "known": len(self.having(Step.KNOWN)),
            "enrolled": sum(line.takes_seat for line in self.lines),
            "here": len(self.seated(SeatStep.HERE)),
            "moved": len(self.seated(SeatStep.MOVES)),
            "elsewhere": len(self.seated(SeatStep.STAYS)),
            "left": len(self.seated(SeatStep.LEFT)),
            "changed": len(self.changed),
            "removed": len(self.removed),
            "skipped": len(self.having(Step.SKIPPED)),
            "errors": len(self.having(Step.ERROR)),
            "questions": len(self.having(Step.QUESTION)),
        }

    def digest(self) -> str:
        """Name the state that was shown, so that another one is not confirmed unseen; ticks apart."""
        shown = [
            [
                line.row.row,
                line.learner.key if line.learner else 0,
                line.seat.key if line.seat else 0,
                line.training_class.key if line.training_class else 0,
                {name: [str(old), str(new)] for name, (old, new) in line.changes.items()},
            ]
            for line in self.lines
        ]
        rest = [[removal.seat.key for removal in self.removals], [room.before for room in self.rooms]]
        return hashlib.sha256(json.dumps([shown, rest], sort_keys=True).encode()).hexdigest()[:32]
