"""Times, weeks, plans and capacity, by tables."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.core.errors import Refusal
from classroom.sessions.rules.classes import check_capacity, effective_from
from classroom.sessions.rules.schedule import (
    PlannedSession,
    Span,
    default_plan,
    number_plan,
    shift_days,
    shift_plan,
    teaching_days,
)
from classroom.sessions.rules.times import (
    AFTERNOON,
    MORNING,
    Part,
    TimeRange,
    parse_ranges,
    part_of,
    spell_ranges,
)
from classroom.sessions.rules.weeks import Week
from tests.factories import vietnam

MONDAY, THURSDAY, SATURDAY = date(2026, 10, 12), date(2026, 10, 15), date(2026, 10, 17)
TWO = (TimeRange(time(7, 30), time(9, 15)), TimeRange(time(9, 30), time(11, 30)))


@pytest.mark.parametrize(
    "text",
    [
        "07:30-09:15, 09:30-11:30",
        "7:30 – 9:15; 9:30 – 11:30",
        "7h30-9h15 và 9h30-11h30",
        "9.30—11.30, 7.30—9.15",
        "7h30 đến 9h15,\n9h30 đến 11g30",
    ],
)
def test_times_are_read_the_way_people_write_them(text: str) -> None:
    assert parse_ranges(text) == TWO


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "times.missing"),
        (" , ", "times.missing"),
        ("7:30", "times.unreadable"),
        ("sáng", "times.unreadable"),
        ("7:30-9:15-10:00", "times.unreadable"),
        ("07:5-11:30", "times.unreadable"),
        ("11:30-7:30", "times.backwards"),
        ("7:30-7:30", "times.backwards"),
        ("7:30-25:00", "times.no_such_time"),
        ("7:60-9:00", "times.no_such_time"),
        ("7:30-9:30, 9:00-11:00", "times.overlap"),
    ],
)
def test_times_that_cannot_be_are_named(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_ranges(text)
    assert refused.value.code == code


@given(st.lists(st.times().map(lambda at: at.replace(second=0, microsecond=0)), min_size=2, max_size=8, unique=True))
def test_times_written_out_are_read_back(moments: list[time]) -> None:
    moments = sorted(moments[: len(moments) // 2 * 2])
    ranges = tuple(TimeRange(*pair) for pair in zip(moments[::2], moments[1::2], strict=True))
    assert parse_ranges(spell_ranges(ranges)) == ranges


@pytest.mark.parametrize(
    ("text", "part"),
    [("11:59-13:00", Part.MORNING), ("12:00-14:00", Part.AFTERNOON), ("17:30-20:00", Part.EVENING)],
)
def test_a_session_belongs_to_the_part_of_the_day_in_which_it_begins(text: str, part: Part) -> None:
    assert part_of(parse_ranges(text)) is part


def test_the_usual_plan_is_three_days_of_morning_and_afternoon() -> None:
    numbered = number_plan(default_plan(MONDAY, 3, (MORNING, AFTERNOON)))
    assert [(one.number, one.day_number, one.part.value) for one in numbered] == [
        (1, 1, "morning"),
        (2, 1, "afternoon"),
        (3, 2, "morning"),
        (4, 2, "afternoon"),
        (5, 3, "morning"),
        (6, 3, "afternoon"),
    ]


def test_a_plan_passes_over_the_weekend_unless_told_otherwise() -> None:
    assert [day.day for day in teaching_days(THURSDAY, 3)] == [15, 16, 19]
    assert [day.day for day in teaching_days(THURSDAY, 3, weekends=True)] == [15, 16, 17]


def test_a_plan_that_begins_on_a_saturday_means_the_weekend() -> None:
    assert {one.held_on.day for one in default_plan(SATURDAY, 2, (MORNING,))} == {17, 18}


def test_numbers_follow_the_clock_and_not_the_order_of_typing() -> None:
    late, early = PlannedSession(THURSDAY, MORNING), PlannedSession(MONDAY, AFTERNOON)
    assert [(one.number, one.plan) for one in number_plan([late, early])] == [(1, early), (2, late)]


@pytest.mark.parametrize(
    ("plan", "code"),
    [
        ([], "plan.empty"),
        ([PlannedSession(MONDAY, MORNING)] * 2, "plan.overlap"),
        ([PlannedSession(MONDAY, MORNING), PlannedSession(MONDAY, parse_ranges("11:00-12:00"))], "plan.overlap"),
        (default_plan(MONDAY, 31, (MORNING, AFTERNOON)), "plan.too_long"),
    ],
)
def test_a_plan_that_cannot_be_held_is_refused(plan: list[PlannedSession], code: str) -> None:
    with pytest.raises(Refusal) as refused:
        number_plan(plan)
    assert refused.value.code == code


def test_a_copied_plan_keeps_its_working_days() -> None:
    plan = default_plan(MONDAY, 3, (MORNING,))
    assert [one.held_on.day for one in shift_plan(plan, date(2026, 10, 22))] == [22, 23, 26]


def test_a_copied_weekend_plan_keeps_its_calendar_days() -> None:
    assert shift_days([SATURDAY, date(2026, 10, 18)], date(2026, 10, 22)) == {
        SATURDAY: date(2026, 10, 22),
        date(2026, 10, 18): date(2026, 10, 23),
    }


@given(st.lists(st.dates(date(2026, 1, 1), date(2026, 12, 31)), min_size=1, max_size=12), st.dates(date(2026, 1, 1)))
def test_a_copied_plan_begins_on_its_day_and_keeps_its_order(days: list[date], first: date) -> None:
    if first.year > 9000:
        return
    moved = shift_days(days, first)
    ordered = [moved[day] for day in sorted(moved)]
    assert ordered[0] == first
    assert ordered == sorted(set(ordered))


def test_spans_that_touch_do_not_overlap() -> None:
    morning, noon = Span(vietnam(7), vietnam(11)), Span(vietnam(11), vietnam(12))
    assert not morning.overlaps(noon)
    assert morning.overlaps(Span(vietnam(10, 59), vietnam(12)))


@pytest.mark.parametrize(
    ("text", "monday"),
    [
        ("2026-W42", date(2026, 10, 12)),
        ("2026-W1", date(2025, 12, 29)),
        ("2026-W53", date(2026, 12, 28)),
        ("2025-W53", None),
        ("2026-W00", None),
        ("0000-W01", None),
        ("tuần 42", None),
    ],
)
def test_weeks_are_counted_as_iso_counts_them(text: str, monday: date | None) -> None:
    week = Week.parse(text)
    assert (week and week.monday) == monday


def test_weeks_go_on_over_the_new_year() -> None:
    assert str(Week(2026, 53).shifted(1)) == "2027-W01"
    assert str(Week(2026, 1).shifted(-1)) == "2025-W52"


@pytest.mark.parametrize(
    ("capacity", "seats", "limit"), [(100, None, 0), (100, 120, 0), (101, 120, 100), (61, 60, 60), (60, 60, 0)]
)
def test_more_than_a_hundred_or_the_room_is_taken_only_knowingly(capacity: int, seats: int | None, limit: int) -> None:
    check_capacity(capacity, seats, knowingly=True)
    if not limit:
        check_capacity(capacity, seats, knowingly=False)
        return
    with pytest.raises(Refusal) as refused:
        check_capacity(capacity, seats, knowingly=False)
    assert (refused.value.code, refused.value.details["limit"]) == ("class.capacity_large", limit)


def test_who_comes_before_the_first_session_belongs_to_all_of_them() -> None:
    made, begins = vietnam(9, day=date(2026, 9, 1)), vietnam(7, 30)
    assert effective_from(made, begins, vietnam(7, 29)) == made
    assert effective_from(made, begins, vietnam(7, 30)) == vietnam(7, 30)
