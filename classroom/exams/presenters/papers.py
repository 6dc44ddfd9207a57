"""Papers in words: terms, parts, what the check found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext, ngettext

from classroom.exams.models import Paper
from classroom.exams.rules.papers import Candidate, PaperFlaw, Plan, PlannedPart, Severity, available, spell_points
from classroom.exams.rules.terms import Counts, ShowScore, Terms
from classroom.web.words import say


@dataclass(frozen=True, slots=True)
class PartShown:
    """One line of a paper; `question` is a public id, `left` how many questions a topic still has for it."""

    number: int
    name: str
    question: str
    kind: str
    draw: int
    left: int | None
    points: str
    sum: str
    short: bool


@dataclass(frozen=True, slots=True)
class FlawShown:
    """A finding of the check in words, with the question that it is about."""

    stops: bool
    words: str
    part: int | None
    question: str
    label: str


def parts_shown(plan: Plan) -> list[PartShown]:
    """The lines of a paper as they stand."""
    return [_part(plan.parts, place) for place in range(len(plan.parts))]


def flaws_shown(plan: Plan, flaws: Sequence[PaperFlaw]) -> list[FlawShown]:
    """What the check found, in words."""
    labels = {one.public_id: one.label for part in plan.parts for one in part.candidates}
    return [
        FlawShown(
            flaw.severity is Severity.STOP,
            say(flaw.code, flaw.details),
            flaw.part,
            flaw.question,
            labels.get(flaw.question, ""),
        )
        for flaw in flaws
    ]


def terms_in_words(terms: Terms, plan: Plan) -> list[tuple[str, str]]:
    """Name and sentence of each term."""
    return [
        (gettext("Time"), _time(terms)),
        (gettext("Pass mark"), _pass_mark(terms, plan)),
        (gettext("Full mark"), gettext("%(scale)s on result sheets", scale=terms.scale)),
        (gettext("Attempts"), _attempts(terms)),
        (gettext("Who may begin"), _who(terms)),
        (gettext("On the phone"), _layout(terms)),
        (gettext("Order"), _order(terms)),
        (gettext("Afterwards"), _afterwards(terms)),
    ]


def state_of(paper: Paper, stopping: int) -> tuple[str, str, str]:
    """Word, tone and icon of a paper's state."""
    if paper.retired_at is not None:
        return gettext("Retired"), "muted", "archive"
    if stopping:
        return gettext("Not ready"), "attention", "exclamation-triangle-fill"
    return gettext("Ready"), "success", "check-circle-fill"


def _part(parts: Sequence[PlannedPart], place: int) -> PartShown:
    part = parts[place]
    only: Candidate | None = part.candidates[0] if part.is_fixed else None
    left = None if only else max(available(parts, place), 0)
    return PartShown(
        place + 1,
        only.label if only else part.topic,
        only.public_id if only else "",
        only.content.kind.value if only else "",
        part.draw,
        left,
        spell_points(part.points),
        spell_points(part.points * part.draw),
        short=left is not None and left < part.draw,
    )


def _time(terms: Terms) -> Any:
    time = ngettext("%(num)s minute", "%(num)s minutes", terms.time_limit)
    if terms.entry_window is None:
        return gettext("%(time)s; one may begin until the test is ended", time=time)
    window = ngettext("%(num)s minute", "%(num)s minutes", terms.entry_window)
    return gettext("%(time)s; one may begin within %(window)s of the opening", time=time, window=window)


def _pass_mark(terms: Terms, plan: Plan) -> Any:
    needed = spell_points(plan.total * terms.pass_percent / 100)
    return gettext(
        "%(percent)s %% (%(needed)s of %(total)s points)",
        percent=terms.pass_percent,
        needed=needed,
        total=spell_points(plan.total),
    )


def _attempts(terms: Terms) -> Any:
    if terms.attempts_allowed == 1:
        return gettext("one")
    which = {
        Counts.BEST: gettext("the best counts"),
        Counts.LAST: gettext("the last counts"),
        Counts.FIRST: gettext("the first counts"),
    }[terms.counts]
    return gettext("%(count)s; %(which)s", count=terms.attempts_allowed, which=which)


def _who(terms: Terms) -> Any:
    rules = []
    if terms.require_present:
        rules.append(gettext("who is marked present in this session"))
    if terms.require_sessions:
        sessions = ngettext("%(num)s half-day", "%(num)s half-days", terms.require_sessions)
        rules.append(gettext("who has attended at least %(sessions)s", sessions=sessions))
    return "; ".join(rules) or gettext("everybody in the class")


def _layout(terms: Terms) -> Any:
    layout = gettext("one question at a time") if terms.layout == "one" else gettext("all questions on one page")
    return gettext("%(layout)s; a practice question first", layout=layout) if terms.practice else layout


def _order(terms: Terms) -> Any:
    shuffled = {
        (True, True): gettext("questions and options are shuffled"),
        (True, False): gettext("questions are shuffled, options stand as written"),
        (False, True): gettext("questions stand in the order of the paper, options are shuffled"),
        (False, False): gettext("everything stands as written"),
    }
    return shuffled[terms.shuffle_questions, terms.shuffle_options]


def _afterwards(terms: Terms) -> Any:
    score = {
        ShowScore.AT_ONCE: gettext("learners see their result at once"),
        ShowScore.AFTER_END: gettext("learners see their result when the test has ended"),
        ShowScore.NEVER: gettext("learners do not see their result"),
    }[terms.show_score]
    answers = (
        gettext("right answers are shown after the last sitting of all classes")
        if terms.show_answers
        else gettext("right answers are not shown")
    )
    return f"{score}; {answers}"
