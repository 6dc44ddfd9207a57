"""The dry run: what an import would do, decided from the file, the choices and what is known, without writing."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from classroom.core.names import sort_key
from classroom.core.sheets import column_letter
from classroom.learners.rules import Severity
from classroom.sessions.rules.imports.choices import NEW_PERSON, Choices, problem_key
from classroom.sessions.rules.imports.identity import Evidence, Match, recognise_row, resemblances
from classroom.sessions.rules.imports.known import Known, KnownClass, KnownLearner, fingerprints
from classroom.sessions.rules.imports.lines import Line, SeatStep, Step, changes_for, seat_for
from classroom.sessions.rules.imports.plans import Plan
from classroom.sessions.rules.imports.reading import Reading
from classroom.sessions.rules.roster import Field, Problem, RosterRow

_REPEATED = "roster.repeated_id_number"


def make_plan(reading: Reading, choices: Choices, known: Known) -> Plan:
    """Decide every row; nothing in the result depends on the order in which the choices were made."""
    planner = _Planner(reading, choices, known)
    return Plan(planner.lines(), choices, known)


@dataclass(frozen=True, slots=True)
class _Judged:
    row: RosterRow
    training_class: KnownClass | None
    match: Match
    problems: tuple[Problem, ...]
    fingerprint: str


class _Planner:
    def __init__(self, reading: Reading, choices: Choices, known: Known) -> None:
        self.reading, self.choices, self.known = reading, choices, known
        self.target = None if choices.by_column else known.find_class(choices.target)

    def lines(self) -> list[Line]:
        """Judge what is certain of all rows first, so that nobody resembles somebody who is another row's."""
        judged = self._judge()
        taken = {one.match.learner.key for one in judged if one.match.learner}
        claimed: dict[int, int] = {}
        return [self._line(one, taken, claimed) for one in judged]

    def _judge(self) -> list[_Judged]:
        named = fingerprints(self.reading.rows)
        seen: dict[str, int] = {}
        judged = []
        for row in self.reading.rows:
            training_class, problems = self._class_of(row)
            mark = named[row.row]
            settled = self._settle(row, mark, training_class)
            match = recognise_row(settled, mark, training_class, self.known)
            problems += tuple(p for p in settled.problems if p.code != _REPEATED)
            if match.contradicts:
                problems += (self._problem(settled, Field.CODE, "code_of_another", settled.code),)
            if settled.row not in self.choices.skipped and settled.id_number:
                if earlier := seen.get(settled.id_number):
                    problems += (
                        self._problem(settled, Field.ID_NUMBER, "repeated_id_number", settled.id_number, earlier),
                    )
                seen.setdefault(settled.id_number, settled.row)
            judged.append(_Judged(settled, training_class, match, problems, mark))
        return judged

    def _settle(self, row: RosterRow, mark: str, training_class: KnownClass | None) -> RosterRow:
        """Follow proposals that were accepted, now or when the same person was imported before."""
        match = recognise_row(row, mark, training_class, self.known)

        def accepted(problem: Problem) -> bool:
            return problem_key(problem) in self.choices.accepted or _was_accepted(problem, row, match.learner)

        return row.settled(accepted)

    def _class_of(self, row: RosterRow) -> tuple[KnownClass | None, tuple[Problem, ...]]:
        if not self.choices.by_column:
            return self.target, ()
        code = row.class_code
        mapped = self.known.find_class(self.choices.classes.get(code, ""))
        found = mapped or self.known.find_class_by_code(code)
        if found and not found.cancelled:
            return found, ()
        reason = "class_cancelled" if found else "class_unknown" if code else "class_missing"
        return None, (self._problem(row, Field.CLASS, reason, code),)

    def _problem(self, row: RosterRow, held: Field, code: str, value: str, earlier: int = 0) -> Problem:
        column = self.reading.layout.column_of(held)
        place = "" if column is None else column_letter(column)
        heading = "" if column is None else self.reading.layout.headings.get(column, "")
        details: Mapping[str, object] = {"earlier_row": earlier} if earlier else {"value": value}
        return Problem(row.row, place, heading, f"roster.{code}", Severity.ERROR, value, details=details)

    def _line(self, one: _Judged, taken: set[int], claimed: dict[int, int]) -> Line:
        line = Line(
            one.row,
            Step.NEW,
            SeatStep.ENROL,
            one.training_class,
            one.match.learner,
            one.match.evidence,
            problems=one.problems,
            fingerprint=one.fingerprint,
        )
        if one.row.row in self.choices.skipped:
            return replace(line, step=Step.SKIPPED, seat_step=SeatStep.NONE)
        if any(problem.severity is Severity.ERROR for problem in one.problems):
            return replace(line, step=Step.ERROR, seat_step=SeatStep.NONE)
        line = self._answered(line, one.match, taken)
        if line.step is Step.QUESTION or line.learner is None:
            return line
        if earlier := claimed.get(line.learner.key):
            twice = self._problem(one.row, Field.NAME, "same_learner_twice", one.row.name, earlier)
            return replace(line, step=Step.ERROR, seat_step=SeatStep.NONE, problems=(*line.problems, twice))
        claimed[line.learner.key] = one.row.row
        return self._known(line, line.learner)

    def _answered(self, line: Line, match: Match, taken: set[int]) -> Line:
        """Ask who it is where somebody resembles the row, unless it has been answered."""
        if match.learner:
            return line
        candidates = match.candidates or resemblances(line.row, self.known, taken)
        if not candidates:
            return line
        line = replace(line, candidates=candidates, may_be_new=match.may_be_new)
        answer = self.choices.same.get(str(line.row.row), "")
        chosen = next((one for one in candidates if one.public_id == answer), None)
        if chosen:
            return replace(line, learner=chosen, evidence=Evidence.ANSWER)
        if answer == NEW_PERSON and match.may_be_new:
            return replace(line, evidence=Evidence.ANSWER)
        return replace(line, step=Step.QUESTION, seat_step=SeatStep.NONE)

    def _known(self, line: Line, learner: KnownLearner) -> Line:
        step, seat = SeatStep.NONE, None
        if line.training_class:
            moves = line.row.row in self.choices.moved
            step, seat = seat_for(learner, line.training_class, self.known, moves=moves, rejoined=self.choices.rejoined)
        of_class = seat if step in (SeatStep.HERE, SeatStep.LEFT, SeatStep.REJOIN) else None
        changes = changes_for(line.row, learner, of_class)
        return replace(line, step=Step.KNOWN, seat_step=step, seat=seat, changes=changes)


def _was_accepted(problem: Problem, row: RosterRow, learner: KnownLearner | None) -> bool:
    """A proposal that says what is known of the person already has been answered before."""
    if learner is None or row.sort_key != sort_key(learner.facts.name):
        return False
    name = row.unconfirmed[problem.code][0]
    proposed = getattr(row, name)
    return bool(proposed) and proposed == getattr(learner.facts, name)
