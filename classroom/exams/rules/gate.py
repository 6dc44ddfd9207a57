"""Who may begin an attempt: the paper's conditions, and what a trainer's yes lifts."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from classroom.exams.rules.terms import Terms
from classroom.exams.rules.timing import Hours


@dataclass(frozen=True, slots=True)
class Standing:
    """One learner before the door of one sitting.

    `attended` and `needed_sessions` are half-days of the course; `attempts_used` are attempts that were not annulled:
    in an ordinary sitting those at the paper anywhere, in a retake those in this sitting. `running` is one that goes on
    here. A pass is `pass_spent` once an attempt has begun after it was given.
    """

    present: bool
    attended: int = 0
    needed_sessions: int = 0
    attempts_used: int = 0
    passed_before: bool = False
    running: bool = False
    has_pass: bool = False
    pass_spent: bool = False
    enrolled: bool = True


@dataclass(frozen=True, slots=True)
class Bar:
    """A condition that is not met: `code` has words that say what fails and what to do, `details` fill them."""

    code: str
    details: Mapping[str, object] = field(default_factory=dict)


def entry_hours(hours: Hours, standing: Standing) -> Hours:
    """The times that hold for one learner at the door: an unused yes of the trainer's opens a closed entry window.

    A pause and the end of the sitting hold for everybody.
    """
    return replace(hours, entry_window=None) if standing.has_pass and not standing.pass_spent else hours


def gate(terms: Terms, standing: Standing, *, retake: bool) -> list[Bar]:
    """Everything that keeps the learner from beginning; an empty list for whoever may.

    Who runs an attempt already is let back into it. A trainer's pass lifts every bar, and gives one attempt more than
    the paper allows.
    """
    if standing.running or (standing.has_pass and not standing.pass_spent):
        return []
    bars = [] if standing.has_pass else _conditions(terms, standing, retake=retake)
    if standing.attempts_used >= terms.attempts_allowed:
        bars.append(Bar("gate.no_attempt_left", {"used": standing.attempts_used}))
    return bars


def _conditions(terms: Terms, standing: Standing, *, retake: bool) -> list[Bar]:
    if not standing.enrolled:
        return [Bar("gate.not_enrolled")]
    bars = []
    if terms.require_present and not standing.present:
        bars.append(Bar("gate.not_present"))
    if standing.attended < standing.needed_sessions:
        counts = {"attended": standing.attended, "needed": standing.needed_sessions}
        bars.append(Bar("gate.too_few_sessions", counts))
    if retake and standing.passed_before:
        bars.append(Bar("gate.passed_already"))
    return bars
