"""Whether a paper can be sat as its author planned it: what stops it, and what deserves a second look."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from classroom.core.errors import Invalid, Refusal
from classroom.exams.rules.kinds import Content, flaws, option_ids
from classroom.exams.rules.terms import Terms

#: A question and its options are hardly read in less.
LEAST_SECONDS = 20
#: Letters on the answer sheet beyond J are easily mistaken.
MOST_LETTERS = 10
MOST_PARTS = 200
MOST_DRAWN = 200
MOST_POINTS = Decimal(1000)
#: The terms that are numbers, with the least and the most that makes sense.
RANGES = {
    "time_limit": (1, 480),
    "entry_window": (1, 480),
    "pass_percent": (0, 100),
    "scale": (1, 1000),
    "attempts_allowed": (1, 20),
    "require_sessions": (0, 100),
    "grace": (0, 120),
}


class Severity(StrEnum):
    """What a flaw does: keeps the paper from being opened, or only asks whether it is meant."""

    STOP = "stop"
    WARN = "warn"


@dataclass(frozen=True, slots=True)
class PaperFlaw:
    """What is wrong: a code `paper.*`, or `question.*` of rules.kinds for a question that may be drawn.

    `part` counts from 1 and `question` is a public id, where it is about one.
    """

    code: str
    severity: Severity
    details: Mapping[str, object] = field(default_factory=dict)
    part: int | None = None
    question: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that a part may ask, in its present version."""

    question_id: int
    version_id: int
    public_id: str
    label: str
    content: Content
    retired: bool = False
    #: It belongs to another course than the paper.
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One line of a paper with all that it may ask; `topic` is empty for a fixed question."""

    draw: int
    points: Decimal
    candidates: tuple[Candidate, ...]
    topic: str = ""

    @property
    def is_fixed(self) -> bool:
        """Whether it names its question."""
        return not self.topic


@dataclass(frozen=True, slots=True)
class Plan:
    """A paper as it stands now, with what its course plans."""

    parts: tuple[PlannedPart, ...]
    time_limit: int
    entry_window: int | None
    pass_percent: int
    scale: int
    require_sessions: int
    sessions_planned: int

    @property
    def questions(self) -> int:
        """How many questions every learner gets."""
        return sum(part.draw for part in self.parts)

    @property
    def total(self) -> Decimal:
        """The points of every learner's paper: the same for all, whatever is drawn."""
        return sum((part.points * part.draw for part in self.parts), Decimal())


def check(plan: Plan, *, printing: bool = False) -> list[PaperFlaw]:
    """Everything that deserves a look, what stops first; with `printing`, also what is hard to answer by pen."""
    found = [*_parts(plan), *_questions(plan), *_terms(plan)]
    if printing:
        found += _by_pen(plan)
    return sorted(found, key=lambda flaw: flaw.severity is not Severity.STOP)


def stops(plan: Plan) -> list[PaperFlaw]:
    """What keeps the paper from being opened or printed."""
    return [flaw for flaw in check(plan) if flaw.severity is Severity.STOP]


def check_ready(plan: Plan) -> None:
    """Raise Refusal `paper.not_ready` for a paper that cannot be sat as it stands."""
    if found := stops(plan):
        raise Refusal("paper.not_ready", count=len(found))


def check_terms(terms: Terms) -> None:
    """Raise Invalid for terms that no table could hold."""
    if not terms.title.strip():
        raise Invalid("paper.title_missing")
    for name, (least, most) in RANGES.items():
        value = getattr(terms, name)
        if value is not None and not least <= value <= most:
            raise Invalid("paper.out_of_range", least=least, most=most)


def check_line(draw: int, points: Decimal) -> None:
    """Raise Invalid for a part that draws nothing or far too much, or whose points cannot be kept exactly."""
    if not 1 <= draw <= MOST_DRAWN:
        raise Invalid("paper.draw_count", most=MOST_DRAWN)
    if not 0 < points <= MOST_POINTS or points != round(points, 5):
        raise Invalid("paper.points", most=spell_points(MOST_POINTS))


