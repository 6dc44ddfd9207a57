"""The results of a sitting as lines of a table, the same for page, spreadsheet and paper."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from classroom.exams.queries.class_list import Member
from classroom.exams.queries.results import Adjusted, Go, Results, Sat
from classroom.exams.rules.analysis import Summary, summary
from classroom.exams.rules.charts import Histogram, bins_of, draw_histogram
from classroom.exams.rules.marking import scaled


@dataclass(frozen=True, slots=True)
class Line:
    """One attempt, or a learner without any; `state` is absent, excused (passed before a retake), running, finished or
    annulled. `score` is on the paper's scale; `counts` says whether this is the learner's result. Where all sittings
    of the paper are looked at, `elsewhere` is another one than that of the sheet, and `retake` says thi lại.
    """

    learner: str
    code: str
    name: str
    unit: str
    born: date | int | None
    attended: int
    guest: bool
    state: str
    attempt: str = ""
    number: int = 0
    source: str = ""
    mark: Decimal | None = None
    out_of: Decimal | None = None
    score: Decimal | None = None
    outcome: str = ""
    minutes: int | None = None
    how: str = ""
    adjusted: Sequence[Adjusted] = ()
    counts: bool = False
    retake: bool = False
    elsewhere: Sat | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """A sitting in numbers, of what counts; scores are on the paper's scale."""

    expected: int
    sat: int
    passed: int
    failed: int
    absent: int
    running: int
    #: Learners all of whose attempts were annulled.
    annulled: int
    scores: Summary


def result_lines(results: Results, members: Sequence[Member], here: int | None = None) -> list[Line]:
    """The class in Vietnamese order; of several attempts the one that counts comes first.

    `here` is the sitting whose sheet it is, where results are those of all sittings of the paper.
    """
    first = next(iter(results.sittings)) if here is None else here
    scale = results.sittings[first].terms.get("scale", results.paper.scale)
    goes: dict[int, list[Go]] = defaultdict(list)
    for go in results.attempts:
        goes[go.learner_id].append(go)
    lines = []
    for member in members:
        counted = results.counted.get(member.learner_id)
        theirs = sorted(goes[member.learner_id], key=lambda go: (go is not counted, go.started_at, go.number))
        shown = [_attempt(member, go, scale, counts=go is counted) for go in theirs]
        if here is not None:
            shown = [_placed(line, results, go, here) for line, go in zip(shown, theirs, strict=True)]
        lines += shown or [_missing(member)]
    return lines


def _placed(line: Line, results: Results, go: Go, here: int) -> Line:
    sat = results.sittings[go.sitting_id]
    retake = sat.retake or sat.paper_id != results.paper.id
    return replace(line, retake=retake, elsewhere=None if sat.id == here else sat)


def totals(lines: Sequence[Line]) -> Totals:
    """The sitting in numbers; every learner counts once."""
    counted = [line for line in lines if line.counts]
    absent = {line.learner for line in lines if line.state == "absent"}
    living = {line.learner for line in lines if line.state in {"running", "finished"}}
    annulled = {line.learner for line in lines if line.state == "annulled"} - living
    outcomes = [line.outcome for line in counted]
    return Totals(
        expected=len(absent | living | annulled),
        sat=len(counted),
        passed=outcomes.count("pass"),
        failed=outcomes.count("fail"),
        absent=len(absent),
        running=len({line.learner for line in lines if line.state == "running"}),
        annulled=len(annulled),
        scores=summary([line.score for line in counted if line.score is not None]),
    )


def histogram_of(counted: Mapping[int, Go], scale: int, pass_percent: int) -> Histogram:
    """What counts, as a drawing."""
    marks: dict[str, list[tuple[Decimal, Decimal]]] = {"pass": [], "fail": []}
    for go in counted.values():
        if go.mark is not None and go.out_of is not None:
            marks[go.outcome].append((go.mark, go.out_of))
    return draw_histogram(bins_of(marks["fail"], marks["pass"], scale), scale, pass_percent)


def _missing(member: Member) -> Line:
    return Line(*_who(member), state="excused" if member.passed_before else "absent")


def _attempt(member: Member, go: Go, scale: int, *, counts: bool) -> Line:
    minutes = None
    if go.finished_at is not None and go.source != "paper":
        minutes = round((go.finished_at - go.started_at).total_seconds() / 60)
    return Line(
        *_who(member),
        state=go.state,
        attempt=go.public_id,
        number=go.number,
        source=go.source,
        mark=go.mark,
        out_of=go.out_of,
        score=None if go.mark is None or go.out_of is None else scaled(go.mark, go.out_of, scale),
        outcome=go.outcome,
        minutes=minutes,
        how=go.finished_how,
        adjusted=go.adjusted,
        counts=counts,
    )


def _who(member: Member) -> tuple[str, str, str, str, date | int | None, int, bool]:
    return (
        member.public_id, member.code, member.name, member.unit, member.born, member.attended, not member.on_roster,
    )  # fmt: skip
