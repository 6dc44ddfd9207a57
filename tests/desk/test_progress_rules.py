"""Funnels and who is to be called."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from classroom.attendance.rules import Status
from classroom.attendance.rules.sat import SatCourse, SatHalfDay
from classroom.core.clock import instant
from classroom.desk.rules.progress import Known, OnlineLine, Progress, weigh

ISSUED, ZONE = date(2026, 10, 1), "Asia/Ho_Chi_Minh"
LAST_SECOND = datetime(2026, 10, 11, 16, 59, 59, tzinfo=UTC)


def limits(day: date, days: int) -> tuple[datetime, datetime]:
    return instant(day, time(), ZONE), instant(day + timedelta(days + 1), time(), ZONE)


def sat(marks: str, ended: bool = False) -> SatCourse:
    """p: present, a: absent, o: held and unmarked, .: to come."""
    statuses = {"p": Status.PRESENT, "a": Status.ABSENT}
    halves = tuple(
        SatHalfDay(number, ISSUED, "morning", False, mark != ".", statuses.get(mark))
        for number, mark in enumerate(marks, 1)
    )
    return SatCourse(7, "L01", ended, halves)


def online(day: date, *lines: OnlineLine, known: Known | None = None) -> Progress:
    return weigh(known or Known(5, 50), {}, lines, day, limits)


def line(learner: int = 1, intake: int = 3, **facts: object) -> OnlineLine:
    return OnlineLine(learner, intake, 10, **{"issued_on": ISSUED, **facts})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("day", "reasons"),
    [(8, []), (9, ["online.ending"]), (11, ["online.ending"]), (12, ["online.over"])],
)
def test_day_eight_of_ten_is_at_risk_and_the_day_after_the_last_is_over(day: int, reasons: list[str]) -> None:
    found = online(date(2026, 10, day), line(progress=Decimal(40)))
    assert [one.reasons for one in found.risks] == [reasons] * bool(reasons)


def test_the_last_second_of_day_ten_is_in_time_and_one_later_is_not() -> None:
    found = online(date(2026, 10, 20), line(completed_at=LAST_SECOND))
    assert (found.online.enough, found.risks) == (1, [])
    found = online(date(2026, 10, 20), line(completed_at=LAST_SECOND + timedelta(seconds=1)))
    assert found.online.enough == 0
    assert found.risks[0].reasons == ["online.late"]


@pytest.mark.parametrize(
    ("marks", "reasons"),
    [
        ("pp....", []),
        ("pa....", []),
        ("ppapp.", []),
        ("aa....", ["rooms.unreachable"]),
        ("oo....", ["rooms.unreachable"]),
        ("ppppp.", []),
    ],
)
def test_rooms_are_at_risk_once_the_half_days_cannot_be_reached(marks: str, reasons: list[str]) -> None:
    found = weigh(Known(5), {1: sat(marks)}, [], ISSUED, limits)
    assert [one.reasons for one in found.risks] == [reasons] * bool(reasons)


def test_two_absences_are_told_while_the_half_days_are_within_reach() -> None:
    found = weigh(Known(4), {1: sat("aap...")}, [], ISSUED, limits)
    assert found.risks[0].reasons == ["rooms.absent"]
    assert found.risks[0].sessions == 3


def test_a_failed_test_and_an_open_match_are_told() -> None:
    known = Known(5, tests={1: "fail"}, held={1, 99})
    found = weigh(known, {1: sat("pppppp")}, [], ISSUED, limits)
    assert [one.reasons for one in found.risks] == [["test.failed", "held.match"]]


def test_who_is_certified_or_passes_is_called_for_nothing() -> None:
    known = Known(5, 50, tests={1: "fail"}, decided={1: "pass"}, certified={2}, held={2})
    found = weigh(known, {1: sat("aaaaaa")}, [line(2)], date(2026, 11, 1), limits)
    assert found.risks == []


def test_every_step_is_counted_for_rooms_and_online_apart() -> None:
    known = Known(5, 50, tests={1: "pass", 2: "fail"}, decided={1: "pass", 3: "pass"}, certified={3})
    places = {1: sat("pppppp"), 2: sat("p....."), 4: sat("......"), 5: sat("pp....", ended=True)}
    lines = [
        line(3, completed_at=LAST_SECOND, score=Decimal(50), progress=Decimal(100)),
        line(6, score=Decimal("49.9"), progress=Decimal(1)),
        line(7, reported=False),
        line(1, intake=4, progress=Decimal(0)),
    ]
    found = weigh(known, places, lines, ISSUED, limits)
    rooms, net = found.rooms, found.online
    assert (rooms.invited, rooms.active, rooms.enough, rooms.tested, rooms.passed, rooms.certified) == (
        3,
        2,
        1,
        1,
        1,
        0,
    )
    assert (net.invited, net.active, net.enough, net.tested, net.passed, net.certified) == (4, 2, 1, 1, 2, 1)
    assert (found.both, found.classes[7].invited, found.intakes[3].invited, found.intakes[4].invited) == (1, 3, 3, 1)


def test_two_accounts_of_one_person_count_once_in_the_whole() -> None:
    found = online(date(2026, 10, 20), line(1, 3), line(1, 4, completed_at=LAST_SECOND))
    assert (found.online.invited, found.online.enough, found.risks) == (1, 1, [])
    assert (found.intakes[3].enough, found.intakes[4].enough) == (0, 1)
