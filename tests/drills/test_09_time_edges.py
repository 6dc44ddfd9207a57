"""Drill 9: the edges of time, to the millisecond, by a clock that stands still.

Each edge is a table of instants and answers. The same table is then put to a judge whose clock or limit is off by
one; the table must notice, else it proves nothing.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from classroom.attendance import rules
from classroom.attendance.rules import (
    CodeVerdict,
    Phase,
    Policy,
    Purpose,
    RegisterState,
    RoomCode,
    Schedule,
    Source,
    TypedCandidate,
    bucket_of,
    bucket_start,
    is_late,
    judge_room_code,
    match_typed,
    must_close_itself,
    new_grant,
    open_grant,
    parse_room_code,
    phase,
    room_code,
    seal_grant,
    typed_code,
)
from classroom.core.errors import Refusal
from tests.factories import vietnam

SESSION = "7KQ2M9XW0ABC"
SECRET = b"s" * 32
#: The last instant before.
JUST = timedelta(milliseconds=1)
SECOND = timedelta(seconds=1)
NOON = vietnam(12)
PERIODS = (5, 10, 60)
TYPED_STEP = 90

Table = list[tuple[str, object, object]]


def wrong(table: Table) -> list[str]:
    """The lines in which the answer is not the one that was promised."""
    return [f"{line}: {found}, not {promised}" for line, found, promised in table if found != promised]


# --- buckets of a rotating code ---

Judge = Callable[[RoomCode, bytes, datetime, int], CodeVerdict]


def code_table(judge: Judge) -> Table:
    ok, expired, future = CodeVerdict.OK, CodeVerdict.EXPIRED, CodeVerdict.FUTURE
    table: Table = []
    for period in PERIODS:
        bucket = bucket_of(NOON, period)
        begins, whole = bucket_start(bucket, period), timedelta(seconds=period)
        code = parse_room_code(room_code(SECRET, SESSION, Purpose.IN, bucket))
        assert code is not None
        lines = [
            ("one bucket before, its first instant", begins - whole, future),
            ("before it begins", begins - JUST, future),
            ("its first instant", begins, ok),
            ("its last instant", begins + whole - JUST, ok),
            ("bucket + 1, first instant", begins + whole, ok),
            ("bucket + 1, last instant", begins + 2 * whole - JUST, ok),
            ("bucket + 2, first instant", begins + 2 * whole, ok),
            ("bucket + 2, last instant", begins + 3 * whole - JUST, ok),
            ("bucket + 3, first instant", begins + 3 * whole, expired),
            ("yesterday's", begins + timedelta(days=1), expired),
        ]
        table += [(f"period {period}, {line}", judge(code, SECRET, at, period), due) for line, at, due in lines]
    return table


def shifted_by_buckets(count: int) -> Judge:
    return lambda code, secret, at, period: judge_room_code(
        code, secret, at + timedelta(seconds=count * period), period
    )


def test_a_code_is_good_in_its_bucket_and_the_two_after_it() -> None:
    assert wrong(code_table(judge_room_code)) == []


@pytest.mark.parametrize("count", [-1, 1])
def test_control_a_judge_who_is_one_bucket_off_is_noticed(count: int) -> None:
    assert len(wrong(code_table(shifted_by_buckets(count)))) >= len(PERIODS)


@pytest.mark.parametrize("accepted", [1, 3])
def test_control_a_judge_with_another_limit_is_noticed(accepted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules.codes, "EARLIER_ACCEPTED", accepted)

    assert len(wrong(code_table(judge_room_code))) >= len(PERIODS)


# --- two nodes whose clocks are two seconds apart ---

SKEWS = (-2, -1, 0, 1, 2)


def skewed_verdicts(skew: int, period: int) -> Iterator[tuple[float, CodeVerdict]]:
    """What a node that is `skew` seconds ahead says to a code, by the age of the code on the other's screen."""
    bucket = bucket_of(NOON, period)
    code = parse_room_code(room_code(SECRET, SESSION, Purpose.IN, bucket))
    assert code is not None
    for half_seconds in range(-10, 8 * period):
        age = half_seconds / 2
        at = bucket_start(bucket, period) + timedelta(seconds=age + skew)
        yield age, judge_room_code(code, SECRET, at, period)


