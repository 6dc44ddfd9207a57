"""Who may begin: every condition, and what a trainer's yes lifts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from classroom.exams.rules.gate import Standing, entry_hours, gate
from classroom.exams.rules.terms import Terms
from classroom.exams.rules.timing import Hours

TERMS = Terms("Kiểm tra", require_present=True, require_sessions=4)
GOOD = {"present": True, "attended": 4, "needed_sessions": 4}


def codes(terms: Terms = TERMS, *, retake: bool = False, **standing: object) -> list[str]:
    return [bar.code for bar in gate(terms, Standing(**{**GOOD, **standing}), retake=retake)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("standing", "retake", "expected"),
    [
        ({}, False, []),
        ({"present": False}, False, ["gate.not_present"]),
        ({"attended": 3}, False, ["gate.too_few_sessions"]),
        ({"present": False, "attended": 3}, False, ["gate.not_present", "gate.too_few_sessions"]),
        ({"attempts_used": 1}, False, ["gate.no_attempt_left"]),
        ({"enrolled": False, "present": False}, False, ["gate.not_enrolled"]),
        ({"passed_before": True}, False, []),
        ({"passed_before": True}, True, ["gate.passed_already"]),
        ({"passed_before": False}, True, []),
        ({"present": False, "running": True, "attempts_used": 1}, False, []),
        ({"present": False, "attended": 0, "has_pass": True}, False, []),
        ({"enrolled": False, "has_pass": True}, False, []),
        ({"attempts_used": 1, "has_pass": True}, False, []),
        ({"attempts_used": 2, "has_pass": True, "pass_spent": True}, False, ["gate.no_attempt_left"]),
    ],
)
def test_each_condition_bars_and_a_yes_lifts_it(standing: dict[str, object], retake: bool, expected: list[str]) -> None:
    assert codes(retake=retake, **standing) == expected


def test_a_spent_yes_still_lifts_the_other_conditions_while_attempts_are_left() -> None:
    twice = Terms("Kiểm tra", attempts_allowed=2)
    assert codes(twice, present=False, has_pass=True, pass_spent=True, attempts_used=1) == []


def test_a_paper_that_asks_for_nothing_lets_everybody_of_the_course_in() -> None:
    assert codes(Terms("Kiểm tra", require_present=False), present=False, attended=0, needed_sessions=0) == []


def test_the_bar_says_how_much_is_missing() -> None:
    (bar,) = gate(TERMS, Standing(present=True, attended=2, needed_sessions=4), retake=False)
    assert bar.details == {"attended": 2, "needed": 4}


@pytest.mark.parametrize(("standing", "opened"), [({}, False), ({"has_pass": True}, True),
                                                  ({"has_pass": True, "pass_spent": True}, False)])  # fmt: skip
def test_an_unused_yes_opens_the_entry_window(standing: dict[str, bool], opened: bool) -> None:
    hours = Hours(datetime(2026, 10, 14, 8, 30, tzinfo=UTC), timedelta(minutes=15), grace=timedelta(seconds=30))
    held = entry_hours(hours, Standing(present=True, **standing))
    assert held == (replace(hours, entry_window=None) if opened else hours)


def test_whoever_has_no_half_days_is_short_of_them() -> None:
    assert [bar.code for bar in gate(TERMS, Standing(present=True, needed_sessions=1), retake=False)] == [
        "gate.too_few_sessions"
    ]
