"""Who the people of a list for an intake are, decided without writing: the evidence is that of class lists."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from classroom.learners.rules import LearnerFacts, Severity
from classroom.sessions.rules.imports import (
    NEW_PERSON,
    Known,
    KnownLearner,
    facts_of_row,
    fingerprints,
    recognise_row,
    resemblances,
)
from classroom.sessions.rules.roster import Problem, RosterRow

#: The answer that a row is left out.
SKIP = "skip"
_REPEATED = "roster.repeated_id_number"


class Fate(StrEnum):
    """What becomes of a row."""

    KNOWN = "known"
    NEW = "new"
    #: They resemble somebody: a person must say whether it is the same one.
    ASKED = "asked"
    #: The same person stands in an earlier row.
    REPEATED = "repeated"
    PROBLEM = "problem"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One row with its fate; `learner` is who it is, `candidates` are those to choose from."""

    row: RosterRow
    fate: Fate
    learner: KnownLearner | None = None
    candidates: tuple[KnownLearner, ...] = ()
    may_be_new: bool = True

    @property
    def facts(self) -> LearnerFacts:
        """What the file says of a new person."""
        return facts_of_row(self.row)


@dataclass(frozen=True, slots=True)
class PeoplePlan:
    """What confirming a list would do; `answers` are by row number: a learner's public id, NEW_PERSON or SKIP."""

    lines: Sequence[PersonLine]
    answers: Mapping[int, str] = field(default_factory=dict)

    def having(self, fate: Fate) -> list[PersonLine]:
        """Rows of one fate, as they stand in the file."""
        return [line for line in self.lines if line.fate == fate]

    def counts(self) -> dict[str, int]:
        """How many rows there are of each fate."""
        found = Counter(line.fate for line in self.lines)
        return {fate.value: found[fate] for fate in Fate}

    def problems(self) -> list[Problem]:
        """Everything worth saying, errors first."""
        order = list(Severity)
        found = [problem for line in self.lines for problem in line.row.problems]
        return sorted(found, key=lambda one: (one.severity is not Severity.ERROR, order.index(one.severity), one.row))

    def digest(self) -> str:
        """Names this very result, so that what is confirmed is what was seen."""
        told = [
            [line.row.row, line.fate, line.learner.key if line.learner else 0, line.row.name] for line in self.lines
        ]
        return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]


def plan_people(
    rows: Sequence[RosterRow], known: Known, *, take_proposals: bool, answers: Mapping[int, str]
) -> PeoplePlan:
    """Decide every row. Proposals (a zero that Excel dropped) hold for the whole file or for none of it."""
    marks = fingerprints(rows)
    seen: set[object] = set()
    lines = []
    for given in rows:
        row = given.settled(lambda _problem: take_proposals)
        line = _decide(row, marks[row.row], known, answers.get(row.row, ""))
        who: object = line.learner.key if line.learner else (row.id_number or None)
        if line.fate in (Fate.KNOWN, Fate.NEW) and who is not None:
            if who in seen:
                line = PersonLine(row, Fate.REPEATED, line.learner)
            seen.add(who)
        lines.append(line)
    return PeoplePlan(lines, answers)


def _bars(problem: Problem) -> bool:
    """Who stands in the file twice is taken once; whatever else is wrong with a row keeps it out."""
    return problem.severity is Severity.ERROR and problem.code != _REPEATED


def _decide(row: RosterRow, mark: str, known: Known, answer: str) -> PersonLine:
    if answer == SKIP:
        return PersonLine(row, Fate.SKIPPED)
    match = recognise_row(row, mark, None, known)
    if match.contradicts or any(_bars(problem) for problem in row.problems):
        return PersonLine(row, Fate.PROBLEM)
    if match.learner:
        return PersonLine(row, Fate.KNOWN, match.learner)
    alike = match.candidates or resemblances(row, known, ())
    chosen = next((one for one in alike if one.public_id == answer), None)
    if chosen:
        return PersonLine(row, Fate.KNOWN, chosen)
    if alike and not (answer == NEW_PERSON and match.may_be_new):
        return PersonLine(row, Fate.ASKED, candidates=alike, may_be_new=match.may_be_new)
    return PersonLine(row, Fate.NEW)