def skew_table(skews: tuple[int, ...]) -> Table:
    """With clocks two seconds apart a code lives two seconds more or less, and whoever is told "not yet" need
    wait no longer than that.
    """
    table: Table = []
    for period in PERIODS:
        for skew in skews:
            for age, verdict in skewed_verdicts(skew, period):
                line = f"period {period}, {skew} s ahead, code {age} s old"
                if 2 <= age < 3 * period - 2:
                    table.append((line, verdict, CodeVerdict.OK))
                if age < -2:
                    table.append((line, verdict, CodeVerdict.FUTURE))
                if age >= 3 * period + 2:
                    table.append((line, verdict, CodeVerdict.EXPIRED))
    return table


def test_nodes_two_seconds_apart_agree_but_for_these_two_seconds() -> None:
    assert wrong(skew_table(SKEWS)) == []


@pytest.mark.parametrize("skew", [-3, 3])
def test_control_a_larger_skew_is_noticed(skew: int) -> None:
    assert wrong(skew_table((skew,))) != []


# --- the typed code's three minutes ---


def typed_table(shift: timedelta = timedelta()) -> Table:
    bucket = bucket_of(NOON, TYPED_STEP)
    appears = bucket_start(bucket, TYPED_STEP)
    code, candidate = typed_code(SECRET, bucket), TypedCandidate(SESSION, SECRET)
    lines = [
        ("before it appears", appears - JUST, None),
        ("as it appears", appears, SESSION),
        ("as the next one appears", appears + timedelta(seconds=90), SESSION),
        ("in the last instant of three minutes", appears + timedelta(minutes=3) - JUST, SESSION),
        ("after three minutes", appears + timedelta(minutes=3), None),
    ]
    return [(line, match_typed(code, [candidate], at + shift).session, due) for line, at, due in lines]


def test_a_typed_code_is_good_for_three_minutes() -> None:
    assert wrong(typed_table()) == []


@pytest.mark.parametrize("seconds", [-TYPED_STEP, -1, 1, TYPED_STEP])
def test_control_a_shifted_typed_code_is_noticed(seconds: int) -> None:
    assert wrong(typed_table(timedelta(seconds=seconds))) != []


# --- the grant's ten minutes ---


def opened(sealed: str, at: datetime) -> str:
    try:
        open_grant(sealed, "key", at, "cookie")
    except Refusal as refusal:
        return refusal.code
    return "ok"


def grant_table(shift: timedelta = timedelta()) -> Table:
    scanned_at = NOON + timedelta(microseconds=123_000)
    sealed = seal_grant(new_grant(SESSION, Purpose.IN, Source.ROOM_CODE, scanned_at, "cookie"), "key")
    lines = [
        ("on a node two seconds behind", scanned_at - 2 * SECOND, "ok"),
        ("at once", scanned_at, "ok"),
        ("after three minutes of typing", scanned_at + timedelta(minutes=3), "ok"),
        ("in the last instant of ten minutes", scanned_at + timedelta(minutes=10) - JUST, "ok"),
        ("after ten minutes", scanned_at + timedelta(minutes=10), "grant.expired"),
    ]
    return [(line, opened(sealed, at + shift), due) for line, at, due in lines]


def test_a_grant_is_good_for_ten_minutes() -> None:
    assert wrong(grant_table()) == []


@pytest.mark.parametrize("shift", [-JUST, JUST])
def test_control_a_shifted_grant_is_noticed(shift: timedelta) -> None:
    assert wrong(grant_table(shift)) != []


# --- on time or late ---

MORNING = Schedule(vietnam(7, 30), vietnam(11, 30))
POLICY = Policy(opens_before=timedelta(minutes=30), late_after=timedelta(minutes=15))


def late_table(policy: Policy) -> Table:
    lines = [
        ("half an hour early", vietnam(7), False),
        ("the start", vietnam(7, 30), False),
        ("the boundary minute begins", vietnam(7, 45), False),
        ("the boundary minute's last instant", vietnam(7, 46) - JUST, False),
        ("the minute after", vietnam(7, 46), True),
        ("the end", vietnam(11, 30), True),
    ]
    return [(line, is_late(at, MORNING, policy), due) for line, at, due in lines]


