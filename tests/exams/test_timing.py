"""Deadlines: the server's clock, pauses, extensions, the grace for what was on its way."""

from datetime import UTC, datetime, timedelta

import pytest

from classroom.core.errors import Refusal
from classroom.exams.rules.timing import (
    Answered,
    Hours,
    check_entry,
    deadline,
    extended,
    first_deadline,
    is_due,
    is_over,
    judge_answer,
    resumed,
    time_left,
)

OPENED = datetime(2026, 10, 14, 8, 30, tzinfo=UTC)
DEADLINE = OPENED + timedelta(minutes=45)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
HOURS = Hours(OPENED, timedelta(minutes=15), timedelta(seconds=10))
PAUSED = Hours(OPENED, timedelta(minutes=15), timedelta(seconds=10), paused_at=OPENED + 40 * MINUTE)


def test_the_first_deadline_holds_what_a_learner_is_given_besides() -> None:
    assert first_deadline(OPENED, 45 * MINUTE) == DEADLINE
    assert first_deadline(OPENED, 45 * MINUTE, 10 * MINUTE) == DEADLINE + 10 * MINUTE


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (-SECOND, Answered.COUNTS),
        (timedelta(), Answered.COUNTS),
        (10 * SECOND, Answered.COUNTS),
        (10 * SECOND + timedelta(microseconds=1), Answered.LATE),
        (11 * SECOND, Answered.LATE),
    ],
)
def test_an_answer_counts_until_the_grace_is_over(after: timedelta, verdict: Answered) -> None:
    assert judge_answer(DEADLINE, HOURS, DEADLINE + after) is verdict
    assert is_due(DEADLINE, HOURS, DEADLINE + after) is (verdict is Answered.LATE)


def test_the_time_is_up_at_the_deadline_itself() -> None:
    assert not is_over(DEADLINE, HOURS, DEADLINE - timedelta(microseconds=1))
    assert is_over(DEADLINE, HOURS, DEADLINE)


def test_a_pause_makes_the_deadline_wait_as_long_as_it_lasts() -> None:
    at = OPENED + 60 * MINUTE
    assert deadline(DEADLINE, PAUSED, at) == DEADLINE + 20 * MINUTE
    assert time_left(DEADLINE, PAUSED, at) == 5 * MINUTE
    assert judge_answer(DEADLINE, PAUSED, at) is Answered.COUNTS
    assert resumed(DEADLINE, OPENED + 40 * MINUTE, at) == DEADLINE + 20 * MINUTE


def test_a_clock_that_steps_back_in_a_pause_takes_no_time_away() -> None:
    assert resumed(DEADLINE, OPENED + 40 * MINUTE, OPENED + 39 * MINUTE) == DEADLINE


def test_more_time_counts_from_the_deadline_while_it_runs_and_from_now_once_it_has_passed() -> None:
    assert extended(DEADLINE, HOURS, DEADLINE - 5 * MINUTE, 10 * MINUTE) == DEADLINE + 10 * MINUTE
    assert extended(DEADLINE, HOURS, DEADLINE + 5 * MINUTE, 10 * MINUTE) == DEADLINE + 15 * MINUTE


def test_more_time_in_a_pause_is_not_spent_by_the_pause() -> None:
    at = OPENED + 60 * MINUTE
    longer = extended(DEADLINE, PAUSED, at, 10 * MINUTE)
    assert longer == DEADLINE + 10 * MINUTE
    assert time_left(longer, PAUSED, at) == 15 * MINUTE
    expired = OPENED + 30 * MINUTE
    assert time_left(extended(expired, PAUSED, at, 10 * MINUTE), PAUSED, at) == 10 * MINUTE


def test_nothing_is_left_after_the_end_and_never_less() -> None:
    assert time_left(DEADLINE, HOURS, DEADLINE + MINUTE) == timedelta()


@pytest.mark.parametrize(
    ("hours", "at", "code"),
    [
        (HOURS, OPENED + 15 * MINUTE, "sitting.entry_over"),
        (PAUSED, OPENED + MINUTE, "sitting.paused"),
        (Hours(OPENED, None, SECOND, ended_at=OPENED + 50 * MINUTE), OPENED + 50 * MINUTE, "sitting.ended"),
        (Hours(OPENED, None, SECOND, ended_at=OPENED + 50 * MINUTE), OPENED + 51 * MINUTE, "sitting.ended"),
    ],
)
def test_who_comes_too_late_is_told_why(hours: Hours, at: datetime, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_entry(hours, at)
    assert refused.value.code == code
    assert refused.value.details.get("closed_at", OPENED + 15 * MINUTE) == OPENED + 15 * MINUTE


def test_the_door_is_open_until_the_last_instant_of_the_window() -> None:
    check_entry(HOURS, OPENED + 15 * MINUTE - timedelta(microseconds=1))
    check_entry(Hours(OPENED, None, SECOND), OPENED + timedelta(hours=3))