def available(parts: Sequence[PlannedPart], place: int) -> int:
    """How many questions the part at this place can draw from, after fixed ones and the parts before it."""
    fixed = {one.question_id for part in parts if part.is_fixed for one in part.candidates}
    part = parts[place]
    free = sum(1 for one in part.candidates if one.question_id not in fixed)
    return free - sum(before.draw for before in parts[:place] if before.topic == part.topic)


def spell_points(points: Decimal) -> str:
    """2,5: points as people write them, without places that say nothing."""
    whole = points.normalize()
    return f"{whole:f}".replace(".", ",")


def _stop(code: str, part: int | None = None, one: Candidate | None = None, **details: object) -> PaperFlaw:
    return PaperFlaw(code, Severity.STOP, details, part, one.public_id if one else "")


def _warn(code: str, **details: object) -> PaperFlaw:
    return PaperFlaw(code, Severity.WARN, details)


def _parts(plan: Plan) -> Iterator[PaperFlaw]:
    if not plan.parts:
        yield _stop("paper.no_parts")
        return
    for place, part in enumerate(plan.parts):
        if not part.is_fixed and (found := available(plan.parts, place)) < part.draw:
            details: dict[str, Any] = {"topic": part.topic, "needed": part.draw, "found": max(found, 0)}
            yield _stop("paper.topic_short", place + 1, **details)
    yield from _points(plan)


def _points(plan: Plan) -> Iterator[PaperFlaw]:
    if plan.total != plan.total.to_integral_value():
        yield _warn("paper.total_not_round", total=spell_points(plan.total))
    elif plan.total != plan.scale:
        yield _warn("paper.total_not_scale", total=spell_points(plan.total), scale=plan.scale)


def _questions(plan: Plan) -> Iterator[PaperFlaw]:
    fixed: set[int] = set()
    seen: set[int] = set()
    for number, part in enumerate(plan.parts, 1):
        for one in part.candidates:
            if part.is_fixed and one.question_id in fixed:
                yield _stop("paper.question_twice", number, one)
            if one.question_id not in seen:
                yield from _question(one, number)
            seen.add(one.question_id)
        fixed |= {one.question_id for one in part.candidates if part.is_fixed}


def _question(one: Candidate, part: int) -> Iterator[PaperFlaw]:
    if one.retired:
        yield _stop("paper.question_retired", part, one)
    if one.elsewhere:
        yield _stop("paper.question_elsewhere", part, one)
    for flaw in flaws(one.content):
        yield _stop(flaw.code, part, one, **flaw.details)


def _terms(plan: Plan) -> Iterator[PaperFlaw]:
    if plan.questions and plan.time_limit * 60 < LEAST_SECONDS * plan.questions:
        yield _warn("paper.time_short", seconds=plan.time_limit * 60 // plan.questions)
    if plan.pass_percent == 0:
        yield _warn("paper.everybody_passes")
    if plan.pass_percent == 100:
        yield _warn("paper.nothing_may_be_wrong")
    if plan.entry_window is not None and plan.entry_window < 1:
        yield _stop("paper.no_entry")
    if plan.entry_window is None or plan.entry_window >= plan.time_limit:
        yield _warn("paper.entry_long")
    if plan.require_sessions > plan.sessions_planned:
        yield _stop("paper.sessions_beyond", needed=plan.require_sessions, planned=plan.sessions_planned)


def _by_pen(plan: Plan) -> Iterator[PaperFlaw]:
    asked = {one.question_id: (number, one) for number, part in enumerate(plan.parts, 1) for one in part.candidates}
    for number, one in asked.values():
        content = one.content
        if not flaws(content) and len(option_ids(content.kind, content.body)) > MOST_LETTERS:
            details = {"most": MOST_LETTERS}
            yield PaperFlaw("paper.hard_by_pen", Severity.WARN, details, number, one.public_id)