def test_the_whole_boundary_minute_is_on_time() -> None:
    assert wrong(late_table(POLICY)) == []


@pytest.mark.parametrize("minutes", [14, 16])
def test_control_another_boundary_is_noticed(minutes: int) -> None:
    assert wrong(late_table(Policy(late_after=timedelta(minutes=minutes)))) != []


# --- open and close, by the day of Việt Nam ---

MIDNIGHT = vietnam(0) + timedelta(days=1)


def sessions(time_zone: str) -> dict[str, Schedule]:
    of = partial(Schedule, time_zone=time_zone)
    return {
        "morning": of(vietnam(7, 30), vietnam(11, 30)),
        "afternoon": of(vietnam(13, 30), vietnam(17)),
        "until midnight": of(vietnam(20), MIDNIGHT),
        "past midnight": of(vietnam(22), MIDNIGHT + timedelta(hours=1)),
    }


def phase_table(time_zone: str = "Asia/Ho_Chi_Minh") -> Table:
    """07:00 in Việt Nam is midnight in UTC, and midnight in Việt Nam is 17:00 in UTC."""
    untouched, tapped = RegisterState(), RegisterState(opened_at=vietnam(6))
    closed = RegisterState(closed_at=vietnam(9))
    not_yet, is_open, over = Phase.NOT_YET, Phase.OPEN, Phase.CLOSED
    at = sessions(time_zone)
    lines = [
        ("morning", untouched, vietnam(7) - JUST, not_yet),
        ("morning", untouched, vietnam(7), is_open),
        ("morning", tapped, vietnam(6) - JUST, not_yet),
        ("morning", tapped, vietnam(6), is_open),
        ("morning", closed, vietnam(9) - JUST, is_open),
        ("morning", closed, vietnam(9), over),
        ("morning", untouched, MIDNIGHT - JUST, is_open),
        ("morning", untouched, MIDNIGHT, over),
        ("afternoon", untouched, datetime(2026, 10, 12, 17, tzinfo=UTC) - JUST, is_open),
        ("afternoon", untouched, datetime(2026, 10, 12, 17, tzinfo=UTC), over),
        ("until midnight", untouched, MIDNIGHT - JUST, is_open),
        ("until midnight", untouched, MIDNIGHT, over),
        ("past midnight", untouched, MIDNIGHT, is_open),
        ("past midnight", untouched, MIDNIGHT + timedelta(days=1) - JUST, is_open),
        ("past midnight", untouched, MIDNIGHT + timedelta(days=1), over),
    ]
    return [(f"{name}, {when}", phase(at[name], POLICY, state, when), due) for name, state, when, due in lines]


def auto_close_table(time_zone: str = "Asia/Ho_Chi_Minh") -> Table:
    lines = [
        ("morning", vietnam(11, 30), False),
        ("morning", MIDNIGHT - JUST, False),
        ("morning", MIDNIGHT, True),
        ("afternoon", MIDNIGHT - JUST, False),
        ("afternoon", MIDNIGHT, True),
        ("until midnight", MIDNIGHT - JUST, False),
        ("until midnight", MIDNIGHT, True),
        ("past midnight", MIDNIGHT, False),
        ("past midnight", MIDNIGHT + timedelta(days=1), True),
    ]
    at = sessions(time_zone)
    return [(f"{name}, {when}", must_close_itself(at[name], RegisterState(), when), due) for name, when, due in lines]


@pytest.mark.parametrize("table", [phase_table, auto_close_table])
def test_a_day_ends_at_midnight_in_vietnam(table: Callable[[], Table]) -> None:
    assert wrong(table()) == []


@pytest.mark.parametrize("table", [phase_table, auto_close_table])
@pytest.mark.parametrize("time_zone", ["UTC", "Asia/Tokyo"])
def test_control_days_of_another_zone_are_noticed(table: Callable[[str], Table], time_zone: str) -> None:
    assert wrong(table(time_zone)) != []
