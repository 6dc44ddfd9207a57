"""When check-in is open, and who is late."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.attendance.rules import (
    Phase,
    Policy,
    RegisterState,
    Schedule,
    check_editable,
    check_window,
    closes_at,
    day_end,
    is_late,
    must_close_itself,
    opens_at,
    phase,
)
from classroom.core.clock import instant
from classroom.core.errors import Refusal

HCM = "Asia/Ho_Chi_Minh"


def local(hour: int, minute: int = 0, second: int = 0, zone: str = HCM, day: int = 14) -> datetime:
    return instant(date(2026, 10, day), time(hour, minute, second), zone)


MORNING = Schedule(local(7, 30), local(11, 30))
POLICY = Policy()
TAPPED = RegisterState(opened_at=local(6, 45))
CLOSED = RegisterState(closed_at=local(11, 40))
SIGNED = RegisterState(closed_at=local(11, 40), signed_off_at=local(11, 50))


@pytest.mark.parametrize(
    ("at", "register", "refused"),
    [
        (local(6, 59, 59), RegisterState(), "scan.too_early"),
        (local(7), RegisterState(), None),
        (local(6, 44, 59), TAPPED, "scan.too_early"),
        (local(6, 45), TAPPED, None),
        (local(7, 10), RegisterState(opened_at=local(7, 20)), None),
        (local(12), RegisterState(), None),
        (local(23, 59, 59), RegisterState(), None),
        (local(0, 0, day=15), RegisterState(), "scan.too_late"),
        (local(11, 39, 59), CLOSED, None),
        (local(11, 40), CLOSED, "scan.too_late"),
        (local(7, 40, day=13), RegisterState(), "scan.too_early"),
        (local(7, 40, day=15), TAPPED, "scan.too_late"),
    ],
)
def test_a_scan_is_judged_by_when_it_was_made(at: datetime, register: RegisterState, refused: str | None) -> None:
    if refused is None:
        check_window(at, MORNING, POLICY, register)
        return
    with pytest.raises(Refusal) as refusal:
        check_window(at, MORNING, POLICY, register)
    assert refusal.value.code == refused


def test_who_comes_too_early_is_told_when_it_opens() -> None:
    with pytest.raises(Refusal) as refusal:
        check_window(local(6), MORNING, POLICY)
    assert refusal.value.details == {"opens_at": local(7)}


def test_who_comes_too_late_is_told_when_it_closed() -> None:
    with pytest.raises(Refusal) as refusal:
        check_window(local(12), MORNING, POLICY, CLOSED)
    assert refusal.value.details == {"closes_at": local(11, 40)}


def test_a_cancelled_session_takes_no_scan() -> None:
    cancelled = Schedule(MORNING.starts_at, MORNING.ends_at, cancelled=True)
    with pytest.raises(Refusal, match=r"scan\.cancelled"):
        check_window(local(7, 30), cancelled, POLICY)


@pytest.mark.parametrize(
    ("at", "register", "expected"),
    [
        (local(6, 59), RegisterState(), Phase.NOT_YET),
        (local(7), RegisterState(), Phase.OPEN),
        (local(6, 45), TAPPED, Phase.OPEN),
        (local(15), TAPPED, Phase.OPEN),
        (local(0, day=15), TAPPED, Phase.CLOSED),
        (local(11, 40), CLOSED, Phase.CLOSED),
        (local(12), SIGNED, Phase.SIGNED_OFF),
    ],
)
def test_the_phase_follows_from_taps_and_clock(at: datetime, register: RegisterState, expected: Phase) -> None:
    assert phase(MORNING, POLICY, register, at) is expected


@given(st.integers(-48 * 60, 48 * 60), st.sampled_from([RegisterState(), TAPPED, CLOSED]))
def test_open_means_that_a_scan_is_taken(minutes: int, register: RegisterState) -> None:
    at = MORNING.starts_at + timedelta(minutes=minutes)
    is_open = phase(MORNING, POLICY, register, at) is Phase.OPEN
    try:
        check_window(at, MORNING, POLICY, register)
    except Refusal:
        assert not is_open
    else:
        assert is_open


def test_a_cancelled_session_is_cancelled_whatever_was_tapped() -> None:
    cancelled = Schedule(MORNING.starts_at, MORNING.ends_at, cancelled=True)
    assert phase(cancelled, POLICY, SIGNED, local(8)) is Phase.CANCELLED
    assert not must_close_itself(cancelled, RegisterState(), local(12, day=20))


@pytest.mark.parametrize(
    ("at", "late"),
    [(local(7), False), (local(7, 45), False), (local(7, 45, 59), False), (local(7, 46), True), (local(9), True)],
)
def test_the_boundary_minute_is_on_time(at: datetime, late: bool) -> None:
    assert is_late(at, MORNING, POLICY) is late


def test_a_register_nobody_closed_closes_itself_at_local_midnight() -> None:
    assert not must_close_itself(MORNING, RegisterState(), local(23, 59, 59))
    assert must_close_itself(MORNING, RegisterState(), local(0, day=15))
    assert not must_close_itself(MORNING, CLOSED, local(0, day=15))


@pytest.mark.parametrize(
    ("schedule", "end"),
    [
        (MORNING, datetime(2026, 10, 14, 17, 0, tzinfo=UTC)),
        (Schedule(local(19), local(0, day=15)), local(0, day=15)),
        (Schedule(local(22), local(1, day=15)), local(0, day=16)),
        (
            Schedule(local(8, zone="Europe/Berlin", day=25), local(12, zone="Europe/Berlin", day=25), "Europe/Berlin"),
            datetime(2026, 10, 25, 23, 0, tzinfo=UTC),
        ),
        (
            Schedule(local(23, zone="Pacific/Apia", day=14), local(23, 30, zone="Pacific/Apia"), "Pacific/Apia"),
            datetime(2026, 10, 14, 11, 0, tzinfo=UTC),
        ),
    ],
)
def test_the_day_ends_at_midnight_where_the_class_is(schedule: Schedule, end: datetime) -> None:
    assert day_end(schedule) == closes_at(schedule) == end


def test_a_later_tap_does_not_open_later_than_the_clock() -> None:
    assert opens_at(MORNING, POLICY, RegisterState(opened_at=local(7, 25))) == local(7)


@pytest.mark.parametrize(
    ("register", "may_override", "reason", "refused"),
    [
        (RegisterState(), False, "no phone", None),
        (CLOSED, False, "no phone", None),
        (CLOSED, False, "  ", "mark.reason_missing"),
        (SIGNED, False, "no phone", "register.signed_off"),
        (SIGNED, True, "", "mark.reason_missing"),
        (SIGNED, True, "paper sheet", None),
    ],
)
def test_sign_off_locks_for_all_but_coordinators_with_a_reason(
    register: RegisterState, may_override: bool, reason: str, refused: str | None
) -> None:
    if refused is None:
        check_editable(MORNING, register, may_override=may_override, reason=reason)
        return
    with pytest.raises(Refusal) as refusal:
        check_editable(MORNING, register, may_override=may_override, reason=reason)
    assert refusal.value.code == refused
